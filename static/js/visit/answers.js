// Answers as they stand in the form: read in the shape in which they are sent, compared as rules compare them, and
// written back. Judges nothing, draws nothing.

import { passes } from "./visibility.js";

const TYPED_DECIMAL = /^([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,9}))?$/;
const CLOCK_TIME = /^(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])$/;
const GROUPED = /^[+-]?[0-9]{1,3}([ \u00a0\u2009\u202f'’][0-9]{3})+([.,][0-9]+)?$/;
const ABSENT = ["not_applicable", "not_observed"];
const DAY_SECONDS = "86400";

/** The id of a question, as the names of its inputs begin with it. */
export function idOf(question) {
  return question.querySelector("[name^=q-]").name.slice(2).split("--")[0];
}

/** id -> {value, photos} of every question on the page, as rules compare them. */
export function readAnswers(questions) {
  const answers = {};
  for (const question of questions) {
    const { value, photos = [] } = readTree(question);
    const files = [...question.querySelectorAll("input[type=file]:not([data-failed])")].reduce((sum, input) => sum + input.files.length, 0);
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
  const first = question.querySelector(`[name="${name}"]`);
  if (first?.type === "radio") return of("")[0];
  if (first?.type === "checkbox") return of("").length ? of("") : undefined;
  if (first) return first.value.trim() || undefined;
  const rows = [...question.querySelectorAll(".row input:checked")].filter((input) => input.value !== "");
  return rows.length ? Object.fromEntries(rows.map((input) => [input.name.slice(name.length + 2), input.value])) : undefined;
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

/** What was written, as the rules compare it: `12,50` is 12.5, `1 250` is 1250, `١٢` is 12, `1:15` is 75 seconds; a text, of
 *  no kind, is itself. Pure. */
export function plainValue(kind, typed) {
  if (!kind) return typed;
  // The digits of Arabic keyboards end in the same four bits as the number they stand for.
  let words = typed.replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15).replace("٫", ".").replace("−", "-");
  if (GROUPED.test(words)) words = words.replace(/[^0-9.,+-]/g, "");
  const [watch, hours = 0, minutes, seconds] = (kind === "stopwatch" && CLOCK_TIME.exec(words)) || [];
  if (watch) return String(hours * 3600 + minutes * 60 + +seconds);
  const [written, sign, whole, rest = ""] = TYPED_DECIMAL.exec(words) ?? [];
  if (!written) return words;
  const tail = rest.replace(/0+$/, "");
  return (sign === "-" && +(whole + tail) ? "-" : "") + whole.replace(/^0+(?=[0-9])/, "") + (tail && `.${tail}`);
}

/** Which sentence says what is odd about what was written, "" if nothing is. `asked`: {kind, least, most, places}, all as
 *  words; a text has no kind, and its bounds count characters. The server judges in the same order. Pure. */
export function oddityOf({ kind, least, most, places = 0 }, words) {
  if (typeof words !== "string" || ABSENT.includes(words)) return "";
  const written = plainValue(kind, words);
  const [, sign, , rest = ""] = TYPED_DECIMAL.exec(written) ?? [];
  if (!kind) return most && lengthOf(words) > most ? "long" : least && lengthOf(words) < least ? "short" : "";
  if (kind === "stopwatch") return sign !== "" || rest ? kind : passes("at_most", DAY_SECONDS, written) ? "" : "day";
  if (sign === undefined) return kind;
  if (rest.length > places) return +places ? "places" : "whole";
  if (least && !passes("at_least", least, written)) return "least";
  return most && !passes("at_most", most, written) ? "most" : "";
}

/** How many characters, as the server counts them. Pure. */
export function lengthOf(words) {
  return [...words.normalize("NFC")].length;
}
