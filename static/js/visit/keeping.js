// Keeps what is typed: at once on the phone, within three seconds as a copy on the server, and in the other tabs. And
// does what the buttons of the form say, without a network. One line tells how it stands; its words come from the page.

import { clockTime } from "../phone/clock.js";
import { keepAnswers, openDraft, pullDraft, pushDraft, readDraft } from "../phone/drafts.js";
import { Marking } from "./marking.js";
import { bringPanels } from "./panels.js";
import { Tray } from "./photos.js";
import { hush } from "./quiet.js";
import { Sending } from "./sending.js";

const COPY_MS = 2_500;
const AGAIN_MS = 800;

/** Takes the form over. `walk`: {form, questions, sections, marks, left: what an earlier page could not keep, look, state,
 *  answers: how they are read and written}.
 *  Resolves with false where the phone cannot keep anything: then the server does what buttons say. */
export async function keepVisit(walk) {
  const { form, sections } = walk;
  const keeper = new Keeper(walk);
  const marking = new Marking(form, keeper);
  // Without the panels all is kept the same, and what they are for is done by the server.
  const bringing = bringPanels(form).then(() => (hush(document), new Sending(form, keeper)));
  bringing.catch(() => {});
  keeper.locked = (how) => bringing.then((sending) => sending.lock(how)).catch(() => {});
  keeper.marked = (marks) => marking.show(marks);
  form.addEventListener("input", ({ target }) => {
    const question = target.closest(".question");
    if (question && target.type !== "file") keeper.note(question.dataset.ask);
  });
  if (!(await keeper.open(walk))) return false;
  // A page that goes in the instant of a letter takes the transaction along: the next page of this tab writes it.
  self.onpagehide = () => (sessionStorage[keeper.id] = JSON.stringify([...keeper.waiting]));
  const sending = await bringing.catch(() => null);
  form.addEventListener("submit", (event) => {
    const [verb] = (event.submitter?.value ?? "save").split(":");
    if (!sending && /check|stop/.test(verb)) return;
    event.preventDefault();
    if (verb === "save") sections.go(1);
    else if (verb === "check") keeper.photographed().then(() => sending.check(walk.state()));
    else if (verb === "stop") sending.go("stop");
    else marking.press(event.submitter.value).catch((trouble) => keeper.fail(trouble));
  });
  // Nothing is asked before leaving, since all is kept; unless it could not be.
  addEventListener("beforeunload", (event) => keeper.waiting.size && event.preventDefault());
  if (sending && form.querySelector("input[type=file]")) keeper.follow(new Tray(form, keeper));
  return true;
}

/** The keeper of one visit's answers. */
class Keeper {
  constructor({ form, questions, look, left, answers }) {
    Object.assign(this, { form, questions, look, ...answers, waiting: new Map(left), id: form.elements.visit_id.value, pictured: new Map() });
    this.line = form.querySelector("[data-part=saved]");
    this.tabs = "BroadcastChannel" in self ? new BroadcastChannel("visits") : null;
    this.tabs?.addEventListener("message", ({ data }) => data.id === this.id && this.hear(data));
  }

  /** Opens the draft and brings the form to its state. False where the phone cannot keep anything. */
  async open({ marks, left }) {
    const { dataset, elements } = this.form;
    for (const question of this.questions.filter(this.isTouched)) this.waiting.set(question.dataset.ask, this.readTree(question));
    const answers = Object.fromEntries(this.questions.map((question) => [question.dataset.ask, this.readTree(question)]).filter(([, tree]) => Object.keys(tree).length));
    const page = {
      id: this.id,
      shopper: dataset.shopper,
      title: document.querySelector("h1").textContent,
      checklist: elements.checklist.value,
      version: Number(elements.version.value),
      base: elements.base.value,
      returned: "returned" in dataset,
      answers,
      marks,
    };
    let kept;
    try {
      kept = await openDraft(page);
    } catch (trouble) {
      return this.fail(trouble);
    }
    const rows = Object.fromEntries(kept.answers.map((row) => [row.question, row.tree]));
    for (const question of this.questions) {
      const id = question.dataset.ask;
      if (this.waiting.has(id)) this.pictured.set(question, left.get(id)?.photos ?? rows[id]?.photos ?? []);
      else this.put(question, rows[id] ?? {});
    }
    for (const id of this.waiting.keys()) this.note(id);
    this.look();
    this.marked(kept.marks);
    if (kept.draft.touched) this.say("kept", kept.draft.touched);
    if (kept.draft.state !== "draft") this.locked(kept.draft.state);
    else this.copySoon(0);
    return true;
  }

