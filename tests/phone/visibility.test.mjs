// The page's twin of the rules agrees with the server on every case of the shared table.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { answerPasses, holds, visible } from "../../static/js/visit/visibility.js";

const cases = JSON.parse(readFileSync(new URL("../cases/visibility.json", import.meta.url), "utf8"));

test("the table of cases is there", () => assert.ok(cases.length > 100));

for (const { name, rule, sections, answers, branch, scenario, expect } of cases) {
  test(name, () => {
    const around = { branch, scenario };
    if (rule) {
      assert.equal(holds(rule, new Map(Object.entries(answers)), around), expect);
    } else {
      const seen = visible(sections, answers, around);
      assert.deepEqual({ sections: seen.sections, questions: [...seen.questions] }, expect);
    }
  });
}

test("an operator that nobody knows is an error, not a silence", () => {
  assert.throws(() => answerPasses("sounds_like", "yes", { value: "yes" }), /unknown operator/);
});
