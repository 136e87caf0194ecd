// Moments: going in, being greeted, being served, leaving, and the two ends of a stopwatch. Kept as instants at the tap, so that they outlive every
// reload; a position may follow, if the shopper ticked it.

import { addToMark, dropMark, keepMark, UNDO_MS } from "../phone/drafts.js";
import { clockTime } from "../phone/clock.js";
import { call } from "../phone/sender.js";
import { findPosition } from "./position.js";

const PLACED = ["enter", "leave"];

/** Whole seconds between two ends of a watch; by the clock that nobody can set where both were taken while the page
 *  stayed open, else by the phone's clock; null if that ran backwards. Pure. */
export function secondsBetween(start, stop) {
  const steady = start.page && start.page === stop.page;
  const ms = steady ? stop.tick - start.tick : Date.parse(stop.at) - Date.parse(start.at);
  return ms < 0 ? null : Math.round(ms / 1000);
}

/** The moments of one visit, and the buttons that make them. */
export class Marking {
  constructor(form, keeper) {
    Object.assign(this, { form, keeper, id: keeper.id, marks: new Map() });
    const offer = form.querySelector("[data-part=offer]");
    if (offer && "geolocation" in navigator) offer.hidden = false;
  }

  /** Shows the moments as they are kept. */
  show(marks) {
    this.marks = new Map(marks.map((mark) => [mark.name, mark]));
    for (const place of this.form.querySelectorAll(".pair > div")) {
      const [done, button] = place.children;
      const mark = this.marks.get(button.value.split(":")[1]);
      const said = done.firstElementChild;
      place.dataset.words ??= said.textContent; // a moment that the server knew stands there in place of "{time}"
      done.hidden = !mark;
      button.hidden = Boolean(mark);
      if (mark) said.textContent = place.dataset.words.replace("{time}", this.clock(mark.at));
    }
    for (const button of this.form.querySelectorAll("button[value^='stamp:']")) {
      const [, question, end] = button.value.split(":");
      const mark = this.marks.get(`${question}:${end}`);
      if (end === "again") button.hidden = !this.marks.has(`${question}:start`);
      else {
        button.lastElementChild.textContent = mark ? this.clock(mark.at, { second: "2-digit" }) : "";
        if (mark) button.setAttribute("aria-disabled", "true");
        else button.removeAttribute("aria-disabled");
      }
    }
  }

  clock(at, more) {
    return clockTime(at, { timeZone: this.form.dataset.zone, ...more });
  }

  /** A button was pressed: "mark:enter", "unmark:enter", "stamp:<question>:start" (or stop, or again). */
  async press(value) {
    const [verb, name, end] = value.split(":");
    if (verb === "mark") await this.make(name, PLACED.includes(name));
    else if (verb === "unmark") await this.drop([name], value);
    else await this.stamp(name, end);
    await this.tell();
  }

  async make(name, withPlace) {
    const now = { name, at: new Date().toISOString(), tick: performance.now(), page: performance.timeOrigin };
    const refused = this.form.elements.refused?.value.trim().slice(0, 500);
    const kept = await keepMark(this.id, { ...now, ...(withPlace && refused && { refused }) });
    this.marks.set(name, kept);
    if (withPlace && this.form.querySelector("[data-part=offer] input")?.checked) {
      findPosition().then(async (found) => {
        await addToMark(this.id, name, found);
        this.keeper.copies.soon(0);
      });
    }
    this.keeper.copies.soon(name.includes(":") ? 2_500 : UNDO_MS);
    return kept;
  }

  // A moment that the server holds is taken back there first, else it would come back with the next copy.
  async drop(names, button) {
    if (names.some((name) => this.marks.get(name)?.known)) {
      const body = new FormData(this.form);
      body.set("do", button);
      const answer = await call(this.form.action, { method: "POST", body }).catch(() => null);
      if (!answer?.ok) return this.keeper.say("online");
    }
    for (const name of names) {
      this.marks.delete(name);
      await dropMark(this.id, name);
    }
  }

  async stamp(question, end) {
    const start = this.marks.get(`${question}:start`);
    if (end === "again") return this.drop([`${question}:start`, `${question}:stop`], `stamp:${question}:again`);
    if (end === "stop" && !start) return this.keeper.say("watch");
    if (this.marks.has(`${question}:${end}`)) return;
    const made = await this.make(`${question}:${end}`, false);
    const seconds = end === "stop" && secondsBetween(start, made);
    if (typeof seconds !== "number") return;
    const box = this.form.querySelector(`[name="q-${question}"]`);
    box.value = seconds;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async tell() {
    const moments = [...this.marks.values()];
    this.show(moments);
    this.keeper.tabs?.postMessage({ id: this.id, moments });
  }
}
