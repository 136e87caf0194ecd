// How far each visit is, in the shopper's words: draft, waiting, sending, received, needs attention and why. The last
// resort is a file that holds all of it.

import { clockTime } from "./clock.js";
import { photoIn } from "./sender.js";
import { rowsOn } from "./store.js";

const DAY_MS = 86_400_000;

/** The part of the list that shows the outbox. Every word and every row comes from the page. */
export class Outbox {
  constructor(part, list) {
    Object.assign(this, { part, list, me: list.dataset.shopper, states: new Map() });
    part.addEventListener("click", ({ target }) => {
      if (target.closest("[data-part=send]")) this.onSend();
      const row = target.closest("[data-row]")?.dataset.row;
      if (target.closest("[data-part=export]")) this.exportRow(row);
    });
  }

  /** Reads what is kept and shows it. */
  async show() {
    const [drafts, rows, receipts] = await rowsOn("draft", "outbox", "receipt").catch(() => []);
    if (!rows) return;
    const mine = (one) => one.shopper === this.me;
    const queued = rows.filter(mine);
    const back = (one) => this.list.querySelector(`[data-returned="${one.id}"]`);
    const received = receipts.filter((one) => mine(one) && Date.now() - one.got < DAY_MS && !back(one) && !queued.some((row) => row.visit === one.visit));
    this.rows = rows;
    this.part.hidden = !(queued.length + received.length);
    this.part.querySelector("[data-part=send]").hidden = !queued.length;
    this.part.querySelector("ul").replaceChildren(...queued.map((row) => this.line(row)), ...received.map((one) => this.receipt(one)));
    for (const draft of drafts.filter(mine)) this.note(draft);
    for (const heading of this.list.querySelectorAll("h2")) this.fold(heading);
    const count = queued.length;
    (count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => {});
  }

  /** A word from the sender, about one row or about none. */
  async tell(row, state) {
    if (row) this.states.set(row.id, state);
    await this.show();
  }

  line(row) {
    const line = this.copy("row");
    const state = row.attention ? "attention" : { sending: "sending", "sign-in": "signin" }[this.states.get(row.id)] ?? "waiting";
    line.dataset.row = row.id;
    line.dataset.state = state;
    line.querySelector("b").textContent = row.title;
    const why = row.attention && (this.part.dataset[`why${row.attention}`] ?? this.part.dataset.why.replace("{why}", row.attention));
    line.querySelector("span").textContent = [this.part.dataset[state], this.ago(row.queued), why].filter(Boolean).join(" – ");
    line.querySelector("[data-part=export]").hidden = Boolean(row.plain) || (!row.attention && Date.now() - row.queued < DAY_MS);
    return line;
  }

  receipt({ title, visit, received_at: at, photos }) {
    const line = this.copy("row");
    line.dataset.state = "received";
    line.querySelector("b").textContent = title;
    const { received, received1, receivedmany } = this.part.dataset;
    line.querySelector("span").textContent = (photos === 1 ? received1 : photos ? receivedmany : received).replace("{time}", clockTime(at)).replace("{n}", photos);
    line.querySelector("[data-part=export]").remove();
    line.dataset.visit = visit;
    return line;
  }

  // Beside the visit in the list: the draft that only this phone may have.
  note({ id, state, touched, begun }) {
    const place = this.list.querySelector(`[data-visit="${id}"]`);
    if (!place) return;
    place.dataset.state = state; // what was sent leaves the list
    const words = (touched || state === "queued") && this.list.dataset[state];
    const late = words && Date.now() - begun > 3 * DAY_MS;
    place.querySelector("[data-part=state]").textContent = words ? (late ? this.list.dataset.old : words).replace("{time}", clockTime(touched ?? begun)) : "";
  }

  // A heading goes with its last row.
  fold(heading) {
    const rows = heading.nextElementSibling;
    const left = [...rows.children].filter((row) => !/sent|stopped/.test(row.dataset.state) || row.dataset.returned);
    heading.hidden = rows.hidden = !left.length;
  }

  copy(name) {
    return this.part.querySelector(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
  }

  ago(then) {
    const minutes = Math.round((then - Date.now()) / 60_000);
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
    if (minutes > -60) return words.format(Math.min(0, minutes), "minute");
    return minutes > -1440 ? words.format(Math.round(minutes / 60), "hour") : words.format(Math.round(minutes / 1440), "day");
  }

  /** One file with the message as it would be sent, and its photos: the office can take it in by hand. */
  async exportRow(id) {
    const row = this.rows.find((one) => one.id === id);
    const photos = {};
    for (const sha of row.photos ?? []) {
      const photo = await photoIn(row.visit, sha);
      if (photo) photos[sha] = base64(photo.bytes);
    }
    const file = new Blob([JSON.stringify({ format: "candour-visit-1", message: row.body, photos })], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `visit-${row.visit}.json`;
    link.click();
  }
}

/** Bytes as base64, in pieces that fit on the stack. Pure. */
export function base64(bytes) {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < view.length; at += 32_768) text += String.fromCharCode(...view.subarray(at, at + 32_768));
  return btoa(text);
}
