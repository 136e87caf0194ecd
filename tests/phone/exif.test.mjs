// When and where a photo was taken, from the bytes of a camera.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readExif } from "../../static/js/phone/exif.js";

/** A JPEG with an EXIF block of these folders: [[tag, type, count, value or bytes]]. Little-endian, like most phones. */
function jpeg({ exif = [], gps = [] }) {
  const bytes = new DataView(new ArrayBuffer(600));
  let spare = 200;
  const at = 12; // after the JPEG's own first bytes
  const folder = (where, rows) => {
    bytes.setUint16(at + where, rows.length, true);
    rows.forEach(([tag, type, count, value], n) => {
      const row = at + where + 2 + n * 12;
      bytes.setUint16(row, tag, true);
      bytes.setUint16(row + 2, type, true);
      bytes.setUint32(row + 4, count, true);
      if (typeof value === "number") return bytes.setUint32(row + 8, value, true);
      const room = value.length * (type === 5 ? 8 : 1);
      const to = room > 4 ? ((spare += room), spare - room) : row + 8 - at;
      if (room > 4) bytes.setUint32(row + 8, to, true);
      [...value].forEach((one, i) => {
        if (type === 5) {
          bytes.setUint32(at + to + i * 8, one * 100, true);
          bytes.setUint32(at + to + i * 8 + 4, 100, true);
        } else bytes.setUint8(at + to + i, one.charCodeAt(0));
      });
    });
  };
  bytes.setUint32(0, 0xffd8ffe1);
  bytes.setUint16(4, 590);
  bytes.setUint32(6, 0x45786966);
  bytes.setUint16(at, 0x4949);
  bytes.setUint16(at + 2, 42, true);
  bytes.setUint32(at + 4, 8, true);
  folder(8, [[0x8769, 4, 1, 40], [0x8825, 4, 1, 100]]);
  folder(40, exif);
  folder(100, gps);
  return bytes.buffer;
}

const TAKEN = [0x9003, 2, 20, "2026:11:21 13:05:09\0"];
const PLACE = [[1, 2, 2, "N\0"], [2, 5, 3, [47, 30, 0]], [3, 2, 2, "W\0"], [4, 5, 3, [8, 43, 12]], [31, 5, 1, [14]]];

test("the moment with the camera's own zone", () => {
  assert.deepEqual(readExif(jpeg({ exif: [TAKEN, [0x9011, 2, 7, "+02:00\0"]] })), { at: "2026-11-21T13:05:09+02:00" });
});

test("the moment with the phone's zone where the camera gives none", () => {
  assert.equal(readExif(jpeg({ exif: [TAKEN] }), -60).at, "2026-11-21T13:05:09+01:00");
  assert.equal(readExif(jpeg({ exif: [TAKEN] }), 210).at, "2026-11-21T13:05:09-03:30");
});

test("the place in degrees, west below zero, with its metres", () => {
  assert.deepEqual(readExif(jpeg({ gps: PLACE })).position, { latitude: 47.5, longitude: -8.72, accuracy_m: 14 });
});

for (const [what, bytes] of [
  ["nothing at all", new ArrayBuffer(0)],
  ["a PNG", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]).buffer],
  ["a JPEG cut in its EXIF", jpeg({ exif: [TAKEN], gps: PLACE }).slice(0, 90)],
  ["a moment that is none", jpeg({ exif: [[0x9003, 2, 20, "2026:99:99 13:05:09\0"]] })],
  ["a place that is none", jpeg({ gps: [[2, 5, 3, [147, 0, 0]], [4, 5, 3, [8, 0, 0]]] })],
  ["a place of zeros", jpeg({ gps: [[2, 5, 3, [0, 0, 0]], [4, 5, 3, [0, 0, 0]]] })],
]) {
  test(`${what} says nothing`, () => assert.deepEqual(readExif(bytes), {}));
}
