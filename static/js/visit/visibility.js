// What of a checklist is seen, given the answers so far: the twin of audit/domain/checklist/visibility.py.
// Pure: plain values in, sets of ids out. Both are held to the same cases, tests/cases/visibility.json.

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
const MOMENT = /^([0-9]{2}:[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2})$/;
const SUBJECTS = ["question", "branch", "scenario"];

/** Sections and questions that are seen. `sections`: [{id, show_if?, questions: [{id, show_if?}]}];
 *  `answers`: id -> {value, photos?}. The answer to a hidden question counts as none for every rule after it. */
export function visible(sections, answers, circumstances) {
  const seen = new Map();
  const shown = [];
  for (const section of sections) {
    if (section.show_if && !holds(section.show_if, seen, circumstances)) continue;
    const before = seen.size;
    for (const question of section.questions) {
      if (!question.show_if || holds(question.show_if, seen, circumstances)) seen.set(question.id, answers[question.id]);
    }
    if (seen.size > before) shown.push(section.id);
  }
  return { sections: shown, questions: new Set(seen.keys()) };
}

/** Whether a rule is met. `seen`: Map of the answers to questions that are seen. */
export function holds(rule, seen, circumstances) {
  if (rule.and) return rule.and.every((part) => holds(part, seen, circumstances));
  if (rule.or) return rule.or.some((part) => holds(part, seen, circumstances));
  if (rule.not) return !holds(rule.not, seen, circumstances);
  const [operator, operand] = Object.entries(rule).find(([name]) => !SUBJECTS.includes(name));
  if ("question" in rule) return answerPasses(operator, operand, seen.get(rule.question));
  if ("branch" in rule) return passes(operator, operand, circumstances.branch?.[rule.branch]);
  return passes(operator, operand, circumstances.scenario);
}

/** Whether an answer meets a test; photos alone are an answer too. */
export function answerPasses(operator, operand, answer) {
  if (operator === "answered") return given(answer) === operand;
  return passes(operator, operand, answer?.value);
}

/** Whether there is an answer at all. */
export function given(answer) {
  return Boolean(answer) && (wordsOf(answer.value).size > 0 || (answer.photos?.length ?? 0) > 0);
}

/** Whether a value meets a test. Without a value only `answered: false` is met. */
export function passes(operator, operand, value) {
  const words = wordsOf(value);
  if (operator === "answered") return words.size > 0 === operand;
  if (words.size === 0) return false;
  const operands = new Set((Array.isArray(operand) ? operand : [operand]).map(String));
  switch (operator) {
    case "is":
      return equal(words, operands);
    case "is_not":
      return !equal(words, operands);
    case "any_of":
      return [...operands].some((word) => words.has(word));
    case "all_of":
      return [...operands].every((word) => words.has(word));
    case "at_least":
      return order(words, operands) >= 0;
    case "at_most":
      return order(words, operands) <= 0;
    default:
      throw new Error(`visibility: unknown operator ${operator}`);
  }
}

function wordsOf(value) {
  if (value === null || value === undefined || value === "") return new Set();
  if (Array.isArray(value)) return new Set(value.map(String));
  if (typeof value === "object") return new Set(Object.values(value).map(String));
  return new Set([String(value)]);
}

function equal(left, right) {
  return left.size === right.size && [...left].every((word) => right.has(word));
}

// Below 0 if the one word comes before the operand, 0 if equal, above 0 after; NaN, which no comparison meets, if the
// two cannot be compared.
function order(words, operands) {
  if (words.size !== 1 || operands.size !== 1) return NaN;
  const [left] = words;
  const [right] = operands;
  if (DECIMAL.test(left) && DECIMAL.test(right)) return compareExactly(left, right);
  if (MOMENT.test(left) && MOMENT.test(right) && left.length === right.length) return left < right ? -1 : +(left > right);
  return NaN;
}

// Decimals as whole numbers of the same power of ten: a binary fraction would call 0.3 and 0.1 + 0.2 different.
function compareExactly(left, right) {
  const places = Math.max(placesOf(left), placesOf(right));
  const difference = scaled(left, places) - scaled(right, places);
  return difference < 0n ? -1 : +(difference > 0n);
}

function placesOf(number) {
  return (number.split(".")[1] ?? "").length;
}

function scaled(number, places) {
  const [whole, rest = ""] = number.split(".");
  return BigInt(whole + rest.padEnd(places, "0"));
}
