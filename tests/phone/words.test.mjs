// Progress in words, the next open question, what was written, and the position as it is sent.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { oddityOf, plainValue } from "../../static/js/visit/answers.js";
import { secondsBetween } from "../../static/js/visit/marking.js";
import { written } from "../../static/js/visit/position.js";
import { leftIn, nextOpen, progressWords } from "../../static/js/visit/progress.js";

const WORDS = { progress: "Section {n} of {total} – {left} left", done: "Section {n} of {total} – nothing left" };
const open = { seen: true, required: true, answered: false };
const done = { ...open, answered: true };
const hidden = { ...open, seen: false };
const optional = { ...open, required: false };

test("progress is told in words", () => {
  assert.equal(progressWords(WORDS, 2, 4, 5), "Section 2 of 4 – 5 left");
  assert.equal(progressWords(WORDS, 4, 4, 0), "Section 4 of 4 – nothing left");
});

test("a form without the sentences complains", () => assert.throws(() => progressWords({}, 1, 1, 1), /data-progress/));

test("a hidden, an optional and an answered question are not left", () => {
  assert.equal(leftIn([open, done, hidden, optional]), 1);
});

test("the next open question is the first after here, and then from the beginning", () => {
  assert.equal(nextOpen([open, done, open, hidden], 0), 2);
  assert.equal(nextOpen([open, done, done, hidden], 2), 0);
  assert.equal(nextOpen([done, hidden, optional], 0), -1);
});

for (const [kind, typed, plain] of [
  ["number", "12,50", "12.5"],
  ["number", "-07", "-7"],
  ["number", "0.0", "0"],
  ["number", "a few", "a few"],
  ["number", "١٢٫٥", "12.5"],
  ["number", "۰۷", "7"],
  ["stopwatch", "١:١٥", "75"],
  ["stopwatch", "1:15", "75"],
  ["stopwatch", "1:02:03", "3723"],
  ["stopwatch", "75", "75"],
  ["stopwatch", "1:75", "1:75"],
  ["number", "1 250,5", "1250.5"],
  ["number", "−3", "-3"],
  ["number", "-0", "0"],
  [undefined, "12,50", "12,50"],
  [undefined, "١٢", "١٢"],
]) {
  test(`a ${kind} written as ${typed} is compared as ${plain}`, () => assert.equal(plainValue(kind, typed), plain));
}

test("a position is sent as latitude, longitude and metres", () => {
  const sent = { latitude: 47.5, longitude: -8.123457, accuracy_m: 13 };
  assert.deepEqual(written({ latitude: 47.5, longitude: -8.1234567, accuracy: 12.6 }), sent);
});

// The sentence that says what is odd, and the words by which the tables of cases know it.
const SENTENCES = {
  number: "with digits",
  whole: "whole number",
  places: "digits after",
  least: "not below",
  most: "not above",
  stopwatch: "minutes and seconds",
  day: "longer than a day",
  long: "at most",
  short: "at least",
};

for (const kind of ["number", "stopwatch", "short_text", "long_text"]) {
  const { question, cases } = JSON.parse(readFileSync(new URL(`../cases/questions/${kind}.json`, import.meta.url), "utf8"));
  const bounds = { least: question.least, most: question.most, places: question.decimals };
  const asked = JSON.parse(JSON.stringify(bounds), (_, bound) => (typeof bound === "number" ? String(bound) : bound));
  if (!kind.endsWith("text")) asked.kind = kind;
  for (const { raw, refused } of cases) {
    const written = typeof raw === "string" ? raw.trim() : typeof raw === "number" ? String(raw) : "";
    const typed = written && !/^not_|^\0$/.test(written); // no finger types these
    if (!typed || (!asked.kind && typeof raw !== "string")) continue;
    test(`the phone says of ${JSON.stringify(raw)} for a ${kind} what the server says of it`, () => {
      const odd = oddityOf(asked, written);
      if (refused) assert.ok(odd && refused.includes(SENTENCES[odd]), `${odd}: ${refused}`);
      else assert.equal(odd, "");
    });
  }
}

test("a sentence about what was written needs something that was written", () => {
  assert.equal(oddityOf({ kind: "number" }, null), "");
  assert.equal(oddityOf({ kind: "number" }, "not_applicable"), "");
  assert.equal(oddityOf({ most: 3 }, "e\u0301e\u0301e\u0301"), "", "characters count as they are seen");
});

test("a watch counts whole seconds by the clock that nobody can set, if the page stayed open", () => {
  const start = { at: "2026-11-21T12:00:00.000Z", tick: 1_000, page: 5 };
  assert.equal(secondsBetween(start, { at: "2026-11-19T12:00:00.000Z", tick: 76_400, page: 5 }), 75);
  assert.equal(secondsBetween(start, { at: "2026-11-21T12:01:15.000Z", tick: 20, page: 6 }), 75, "after a reload");
  assert.equal(secondsBetween(start, { at: "2026-11-21T11:00:00.000Z", tick: 20, page: 6 }), null, "a clock set back");
});
