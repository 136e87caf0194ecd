// A visit on the phone, from its first moment to the outbox. The phone's copy is the truth here; the server's copy is
// merged into it answer by answer, and never over an answer that the server has not seen.

import { deviceName } from "./device.js";
import { uuid7 } from "./numbering.js";
import { call } from "./sender.js";
import { answerOf, reading, rowsIn, within } from "./store.js";

const ALL = ["draft", "answer", "mark"];

/** For so long a moment stays on the phone alone, so that it can be taken back without a network. */
export const UNDO_MS = 60_000;

/** The draft as it is kept: {draft, answers: rows, marks: rows}. */
export function readDraft(id) {
  return reading(ALL, async (drafts, answers, marks) => rowsIn(await answerOf(drafts.get(id)), answers, marks));
}

/** Keeps a moment; the first of a name stands. Resolves with the moment as kept. */
export function keepMark(id, mark) {
  return within(["mark"], async (marks) => {
    const before = await answerOf(marks.get([id, mark.name]));
    if (!before) marks.put({ ...mark, draft: id });
    return before ?? mark;
  });
}

/** Adds to a moment that is kept, such as the position once it is known. */
export function addToMark(id, name, more) {
  return within(["mark"], async (marks) => {
    const before = await answerOf(marks.get([id, name]));
    if (before) marks.put({ ...before, ...more });
  });
}

/** Takes a moment back. */
export function dropMark(id, name) {
  return within(["mark"], (marks) => answerOf(marks.delete([id, name])));
}

/** The envelope of docs/contract.md, made of rows. An answer that was taken back is said to be empty: what is left out
 *  says nothing. Pure. */
export function envelope(draft, answers, marks, msgId, device) {
  const trees = Object.fromEntries(answers.map(({ question, tree }) => [question, tree]));
  return {
    msg_id: msgId,
    visit_id: draft.id,
    device,
    n: draft.n,
    base: draft.base || null,
    checklist: draft.checklist,
    version: draft.version,
    answers: trees,
    marks: marks.map(({ draft, tick, page, known, ...mark }) => mark),
    photos: [...new Set(Object.values(trees).flatMap((tree) => tree.photos ?? []))],
  };
}

/** Freezes the visit into the outbox in one transaction, so that it is never in neither place and every try sends the
 *  same bytes. False if it was queued before. */
export async function queueVisit(id) {
  const device = await deviceName();
  return within([...ALL, "outbox"], async (drafts, answerRows, markRows, outbox) => {
    const { draft, answers, marks } = await rowsIn(await answerOf(drafts.get(id)), answerRows, markRows);
    if (draft.state !== "draft") return false;
    const next = { ...draft, n: draft.n + 1, state: "queued" };
    const message = envelope(next, answers, marks, uuid7(), device);
    const row = rowOf(next, message.msg_id, `/visits/${id}/submission`, "PUT", "application/json", JSON.stringify(message));
    outbox.put({ ...row, photos: message.photos });
    drafts.put(next);
    return true;
  });
}

/** Puts "stop and leave" into the outbox: it needs no network, and no answers. */
export function queueStop(id, reason) {
  return within(["draft", "outbox"], async (drafts, outbox) => {
    const draft = await answerOf(drafts.get(id));
    if (draft.state !== "draft") return false;
    const body = new URLSearchParams({ reason }).toString();
    const row = rowOf(draft, uuid7(), `/visits/${id}/stop`, "POST", "application/x-www-form-urlencoded", body);
    outbox.put({ ...row, plain: 1, photos: [] });
    drafts.put({ ...draft, state: "queued" });
    return true;
  });
}

function rowOf({ id, shopper, title }, msgId, address, method, type, body) {
  return { id: msgId, visit: id, shopper, title, address, method, type, body, tries: 0, next: 0, queued: Date.now(), attention: "" };
}

/** Brings a copy of what the server has not seen to the server. True if there is more to be fetched from there. Fails with
 *  its answer where that is a refusal. */
