// The outbox and the one sender. A row leaves only in the transaction that keeps its receipt; it is sent only under the
// sign-in of the shopper who wrote it; one row that is stuck never holds up the others.

import { sha256 } from "./hashing.js";
import { dropPage, tagOf } from "./pages.js";
import { answerOf, reading, rowsOf, rowsOn, within } from "./store.js";

const SHORTEST_MS = 2_000;
const LONGEST_MS = 900_000;
const PATIENCE_MS = 30_000;

/** What an answer of the server means for a row: kept, clash, photos, sign-in, later, attention. Pure. */
export function verdictOn(status) {
  if (status === 200 || status === 201) return "kept";
  if (status === 409) return "clash";
  if (status === 424) return "photos";
  if (status === 401 || status === 403) return "sign-in";
  return status === 408 || status === 429 || status >= 500 ? "later" : "attention";
}

/** Milliseconds until the next try, doubling from 2 s to 15 min; `chance` from 0 to 1 spreads phones apart. Pure. */
export function waitAfter(tries, chance, askedSeconds = 0) {
  const doubled = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** tries) * (0.5 + chance / 2);
  return Math.min(LONGEST_MS, Math.max(doubled, askedSeconds * 1000 || 0));
}

/** Whether a row may be tried now. A wait longer than the longest means that the clock was changed. Pure. */
export function isDue(row, now) {
  return !row.attention && (row.next <= now || row.next - now > LONGEST_MS);
}

/** Asks our own server, with an end to patience: also with an answer that stops in the middle. Photos may come as slowly as
 *  the server takes them, four bytes a millisecond. */
export function call(address, options = {}) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), PATIENCE_MS + (options.body?.byteLength ?? 0) / 4);
  const headers = { Accept: "application/json", ...options.headers };
  return fetch(address, { credentials: "same-origin", ...options, headers, signal: stop.signal });
}

/** Sends what is due, or with `force` everything; one sender at a time in all tabs and the worker. Whoever finds another
 *  at it waits, so that it can tell what came of it. Resolves with what became of each row, in words. */
export function flush(force = false, tell = () => {}) {
  const run = () => sendAll(force, tell);
  if (!navigator.locks) return run();
  return navigator.locks.request("outbox", run);
}

async function sendAll(force, tell) {
  const rows = (await rowsOn("outbox"))[0];
  const due = rows.filter((row) => force || isDue(row, Date.now()));
  if (!due.length) return [];
  const me = await whoAmI();
  const became = [];
  for (const row of due) {
    const outcome = typeof me === "string" ? { state: me } : row.shopper === me.id ? await tryRow(row, tell) : { state: "other" };
    became.push(outcome.state);
    // A visit that was received needs no copy of its page any more; first, lest one stay that does not know it if it comes back.
    if (outcome.state === "kept") await dropPage(`/visits/${row.visit}/form`).catch(() => {});
    await note(row, outcome);
    tell(row, outcome.state);
    if (outcome.state === "sign-in") break;
  }
  return became;
}

async function whoAmI() {
  try {
    const answer = await call("/me");
    return answer.ok ? await answer.json() : verdictOn(answer.status) === "sign-in" ? "sign-in" : "later";
  } catch {
    return "later";
  }
}

async function tryRow(row, tell) {
  tell(row, "sending");
  try {
    return await sendRow(row);
  } catch {
    return { state: "later" };
  }
}

/** Sends one row, its photos where the server lacks them, and proves what the receipt says. */
export async function sendRow(row, ask = call, photoOf = photoIn) {
  for (let round = 0; ; round++) {
    const answer = await ask(row.address, { method: row.method, body: row.body, headers: { "Content-Type": row.type } });
    const state = verdictOn(answer.status);
    if (state === "photos" && round < 2) {
      const halted = await sendPhotos(row, (await answer.json()).missing, ask, photoOf);
      if (halted) return halted;
      continue;
    }
    if (state === "later" || state === "photos") return { state: "later", seconds: Number(answer.headers.get("Retry-After")) };
    if (state === "attention") return { state, why: `${answer.status}` };
    if (state === "sign-in") return { state };
    if (row.plain) return { state: state === "kept" && !tagOf(await answer.text()) ? "later" : state };
    const { receipt } = await answer.json();
    // Nothing leaves the outbox that was not proved to be kept.
    if (state === "kept" && receipt?.sha256 !== (await sha256(new TextEncoder().encode(row.body)))) return { state: "attention", why: "sha256" };
    return { state, receipt };
  }
}

async function sendPhotos(row, missing, ask, photoOf) {
  for (const sha of missing) {
    const photo = await photoOf(row.visit, sha);
    if (!photo) return { state: "attention", why: "photo" };
    const options = { method: "PUT", body: photo.bytes, headers: { "Content-Type": photo.type } };
    const answer = await ask(`/visits/${row.visit}/photos/${sha}`, options);
    const state = verdictOn(answer.status);
    if (!answer.ok) return { state: state === "clash" ? "attention" : state, why: `photo ${answer.status}` };
  }
  return null;
}

/** A photo of a visit, by its hash. */
export function photoIn(visit, sha) {
  return reading(["photo"], async (photo) => (await answerOf(photo.getAll(rowsOf(visit)))).find((one) => one.sha === sha));
}

// What a try changes, in one transaction: a row is always in exactly one place.
function note(row, { state, receipt, why, seconds }) {
  return within(["outbox", "draft", "answer", "photo", "mark", "receipt"], async (outbox, draft, answer, photo, mark, receipts) => {
    if (!(await answerOf(outbox.get(row.id)))) return;
    if (receipt) receipts.put({ ...receipt, visit: row.visit, shopper: row.shopper, title: row.title, got: Date.now() });
    if (state === "kept") {
      outbox.delete(row.id);
      const kept = await answerOf(draft.get(row.visit));
      if (kept) draft.put({ ...kept, state: row.plain ? "stopped" : "sent", sent: row.id });
      for (const shelf of [answer, photo, mark]) shelf.delete(rowsOf(row.visit));
    } else if (state === "later") {
      outbox.put({ ...row, attention: "", tries: row.tries + 1, next: Date.now() + waitAfter(row.tries, Math.random(), seconds) });
    } else if (state === "attention" || state === "clash") {
      outbox.put({ ...row, attention: why ?? state });
    }
  });
}
