// Reads the answers that stand in the form, in the shapes that rules compare. Reads only; judges nothing.

const DECIMAL = /^([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,9}))?$/;
const CLOCK = /^([0-9]{1,4}):([0-9]{2})(?::([0-9]{2}))?$/;

/** id -> {value, photos} of every question on the page. */
export function readAnswers(questions) {
  const answers = {};
  for (const question of questions) answers[question.dataset.ask] = readAnswer(question);
  return answers;
}

/** The answer to one question, from its fieldset. */
export function readAnswer(question) {
  const name = `q-${question.dataset.ask}`;
  const ticked = [...question.querySelectorAll("input:checked")];
  const of = (part) => ticked.filter((input) => input.name === name + part && input.value !== "").map((input) => input.value);
  const absent = of("--absent")[0];
  const files = [...question.querySelectorAll("input[type=file]")].reduce((sum, input) => sum + input.files.length, 0);
  const photos = [...of("--kept"), ...Array(files).fill("new")];
  return { value: readValue(question, name, of) ?? absent ?? null, photos };
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
      return plainValue(question.dataset.kind, question.querySelector(`[name="${name}"]`).value.trim()) || undefined;
  }
}

/** What was written, as the rules compare it: `12,50` is 12.5, `1:15` is 75 seconds. Pure. */
export function plainValue(kind, words) {
  if (kind === "stopwatch" && CLOCK.test(words)) {
    const [, first, second, third] = CLOCK.exec(words);
    return String(third === undefined ? +first * 60 + +second : +first * 3600 + +second * 60 + +third);
  }
  if (kind === "number" || kind === "stopwatch") {
    const match = DECIMAL.exec(words);
    if (!match) return words;
    const [, sign, whole, rest = ""] = match;
    const tail = rest.replace(/0+$/, "");
    return (sign === "-" ? "-" : "") + whole.replace(/^0+(?=[0-9])/, "") + (tail && `.${tail}`);
  }
  return words;
}
