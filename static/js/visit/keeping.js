// What follows from answers that are kept: within three seconds a copy on the server, moments, photos; and what the buttons
// of the form say is done without a network.

import { pullDraft, pushDraft, readDraft } from "../phone/drafts.js";
import { Marking } from "./marking.js";
import { bringPanels } from "./panels.js";
import { Tray } from "./photos.js";
import { hush } from "./quiet.js";
import { Sending } from "./sending.js";

const COPY_MS = 2_500;

/** Takes the form over, once `keeper` has opened its draft. Resolves with false where the phone cannot keep anything: then
 *  the server does what buttons say. */
export async function keepVisit({ form, sections, keeper, state }) {
  // Without the panels all is kept the same, and what they are for is done by the server.
  const bringing = bringPanels(form)
    .then(() => (hush(document), new Sending(form, keeper)))
    .catch(() => null);
  const marking = new Marking(form, keeper);
  const copies = (keeper.copies = new Copies(keeper));
  const trouble = await keeper.opened;
  if (trouble) {
    await bringing; // the words are there
    keeper.fail(trouble, "plain");
    // What stands on the screen alone stays there while there is no network to take it.
    form.onsubmit = (event) => navigator.onLine || (event.stopImmediatePropagation(), keeper.say("online"), false);
    return false;
  }
  keeper.locked = (how) => bringing.then((sending) => sending?.lock(how));
  keeper.marked = (marks) => marking.show(marks);
  keeper.changed = () => copies.soon(COPY_MS);
  keeper.bringKnown();
  keeper.marked(keeper.marks);
  if (keeper.lock) keeper.locked(keeper.lock);
  else copies.soon(0);
  const sending = await bringing;
  form.addEventListener("submit", (event) => {
    const [verb] = (event.submitter?.value ?? "save").split(":");
    if (!sending && /check|stop/.test(verb)) return;
    event.preventDefault();
    if (verb === "save") sections.go(1);
    else if (verb === "check") keeper.photographed().then((left) => (left ? sections.open(left) : sending.check(state())));
    else if (verb === "stop") sending.go("stop");
    else marking.press(event.submitter.value).catch((trouble) => keeper.fail(trouble));
  });
  // Nothing is asked before leaving, since all is kept; unless it could not be.
  addEventListener("beforeunload", (event) => keeper.waiting.size && event.preventDefault());
  if (sending && form.querySelector("input[type=file]")) keeper.follow(new Tray(form, keeper));
  return true;
}

/** The copies of one draft on the server. */
class Copies {
  constructor(keeper) {
    this.keeper = keeper;
  }

  /** A copy goes to the server after so many milliseconds, or earlier if one was to go earlier anyway. */
  soon(wait) {
    const due = Date.now() + wait;
    if (this.timer && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.copying = Promise.resolve(this.copying).then(() => this.copy());
    }, wait);
  }

  /** A copy to the server, and what others changed back. Without a network it is owing until somebody looks again. */
  async copy() {
    this.owing = !navigator.onLine;
    if (this.owing) return;
    const { keeper } = this;
    try {
      if (!(await pushDraft(keeper.id)) && this.looked) return;
      const changed = await pullDraft(keeper.id);
      this.looked = true;
      for (const [id, tree] of Object.entries(changed)) {
        const question = keeper.find(id);
        if (question && !keeper.waiting.has(id) && !question.contains(document.activeElement)) keeper.put(question, tree);
      }
      const { draft, marks } = await readDraft(keeper.id);
      keeper.form.elements.base.value = draft.base ?? "";
      keeper.marked(marks);
      if (Object.keys(changed).length) keeper.look();
    } catch ({ status }) {
      this.owing = !(status >= 400 && status < 429); // what the server refused, the next change tries again
    }
  }
}
