// When the word about the home screen is right.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isTheMoment } from "../../static/js/phone/installing.js";

const RECEIPT = { visit: "v1" };
const UNTOUCHED = { id: "v2", state: "draft" };

test("the home screen is offered after the first received visit", () => {
  assert.equal(isTheMoment([], [], [], undefined), false);
  assert.equal(isTheMoment([RECEIPT], [{ id: "v1", state: "sent" }, UNTOUCHED], [], undefined), true);
});

test("never while a visit is being written or waits to be sent: another store might not have it", () => {
  assert.equal(isTheMoment([RECEIPT], [{ ...UNTOUCHED, touched: 1 }], [], undefined), false);
  assert.equal(isTheMoment([RECEIPT], [], [{ id: "m" }], undefined), false);
});

test("who says not now is not asked again", () => assert.equal(isTheMoment([RECEIPT], [], [], 1_790_000_000_000), false));
