// Checking, sending, and stopping: three panels that stand in for the form. What is sent goes to the outbox first.

import { clockTime } from "../phone/clock.js";
import { queueStop, queueVisit } from "../phone/drafts.js";
import { keepMissing, refresh } from "../phone/pages.js";
import { askToBeWoken, keepSending } from "../phone/waking.js";
import { answerOf, reading } from "../phone/store.js";
import { review } from "./review.js";

/** Shows the panel that the address names, and locks the form once the visit is queued. */
export class Sending {
  constructor(form, keeper) {
    Object.assign(this, { form, keeper, id: keeper.id });
    this.panels = Object.fromEntries(["check", "stop", "sent"].map((id) => [id, document.getElementById(id)]));
    this.panels.sent.querySelector("[data-part=place]").textContent = document.querySelector("h1").textContent;
    this.flush = keepSending((row, state) => {
      if (!row && keeper.copies.owing) keeper.copies.soon(0);
      if (!row || row.visit === this.id) this.tell(row ? state : this.said);
    });
    // Who came here before the list had brought all finds the way back without a network too: list, brief and form.
    const way = () => keepMissing(location.pathname, new URL(document.referrer, location).pathname);
    navigator.serviceWorker?.ready.then(() => refresh("/")).then(way).catch(() => {});
    addEventListener("hashchange", () => this.follow());
    this.panels.check.querySelector("[data-part=send]").onclick = () => this.send(() => queueVisit(this.id));
    this.panels.stop.querySelector("[data-part=stop]").onclick = () => this.send(() => queueStop(this.id, document.getElementById("reason").value.trim()));
  }

  /** Go to the panel for checking; `state` as the form knows it: [{question, seen, required, answered, step}]. */
  check(state) {
    this.state = state;
    this.go("check");
  }

  go(id) {
    location.hash = id;
    this.follow();
  }

  follow() {
    if (this.locked) return;
    const id = location.hash.slice(1);
    this.show(id === "stop" || (id === "check" && this.state) ? id : null);
  }

  show(shown) {
    if (this.shown === shown) return;
    this.shown = shown;
    if (shown === "check") review(this.panels.check, this.state); // once: rows that are drawn again lose the focus
    this.form.hidden = document.querySelector(".heading h1").hidden = Boolean(shown);
    for (const [id, panel] of Object.entries(this.panels)) panel.hidden = id !== shown;
    if (!shown) return;
    this.panels[shown].focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  async send(queue) {
    try {
      await this.keeper.settled();
      await queue();
    } catch (trouble) {
      this.keeper.fail(trouble);
      return this.go("visit"); // where the line stands that says so
    }
    this.keeper.tabs?.postMessage({ id: this.id, state: "queued" });
    askToBeWoken();
    this.lock("queued");
    this.flush(true);
  }

  /** The visit is on its way: nothing can be changed here any more. */
  lock(state) {
    this.locked = true;
    this.show("sent");
    this.tell(state === "sent" ? "kept" : state);
  }

  /** Says how far the visit is: queued, sending, later, sign-in, other, attention, clash, kept, stopped. */
  async tell(state) {
    if (!this.locked) return;
    this.said = state;
    const words = this.panels.sent.querySelector("[data-words]");
    const [receipt, draft] = await reading(["receipt", "draft"], (...shelves) => Promise.all(shelves.map((shelf) => answerOf(shelf.get(this.id)))));
    const named = receipt ? "kept" : draft?.state === "stopped" ? "stopped" : state;
    if (named === "kept" && this.panels.sent.dataset.state !== named) this.keeper.tabs?.postMessage({ id: this.id, state: "sent" });
    let said = words.dataset[named.replace("-", "")] ?? words.dataset.queued;
    if (receipt) {
      said = (receipt.photos === 1 ? words.dataset.kept1 : receipt.photos ? words.dataset.keptmany : words.dataset.kept).replace("{time}", clockTime(receipt.received_at)).replace("{n}", receipt.photos);
    }
    if (words.textContent !== said) words.textContent = said;
    this.panels.sent.dataset.state = named;
  }
}
