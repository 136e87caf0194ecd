// What the phone keeps: drafts, their answers one row each, photos, marks, the outbox, receipts. Kept means that the
// transaction is complete. A connection that died is opened again, once; one that does not come about in time has failed.
// Photos are bytes, never Blobs.

const SHELVES = {
  draft: "id",
  answer: ["draft", "question"],
  photo: ["draft", "question", "sha"],
  mark: ["draft", "name"],
  outbox: "id",
  receipt: "visit",
  meta: null,
};
const DATABASE = "lists";
const EDITION = 1;
const OPENING_MS = 10_000;
let opening = null;

/** The database, opened once. Upgrades only ever add shelves. */
function opened() {
  opening ??= new Promise((done, fail) => {
    setTimeout(fail, OPENING_MS, new Error("lists"));
    const asked = indexedDB.open(DATABASE, EDITION);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(SHELVES)) {
        if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, keyPath && { keyPath });
      }
    };
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      const database = asked.result;
      database.onclose = forget;
      database.onversionchange = () => (database.close(), forget());
      done(database);
    };
  });
  return opening;
}

function forget() {
  opening = null;
}

/** What a request of the database answers. */
export function answerOf(request) {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

/** Runs `work(...shelves)` in one transaction; resolves with what it returns once the transaction is complete. */
export async function within(names, work, mode = "readwrite", again = true) {
  try {
    const transaction = (await opened()).transaction(names, mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const complete = new Promise((done, fail) => {
      transaction.oncomplete = done;
      transaction.onabort = () => fail(transaction.error ?? new DOMException("aborted", "AbortError"));
    });
    complete.catch(() => {});
    let result;
    try {
      result = await work(...names.map((name) => transaction.objectStore(name)));
    } catch (trouble) {
      try {
        transaction.abort();
      } catch {
        // it had ended by itself
      }
      await complete.catch((why) => (trouble = why.name === "AbortError" ? trouble : why));
      throw trouble;
    }
    await complete;
    return result;
  } catch (trouble) {
    if (!again || !/InvalidState|Unknown|lost|closing/i.test(trouble.name + trouble.message)) {
      if (!opening || trouble.name !== "QuotaExceededError") forget();
      throw trouble;
    }
    forget();
    return within(names, work, mode, false);
  }
}

/** Looks without changing anything. */
export function reading(names, work) {
  return within(names, work, "readonly");
}

/** Every row of these shelves, as they stand at one moment. */
export function rowsOn(...names) {
  return reading(names, (...shelves) => Promise.all(shelves.map((shelf) => answerOf(shelf.getAll()))));
}

/** The keys of every row that belongs to a draft. */
export function rowsOf(draft) {
  return IDBKeyRange.bound([draft], [draft, []]);
}

/** A draft with all that belongs to it, in a transaction: {draft, answers: rows, marks: rows}. */
export async function rowsIn(draft, answers, marks) {
  const range = rowsOf(draft.id);
  return { draft, answers: await answerOf(answers.getAll(range)), marks: await answerOf(marks.getAll(range)) };
}
