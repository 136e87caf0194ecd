// Keeps what is typed: at once on the phone, and in the other tabs. One line tells how it stands; its words come from the
// page. It comes with the form, before all that follows from an answer that is kept.

import { clockTime } from "../phone/clock.js";
import { keepAnswers, openDraft } from "../phone/opening.js";
import { isTouched, readTree, writeTree } from "./answers.js";

const AGAIN_MS = 800;

/** The keeper of one visit's answers. Whoever comes later may set what follows: `changed()` after each that is kept,
 *  `locked(how)` and `marked(marks)`; until then the latest of these stand in `lock` and `marks`. */
export class Keeper {
  constructor(form, questions, look) {
    Object.assign(this, { form, questions, look, id: form.elements.visit_id.value, pictured: new Map(), known: new Map() });
    this.line = form.querySelector("[data-part=saved]");
    this.changed = () => {};
    this.locked = (how) => (this.lock = how);
    this.marked = (marks) => (this.marks = marks);
    this.tabs = "BroadcastChannel" in self ? new BroadcastChannel("visits") : null;
    this.tabs?.addEventListener("message", ({ data }) => data.id === this.id && this.hear(data));
    this.bringBack();
    // A page that goes in the instant of a letter takes it along: the next page of this tab writes it.
    self.onpagehide = () => (sessionStorage[this.id] = JSON.stringify([...this.waiting]));
    form.addEventListener("input", ({ target }) => {
      const question = target.closest(".question");
      if (question && target.type !== "file") this.note(question.dataset.ask);
    });
  }

  // What was typed on a page that went before it was kept stands here again.
  bringBack() {
    this.waiting = new Map(JSON.parse(sessionStorage[this.id] ?? "[]"));
    sessionStorage.removeItem(this.id);
    for (const question of this.questions) {
      const tree = this.waiting.get(question.dataset.ask);
      if (tree) writeTree(question, tree);
      if (tree?.photos) this.pictured.set(question, tree.photos);
    }
    // And what was typed on this one before we came.
    for (const question of this.questions.filter(isTouched)) this.waiting.set(question.dataset.ask, this.read(question));
  }

  /** Opens the draft and brings the form to its state; `moments` as the page knows them. Resolves with the trouble where the
   *  phone cannot keep anything. */
  async open(moments) {
    const { dataset, elements } = this.form;
    const page = (this.page = {
      id: this.id,
      shopper: dataset.shopper,
      title: document.querySelector("h1").textContent,
      checklist: elements.checklist.value,
      version: Number(elements.version.value),
      base: elements.base.value,
      returned: "returned" in dataset,
      answers: Object.fromEntries(this.given(readTree)),
      marks: moments,
    });
    let kept;
    try {
      kept = await openDraft(page);
    } catch (trouble) {
      return trouble;
    }
    const rows = Object.fromEntries(kept.answers.map((row) => [row.question, row]));
    for (const question of this.questions) {
      const { tree = {}, fresh } = rows[question.dataset.ask] ?? {};
      const isTyped = this.waiting.has(question.dataset.ask);
      if (!isTyped && fresh) this.put(question, tree);
      else this.pictured.set(question, this.pictured.get(question) ?? tree.photos ?? []);
      if (!isTyped && !fresh) this.known.set(question, tree);
    }
    this.isOpen = true;
    for (const id of this.waiting.keys()) this.note(id);
    this.look();
    this.marked(kept.marks);
    if (kept.draft.touched) this.say("kept", kept.draft.touched);
    if (kept.draft.state !== "draft") this.locked(kept.draft.state);
  }

  /** Shows the answers that the server has seen as the phone has them; for whoever then asks what has changed since. Else
   *  the server's own stay, which would be taken for ours where it does what buttons say. */
  bringKnown() {
    for (const [question, tree] of this.known) this.put(question, tree);
    this.look();
  }

  put(question, tree) {
    this.known.delete(question);
    writeTree(question, tree);
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
    const tree = readTree(question);
    const unseen = (this.pictured.get(question) ?? []).filter((sha) => !question.querySelector(`[value="${sha}"]`));
    return unseen.length ? { ...tree, photos: [...(tree.photos ?? []), ...unseen] } : tree;
  }

  find(id) {
    return this.questions.find((question) => question.dataset.ask === id);
  }

  /** This question was changed: keep its answer now, or as soon as the draft is open. */
  note(id) {
    const question = this.find(id);
    const tree = this.read(question);
    this.known.delete(question);
    this.waiting.set(id, tree);
    this.tabs?.postMessage({ id: this.id, question: id, tree });
    if (this.isOpen) this.writing ??= this.write().finally(() => (this.writing = null));
  }

  async write() {
    while (this.waiting.size) {
      const trees = new Map(this.waiting);
      try {
        const state = await this.keep(trees);
        if (state !== "draft") return (this.waiting.clear(), this.locked(state));
        for (const [id, tree] of trees) if (this.waiting.get(id) === tree) this.waiting.delete(id);
        this.say("kept", Date.now());
        this.lasting ??= navigator.storage?.persist?.().catch(() => {});
        this.changed();
      } catch (trouble) {
        this.fail(trouble);
        await new Promise((again) => setTimeout(again, AGAIN_MS));
      }
    }
    sessionStorage.removeItem(this.id); // left there if this page went and came back
  }

  // Where the phone threw away all that it had kept, what stands on the screen is kept anew.
  async keep(trees) {
    const state = await keepAnswers(this.id, trees);
    if (state) return state;
    await openDraft(this.page);
    return keepAnswers(this.id, this.given((question) => this.read(question)));
  }

  given(read) {
    return this.questions.map((question) => [question.dataset.ask, read(question)]).filter(([, tree]) => Object.keys(tree).length);
  }

  /** Once every photo that was chosen is made small and kept, or could not be. Resolves with the id of the input that holds
   *  one that could not be, once: whoever comes again goes on without it. */
  async photographed() {
    await this.tray?.last;
    const failed = this.form.querySelector("[data-failed='']");
    if (failed) failed.dataset.failed = 1;
    return failed?.id;
  }

  /** Once everything is kept that was typed or photographed; fails where it cannot be. */
  async settled() {
    await this.photographed();
    await this.keep(this.waiting);
  }

  hear({ question, tree, state, moments }) {
    if (state) this.locked(state);
    if (moments) this.marked(moments);
    const asked = this.find(question);
    if (asked && (document.hidden || !asked.contains(document.activeElement))) {
      this.put(asked, tree);
      this.look();
    }
  }

  /** Says why something could not be kept. */
  fail({ name }, otherwise = "unsaved") {
    this.say(name === "QuotaExceededError" ? "full" : otherwise);
  }

  /** The quiet line: kept (with the time), unsaved, full, plain. */
  say(state, at) {
    const { dataset } = this.form;
    const sentence = dataset[state] ?? document.getElementById("sentences")?.dataset[state] ?? dataset.unsaved;
    const words = sentence.replace("{time}", at && clockTime(at));
    if (this.line.textContent !== words) this.line.textContent = words;
  }
}
