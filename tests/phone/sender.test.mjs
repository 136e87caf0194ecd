// What an answer of the server means for a row of the outbox, and what is proved before a row may leave.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sha256 } from "../../static/js/phone/hashing.js";
import { uuid7 } from "../../static/js/phone/numbering.js";
import { call, isDue, sendRow, verdictOn, waitAfter } from "../../static/js/phone/sender.js";

const ROW = { id: "m", visit: "v", address: "/visits/v/submission", method: "PUT", type: "application/json", body: '{"a":"é"}', tries: 0, next: 0 };
const SHA = await sha256(new TextEncoder().encode(ROW.body));
const RECEIPT = { id: "m", sha256: SHA, received_at: "2026-11-21T14:07:00+00:00", photos: 1 };

/** A server that gives these answers in turn, and notes what it was asked. */
function server(...answers) {
  const asked = [];
  const ask = async (address, options) => {
    asked.push(`${options.method} ${address}`);
    const [status, tree = {}, headers = {}] = answers.shift();
    if (status === 0) throw new TypeError("no network");
    return { status, ok: status < 300, json: async () => tree, text: async () => tree, headers: new Headers(headers) };
  };
  return { ask, asked };
}

for (const [status, verdict] of [
  [200, "kept"],
  [201, "kept"],
  [409, "clash"],
  [424, "photos"],
  [401, "sign-in"],
  [403, "sign-in"],
  [408, "later"],
  [429, "later"],
  [500, "later"],
  [507, "later"],
  [400, "attention"],
  [404, "attention"],
  [413, "attention"],
  [422, "attention"],
]) {
  test(`${status} means ${verdict}`, () => assert.equal(verdictOn(status), verdict));
}

test("waits double from two seconds to a quarter of an hour, apart from each other", () => {
  assert.deepEqual([0, 1, 2, 30].map((tries) => waitAfter(tries, 1)), [2_000, 4_000, 8_000, 900_000]);
  assert.equal(waitAfter(0, 0), 1_000);
});

test("the server may ask for a longer wait, up to the longest", () => {
  assert.equal(waitAfter(0, 1, 60), 60_000);
  assert.equal(waitAfter(0, 1, 86_400), 900_000);
  assert.equal(waitAfter(0, 1, NaN), 2_000);
});

test("a wait longer than the longest means that the clock was changed: it is due", () => {
  assert.equal(isDue({ next: 1_000 }, 2_000), true);
  assert.equal(isDue({ next: 3_000 }, 2_000), false);
  assert.equal(isDue({ next: 2_000 + 900_001 }, 2_000), true);
});

test("what needs attention is not tried by itself", () => assert.equal(isDue({ next: 0, attention: "422" }, 9), false));

test("a receipt with the hash of what was sent lets the row leave", async () => {
  const { ask } = server([201, { receipt: RECEIPT }]);
  assert.deepEqual(await sendRow(ROW, ask), { state: "kept", receipt: RECEIPT });
});

test("a receipt for other bytes proves nothing", async () => {
  const { ask } = server([200, { receipt: { ...RECEIPT, sha256: "0".repeat(64) } }]);
  assert.equal((await sendRow(ROW, ask)).state, "attention");
});

test("a page in place of a receipt proves nothing", async () => {
  const { ask } = server([200, {}]);
  assert.equal((await sendRow(ROW, ask)).state, "attention");
});

test("photos that are missing are sent, and then the words again", async () => {
  const { ask, asked } = server([424, { missing: ["p1", "p2"] }], [201], [200], [200, { receipt: RECEIPT }]);
  const outcome = await sendRow(ROW, ask, async () => ({ bytes: new ArrayBuffer(1), type: "image/jpeg" }));
  assert.equal(outcome.state, "kept");
  assert.deepEqual(asked, ["PUT /visits/v/submission", "PUT /visits/v/photos/p1", "PUT /visits/v/photos/p2", "PUT /visits/v/submission"]);
});

test("a photo that is gone from the phone needs attention, and the row stays", async () => {
  const { ask } = server([424, { missing: ["p1"] }]);
  assert.deepEqual(await sendRow(ROW, ask, async () => undefined), { state: "attention", why: "photo" });
});

test("a server that misses the same photos for ever is tried later, not for ever", async () => {
  const missing = [424, { missing: ["p1"] }];
  const { ask } = server(missing, [201], missing, [201], missing);
  assert.equal((await sendRow(ROW, ask, async () => ({ bytes: new ArrayBuffer(1), type: "" }))).state, "later");
});

test("a photo that meets a busy server waits with its row", async () => {
  const { ask } = server([424, { missing: ["p1"] }], [503]);
  assert.equal((await sendRow(ROW, ask, async () => ({ bytes: new ArrayBuffer(1), type: "" }))).state, "later");
});

test("other content under the same id: the receipt of the first is kept, and the row is flagged", async () => {
  const { ask } = server([409, { receipt: RECEIPT }]);
  assert.deepEqual(await sendRow(ROW, ask), { state: "clash", receipt: RECEIPT });
});

test("how long to wait is told by the server", async () => {
  const { ask } = server([503, {}, { "Retry-After": "30" }]);
  assert.deepEqual(await sendRow(ROW, ask), { state: "later", seconds: 30 });
});

test("stop and leave needs no receipt, but a page of ours", async () => {
  const { ask } = server([200, '<link href="/static/0123456789ab/css/phone.css">'], [200, "<h1>Welcome to our hotel</h1>"], [404, ""]);
  for (const state of ["kept", "later", "attention"]) assert.equal((await sendRow({ ...ROW, plain: 1 }, ask)).state, state);
});

test("an answer that stops in the middle is waited for no longer than one that never comes", async () => {
  const { setTimeout: later } = globalThis;
  let end;
  globalThis.setTimeout = (work, wait) => (assert.equal(wait, 30_000), (end = work));
  globalThis.fetch = async (address, { signal }) => ({
    json: () => new Promise((done, fail) => signal.addEventListener("abort", () => fail(signal.reason))),
  });
  const body = call("/me").then((answer) => answer.json());
  globalThis.setTimeout = later;
  await new Promise((turn) => setImmediate(turn));
  end();
  await assert.rejects(body, { name: "AbortError" });
});

test("ids sort by the moment they were made, and are never the same", () => {
  assert.match(uuid7(0), /^00000000-0000-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(uuid7(1_700_000_000_000) < uuid7(1_700_000_000_001));
  assert.notEqual(uuid7(5), uuid7(5));
});
