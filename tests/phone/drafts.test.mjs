// The envelope that the phone makes, and what the server's copy may change in the phone's.

import assert from "node:assert/strict";
import { test } from "node:test";

import { envelope, merged, sameTree } from "../../static/js/phone/drafts.js";
import { cameBack } from "../../static/js/phone/opening.js";

const DRAFT = { id: "v", n: 3, base: "", checklist: "welcome", version: 1 };
const row = (question, tree, fresh = 0) => ({ draft: "v", question, tree, fresh, edit: 1 });

test("an envelope has the shape of the contract", () => {
  const answers = [row("greeted", { value: "no", comment: "She slept.", photos: ["p1"] }), row("taken_back", {}), row("front", { photos: ["p1", "p2"] })];
  const marks = [{ draft: "v", name: "enter", at: "2026-11-21T12:00:00.000Z", tick: 5, page: 1, known: 1 }];
  assert.deepEqual(envelope(DRAFT, answers, marks, "m", "phone-1"), {
    msg_id: "m",
    visit_id: "v",
    device: "phone-1",
    n: 3,
    base: null,
    checklist: "welcome",
    version: 1,
    answers: { greeted: { value: "no", comment: "She slept.", photos: ["p1"] }, taken_back: {}, front: { photos: ["p1", "p2"] } },
    marks: [{ name: "enter", at: "2026-11-21T12:00:00.000Z" }],
    photos: ["p1", "p2"],
  });
});

test("a position, or why there is none, goes along with its moment", () => {
  const position = { latitude: 47.5, longitude: 8.7, accuracy_m: 12 };
  const marks = [{ name: "enter", at: "x", position }, { name: "leave", at: "y", refused: "no" }];
  assert.deepEqual(envelope(DRAFT, [], marks, "m", "d").marks, [{ name: "enter", at: "x", position }, { name: "leave", at: "y", refused: "no" }]);
});

test("a visit came back if the page says so and shows what this phone had not seen when it sent", () => {
  const sent = { state: "sent", sent: "m2", base: "h1" };
  assert.ok(cameBack(sent, "m2", true), "as it was sent");
  assert.ok(cameBack(sent, "h3", true), "another device changed it since");
  assert.ok(!cameBack(sent, "h1", true), "a copy of its page from before it was sent again");
  assert.ok(!cameBack(sent, "m2", false), "the page does not say so");
  assert.ok(!cameBack({ ...sent, state: "draft" }, "m2", true), "it is being mended already");
  assert.ok(!cameBack({ ...sent, state: "queued" }, "m2", true), "it waits to be sent again");
});

test("the server's copy fills in what the phone has not touched", () => {
  assert.deepEqual(merged([row("a", { value: "yes" })], { a: { value: "no" }, b: { value: "2" } }), { a: { value: "no" }, b: { value: "2" } });
});

test("an answer on its way to the server is never replaced", () => {
  assert.deepEqual(merged([row("a", { value: "yes" }, 1)], { a: { value: "no" } }), {});
});

test("an answer that another device took back goes here too, unless it was changed here", () => {
  assert.deepEqual(merged([row("a", { value: "yes" }), row("b", { value: "no" }, 1)], {}), { a: {} });
});

test("the same answer spelled otherwise is no change", () => {
  assert.ok(sameTree({ value: "3", comment: "x", facts: [] }, { comment: "x", value: 3, photos: [] }));
  assert.ok(sameTree({ value: { b: "1", a: "2" } }, { value: { a: "2", b: "1" } }));
  assert.ok(!sameTree({ photos: ["a"] }, { photos: ["b"] }));
  assert.ok(!sameTree({ value: ["a", "b"] }, { value: ["a"] }));
});