export async function pushDraft(id) {
  const device = await deviceName();
  const sent = await within(ALL, async (drafts, answerRows, markRows) => {
    const { draft, answers, marks: made } = await rowsIn(await answerOf(drafts.get(id)), answerRows, markRows);
    const marks = made.filter((mark) => mark.known || Math.abs(Date.now() - Date.parse(mark.at)) > UNDO_MS);
    if (draft.state !== "draft" || !(answers.some((row) => row.fresh) || marks.some((row) => !row.known))) return null;
    const next = { ...draft, n: draft.n + 1 };
    drafts.put(next);
    return { answers, marks, message: envelope(next, answers, marks, uuid7(), device) };
  });
  if (!sent) return false;
  const answer = await call(`/visits/${id}/draft`, {
    method: "PUT",
    body: JSON.stringify(sent.message),
    headers: { "Content-Type": "application/json" },
  });
  // Without this word it was not the server that answered.
  if (!answer.headers.has("Candour-Head")) throw answer;
  await within(ALL, async (drafts, answers, marks) => {
    drafts.put({ ...(await answerOf(drafts.get(id))), known: sent.message.n });
    for (const row of sent.answers.filter((one) => one.fresh)) {
      const now = await answerOf(answers.get([id, row.question]));
      if (now?.edit === row.edit) answers.put({ ...now, fresh: 0 });
    }
    for (const mark of sent.marks.filter((one) => !one.known)) {
      const now = await answerOf(marks.get([id, mark.name]));
      if (now?.at === mark.at) marks.put({ ...now, known: 1 });
    }
  });
  return answer.headers.has("Candour-Fetch");
}

/** Merges the server's copy into the phone's. Resolves with the answers that changed here, id -> tree. A copy that another
 *  tab's words may have overtaken on the way is fetched anew; so is one of a server that was restored from an older
 *  archive, once it is told again what it does not know any more. */
export async function pullDraft(id) {
  const device = await deviceName();
  const { known } = (await readDraft(id)).draft;
  const answer = await call(`/visits/${id}/draft`);
  if (!answer.ok) throw answer;
  const theirs = await answer.json();
  const changed = await within(ALL, async (drafts, answerRows, markRows) => {
    const { draft, answers, marks } = await rowsIn(await answerOf(drafts.get(id)), answerRows, markRows);
    if (draft.state !== "draft") return {};
    if (draft.known !== known) return null;
    if (known > (theirs.devices[device] ?? 0)) {
      for (const row of answers) answerRows.put({ ...row, fresh: 1 });
      for (const mark of marks) markRows.put({ ...mark, known: 0 });
      drafts.put({ ...draft, known: 0, base: theirs.head });
      return null;
    }
    const changed = merged(answers, theirs.answers);
    for (const [question, tree] of Object.entries(changed)) answerRows.put({ draft: id, question, tree, edit: 0, fresh: 0 });
    for (const mark of theirs.marks) {
      if (!marks.some((one) => one.name === mark.name)) markRows.put({ draft: id, ...mark, known: 1 });
    }
    if (draft.base !== theirs.head) drafts.put({ ...draft, base: theirs.head });
    return changed;
  });
  return changed ?? (await pushDraft(id), pullDraft(id));
}

/** What the server's answers change here: every question that differs and holds no edit of ours on its way. Pure. */
export function merged(rows, theirs) {
  const ours = new Map(rows.map((row) => [row.question, row]));
  const changed = {};
  for (const question of new Set([...ours.keys(), ...Object.keys(theirs)])) {
    const row = ours.get(question);
    const tree = theirs[question] ?? {};
    if (!row?.fresh && !sameTree(row?.tree ?? {}, tree)) changed[question] = tree;
  }
  return changed;
}

/** Whether two answers are the same, whatever order their parts stand in. Pure. */
export function sameTree(left, right) {
  return spelled(left) === spelled(right);
}

function spelled(value) {
  if (Array.isArray(value)) return `[${value.map(spelled)}]`;
  if (value === null || typeof value !== "object") return String(value);
  const kept = Object.keys(value).filter((name) => value[name] !== null && value[name]?.length !== 0);
  return `{${kept.sort().map((name) => `${name}:${spelled(value[name])}`)}}`;
}
