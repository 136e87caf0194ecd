// Answers as they stand in the form: read in the shape in which they are sent, compared as rules compare them, and
// written back. Judges nothing, draws nothing.

const TYPED_DECIMAL = /^([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,9}))?$/;
const CLOCK_TIME = /^([0-9]{1,4}):([0-9]{2})(?::([0-9]{2}))?$/;
const ABSENT = ["not_applicable", "not_observed"];

/** id -> {value, photos} of every question on the page, as rules compare them. */
export function readAnswers(questions) {
  const answers = {};
  for (const question of questions) {
    const { value, photos = [] } = readTree(question);
    const files = [...question.querySelectorAll("input[type=file]")].reduce((sum, input) => sum + input.files.length, 0);
    const plain = typeof value === "string" ? plainValue(question.dataset.kind, value) : value;
    answers[question.dataset.ask] = { value: plain ?? null, photos: [...photos, ...Array(files).fill("new")] };
  }
  return answers;
}

/** The answer to one question as it is sent: any of value, comment, facts, photos; {} for none. */
export function readTree(question) {
  const name = `q-${question.dataset.ask}`;
  const ticked = [...question.querySelectorAll("input:checked")];
  const of = (part) => ticked.filter((input) => input.name === name + part && input.value !== "").map((input) => input.value);
  const tree = {
    value: readValue(question, name, of) ?? of("--absent")[0],
    comment: question.querySelector(`[name="${name}--comment"]`)?.value.trim(),
    facts: of("--facts"),
    photos: of("--kept"),
  };
  return Object.fromEntries(Object.entries(tree).filter(([, part]) => part?.length || (part && !Array.isArray(part))));
}

function readValue(question, name, of) {
  switch (question.dataset.kind) {
    case "yes_no":
    case "rating":
    case "choice":
      return of("")[0];
    case "choices":
      return of("").length ? of("") : undefined;
    case "grid": {
      const rows = [...question.querySelectorAll("input:checked")].filter((input) => input.value !== "");
      return rows.length ? Object.fromEntries(rows.map((input) => [input.name.slice(name.length + 2), input.value])) : undefined;
    }
    case "photo":
      return undefined;
    default:
      return question.querySelector(`[name="${name}"]`).value.trim() || undefined;
  }
}

/** Puts an answer back into its question. Photos are another module's: they need pictures. */
export function writeTree(question, { value, comment = "", facts = [] }) {
  const name = `q-${question.dataset.ask}`;
  for (const input of question.querySelectorAll("input:not([type=file]), textarea")) {
    const part = input.name.slice(name.length);
    if (part === "--kept") continue;
    const row = value !== null && typeof value === "object" && !Array.isArray(value) ? value[part.slice(2)] : value;
    const wanted = part === "--comment" ? comment : part === "--facts" ? facts : row;
    if (input.type === "radio" || input.type === "checkbox") input.checked = [wanted ?? []].flat().map(String).includes(input.value);
    else input.value = wanted === undefined || wanted === null || ABSENT.includes(wanted) ? "" : wanted;
  }
}

/** Whether anything was typed or ticked since the server wrote the page: before this script was there. */
export function isTouched(question) {
  return [...question.querySelectorAll("input:not([type=file]), textarea")].some((input) =>
    input.type === "radio" || input.type === "checkbox" ? input.checked !== input.defaultChecked : input.value !== input.defaultValue,
  );
}

/** What was written, as the rules compare it: `12,50` is 12.5, `١٢` is 12, `1:15` is 75 seconds. Pure. */
export function plainValue(kind, typed) {
  // The digits of Arabic keyboards end in the same four bits as the number they stand for.
  const words = kind === "number" || kind === "stopwatch" ? typed.replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15).replace("٫", ".") : typed;
  if (kind === "stopwatch" && CLOCK_TIME.test(words)) {
    const [, first, second, third] = CLOCK_TIME.exec(words);
    return String(third === undefined ? +first * 60 + +second : +first * 3600 + +second * 60 + +third);
  }
  if (kind === "number" || kind === "stopwatch") {
    const match = TYPED_DECIMAL.exec(words);
    if (!match) return words;
    const [, sign, whole, rest = ""] = match;
    const tail = rest.replace(/0+$/, "");
    return (sign === "-" ? "-" : "") + whole.replace(/^0+(?=[0-9])/, "") + (tail && `.${tail}`);
  }
  return words;
}

/** Whether what was written can be no number where one is asked for. Pure. */
export function isOdd(kind, words) {
  return (kind === "number" || kind === "stopwatch") && typeof words === "string" && !ABSENT.includes(words) && !TYPED_DECIMAL.test(plainValue(kind, words));
}
