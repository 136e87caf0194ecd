// A visit on the phone, opened where it was left; and its answers, each kept in its own row.

import { answerOf, rowsIn, within } from "./store.js";

/** The draft of the visit on this page, begun with what the page shows if the phone had none or if the office returned it.
 *  `page`: {id, shopper, checklist, version, base, title, returned, answers: id -> tree}. Resolves with {draft, answers, marks}. */
export function openDraft({ answers: shown, marks: made, returned, ...page }) {
  return within(["draft", "answer", "mark", "receipt"], async (drafts, answers, marks, receipts) => {
    let draft = await answerOf(drafts.get(page.id));
    if (draft && draft.shopper !== page.shopper) throw new Error("drafts: this visit belongs to somebody else");
    if (!draft || cameBack(draft, page.base, returned)) {
      draft = { ...page, n: draft?.n ?? 0, state: "draft", begun: Date.now() };
      drafts.put(draft);
      receipts.delete(page.id);
      for (const [question, tree] of Object.entries(shown)) answers.put({ draft: page.id, question, tree, edit: 0, fresh: 0 });
      for (const [name, at] of Object.entries(made ?? {})) marks.put({ draft: page.id, name, at, known: 1 });
    }
    return rowsIn(draft, answers, marks);
  });
}

/** Whether the office returned a visit since this phone sent it: the page says so, and it is no copy from before the
 *  sending, which shows nothing that this phone had not seen. Pure. */
export function cameBack(draft, base, returned) {
  return draft.state === "sent" && returned && base !== draft.base;
}

/** Keeps answers, each in its own row, while the visit is a draft. Resolves with its state: another tab may have queued
 *  it; undefined if the phone threw it away. */
export function keepAnswers(id, trees) {
  return within(["draft", "answer"], async (drafts, answers) => {
    const draft = await answerOf(drafts.get(id));
    if (draft?.state !== "draft") return draft?.state;
    for (const [question, tree] of trees) {
      const before = await answerOf(answers.get([id, question]));
      answers.put({ draft: id, question, tree, edit: (before?.edit ?? 0) + 1, fresh: 1 });
    }
    drafts.put({ ...draft, touched: Date.now() });
    return draft.state;
  });
}