  put(question, tree) {
    this.writeTree(question, tree);
    this.pictured.set(question, tree.photos ?? []);
    this.tray?.show(question, tree.photos ?? []);
  }

  /** From here on photos are shown in this tray. */
  follow(tray) {
    this.tray = tray;
    for (const [question, photos] of this.pictured) tray.show(question, photos);
    tray.returned();
  }

  // Photos that are kept but not on the screen yet belong to the answer all the same.
  read(question) {
    const tree = this.readTree(question);
    const unseen = (this.pictured.get(question) ?? []).filter((sha) => !question.querySelector(`[value="${sha}"]`));
    return unseen.length ? { ...tree, photos: [...(tree.photos ?? []), ...unseen] } : tree;
  }

  find(id) {
    return this.questions.find((question) => question.dataset.ask === id);
  }

  /** This question was changed: keep its answer now. */
  note(id) {
    const tree = this.read(this.find(id));
    this.waiting.set(id, tree);
    this.tabs?.postMessage({ id: this.id, question: id, tree });
    this.writing ??= this.write().finally(() => (this.writing = null));
    return this.writing;
  }

  async write() {
    while (this.waiting.size) {
      const trees = new Map(this.waiting);
      try {
        if (!(await keepAnswers(this.id, trees))) return (this.waiting.clear(), this.locked("queued"));
        for (const [id, tree] of trees) if (this.waiting.get(id) === tree) this.waiting.delete(id);
        this.say("kept", Date.now());
        this.lasting ??= navigator.storage?.persist?.().catch(() => {});
        this.copySoon(COPY_MS);
      } catch (trouble) {
        this.fail(trouble);
        await new Promise((again) => setTimeout(again, AGAIN_MS));
      }
    }
  }

  /** Once every photo that was chosen is made small and kept, or could not be. */
  async photographed() {
    await this.tray?.last;
  }

  /** Once everything is kept that was typed or photographed; fails where it cannot be. */
  async settled() {
    await this.photographed();
    if (this.waiting.size) await keepAnswers(this.id, new Map(this.waiting));
  }

  /** A copy goes to the server after so many milliseconds, or earlier if one was to go earlier anyway. */
  copySoon(wait) {
    const due = Date.now() + wait;
    if (this.timer && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.copying = (this.copying ?? Promise.resolve()).then(() => this.copy());
    }, wait);
  }

  /** A copy to the server, and what others changed back. Without a network it is owing until somebody looks again. */
  async copy() {
    this.owing = navigator.onLine === false;
    if (this.owing) return;
    try {
      if (!(await pushDraft(this.id)) && this.looked) return;
      const changed = await pullDraft(this.id);
      this.looked = true;
      for (const [id, tree] of Object.entries(changed)) {
        const question = this.find(id);
        if (question && !this.waiting.has(id) && !question.contains(document.activeElement)) this.put(question, tree);
      }
      const { draft, marks } = await readDraft(this.id);
      this.form.elements.base.value = draft.base ?? "";
      this.marked(marks);
      if (Object.keys(changed).length) this.look();
    } catch (trouble) {
      this.owing = !(trouble.status < 500); // what the server refused, the next change tries again
    }
  }

  hear({ question, tree, state, moments }) {
    if (state) this.locked(state);
    if (moments) this.marked(moments);
    const asked = question && this.find(question);
    if (asked && !asked.contains(document.activeElement)) {
      this.put(asked, tree);
      this.look();
    }
  }

  /** Says why something could not be kept. */
  fail({ name }) {
    this.say(name === "QuotaExceededError" ? "full" : "unsaved");
  }

  /** The quiet line: kept (with the time), unsaved, full. */
  say(state, at) {
    const { dataset } = this.form;
    const sentence = dataset[state] ?? document.getElementById("sentences")?.dataset[state] ?? dataset.unsaved;
    const words = sentence.replace("{time}", at && clockTime(at));
    if (this.line.textContent !== words) this.line.textContent = words;
  }
}
