// Photos are made small in every browser that we promise them in: those before 2023 turn them upright unasked.

import assert from "node:assert/strict";
import { test } from "node:test";

const PHOTO = { size: 4_000_000, type: "image/jpeg", arrayBuffer: async () => new ArrayBuffer(64) };
const SMALL = { size: 3, arrayBuffer: async () => new ArrayBuffer(3) };

/** What the worker answers where pictures are opened in this way; the sizes of the papers it drew on. */
async function shrink(opening) {
  const papers = [];
  globalThis.createImageBitmap = opening;
  globalThis.OffscreenCanvas = class {
    constructor(width, height) {
      papers.push([width, height]);
    }
    getContext = () => ({ fillRect() {}, drawImage() {} });
    convertToBlob = async () => SMALL;
  };
  const answered = new Promise((done) => (globalThis.self = { postMessage: done }));
  await import(`../../static/js/phone/shrinking.js?${Math.random()}`);
  self.onmessage({ data: { ticket: 1, file: PHOTO } });
  return { answer: await answered, papers };
}

const upright = { width: 3000, height: 4000, close() {} };

async function knowsNoWord(file, options) {
  if (options) throw new TypeError("The provided value 'from-image' is not a valid enum value of type ImageOrientation.");
  return upright;
}

test("a photo is made small where a browser is asked to turn it upright", async () => {
  const { answer, papers } = await shrink(async (file, options) => (options?.imageOrientation === "from-image" ? upright : { ...upright, width: 4000, height: 3000 }));
  assert.equal(answer.trouble, undefined);
  assert.deepEqual([answer.decoded, answer.bytes.byteLength, ...papers], [true, 3, [1200, 1600]]);
});

test("a photo is made small where a browser does it unasked, and does not know the word for it", async () => {
  const { answer, papers } = await shrink(knowsNoWord);
  assert.equal(answer.trouble, undefined);
  assert.deepEqual([answer.decoded, answer.bytes.byteLength, ...papers], [true, 3, [1200, 1600]]);
});

test("a file that no browser can open is no photo", async () => {
  const { answer } = await shrink(async () => {
    throw new TypeError("InvalidStateError");
  });
  assert.match(answer.trouble, /no photo/);
});
