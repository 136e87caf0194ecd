// Photos: made small one after the other in a worker, kept on the phone before anything else, shown as thumbnails in the
// tray. A marker stands while the camera is open, since the phone may close the page meanwhile.

import { ours } from "../phone/addresses.js";
import { answerOf, reading, rowsOf, within } from "../phone/store.js";
import { call, photoIn } from "../phone/sender.js";

const SHRINKING_MS = 60_000;

/** The photos of one form, and the inputs that bring them. */
export class Tray {
  constructor(form, keeper) {
    Object.assign(this, { form, keeper, id: keeper.id, row: document.getElementById("photo-row"), answers: new Map(), tickets: 0, last: Promise.resolve(), uploading: Promise.resolve() });
    const heard = (name, act) => form.addEventListener(name, ({ target }) => target.type === "file" && act(target), true);
    heard("cancel", () => this.close());
    heard("change", (input) => (delete input.dataset.failed, input.files.length && this.add(input)));
    heard("click", (input) => this.opening(input));
    // Those that were chosen before anybody listened.
    for (const input of form.querySelectorAll("input[type=file]")) if (input.files.length) this.add(input);
  }

  /** Brings the tray of a question to these photos: those the phone has as it has them, the others from the server. */
  async show(question, shas) {
    if (!question.querySelector(".tray")) return;
    for (const sha of shas) if (!this.box(question, sha)) await this.put(question, sha);
    for (const box of question.querySelectorAll("input[name$='--kept']")) box.checked = shas.includes(box.value);
    this.keeper.look();
  }

  box(question, sha) {
    return question.querySelector(`input[name$='--kept'][value="${sha}"]`);
  }

  async put(question, sha) {
    const photo = await photoIn(this.id, sha);
    if (this.box(question, sha)) return;
    const list = question.querySelector(".tray");
    const row = this.row.content.firstElementChild.cloneNode(true);
    const n = list.children.length + 1;
    const [picture, box, said] = ["img", "input", "span"].map((name) => row.querySelector(name));
    picture.src = photo ? URL.createObjectURL(new Blob([photo.bytes], { type: photo.type })) : `/photos/${this.id}/${sha}?size=paper`;
    picture.alt = picture.alt.replace("{n}", n);
    picture.onload = () => URL.revokeObjectURL(picture.src);
    box.name = `q-${question.dataset.ask}--kept`;
    box.value = sha;
    said.textContent = said.textContent.replace("{n}", n);
    list.append(row);
  }

  /** The files that were chosen in this input, one by one. A file that could not be kept stays chosen. */
  add(input) {
    this.close();
    return (this.last = this.last.then(() => this.addAll(input)).catch(() => null));
  }

  async addAll(input) {
    const question = input.closest(".question");
    const files = [...input.files];
    for (const [at, file] of files.entries()) {
      this.say(question, "adding", { n: at + 1, total: files.length });
      try {
        await this.keep(question, await this.shrink(file));
      } catch (trouble) {
        input.dataset.failed ??= ""; // it counts as no photo
        this.keeper.look();
        return this.say(question, trouble.name === "QuotaExceededError" ? "full" : /no photo/.test(trouble.message) ? "none" : "failed", {});
      }
    }
    input.value = "";
    delete input.dataset.failed;
    this.uploading = this.uploading.then(() => this.upload()).catch(() => null);
    this.say(question, "added", { n: question.querySelectorAll("input[name$='--kept']:checked").length });
  }

  async keep(question, { bytes, type, sha, taken }) {
    const id = question.dataset.ask;
    // With its answer, at once: a photo that no answer names is never sent.
    await within(["photo", "mark", "answer"], async (shelf, marks, answers) => {
      const { tree, edit = 0 } = (await answerOf(answers.get([this.id, id]))) ?? {};
      answers.put({ draft: this.id, question: id, tree: { ...tree, photos: [...new Set(tree?.photos).add(sha)] }, edit: edit + 1, fresh: 1 });
      shelf.put({ draft: this.id, question: id, sha, bytes, type, known: 0 });
      if (taken.at) marks.put({ draft: this.id, name: `photo:${sha.slice(0, 16)}`, ...taken });
    });
    await this.put(question, sha);
    this.box(question, sha).checked = true;
    this.keeper.note(id);
    this.keeper.look();
  }

  /** A copy to the server at once, if there is a network; what is not there in the end goes with the visit. */
  async upload() {
    const photos = await reading(["photo"], (shelf) => answerOf(shelf.getAll(rowsOf(this.id))));
    for (const { question, sha, bytes, type, known } of photos) {
      if (known) continue;
      const answer = await call(`/visits/${this.id}/photos/${sha}`, { method: "PUT", body: bytes, headers: { "Content-Type": type } });
      if (!answer.ok) return;
      await within(["photo"], async (shelf) => {
        const row = await answerOf(shelf.get([this.id, question, sha]));
        if (row) shelf.put({ ...row, known: 1 });
      });
    }
  }

  shrink(file) {
    this.worker ??= this.employ();
    return new Promise((done, fail) => {
      const ticket = ++this.tickets;
      this.answers.set(ticket, (made) => (made.trouble ? fail(new Error(made.trouble)) : done(made)));
      this.worker.postMessage({ ticket, file });
      setTimeout(fail, SHRINKING_MS, new Error("late"));
    });
  }

  employ() {
    const worker = new Worker(ours(new URL("./shrinking.js", import.meta.url).pathname));
    worker.onmessage = ({ data }) => {
      this.answers.get(data.ticket)(data);
      this.answers.delete(data.ticket);
    };
    worker.onerror = () => {
      this.worker = null;
      this.answers.forEach((answer) => answer({ trouble: "gone" }));
    };
    return worker;
  }

  say(question, state, values) {
    const words = this.row.dataset[values.n === 1 && state === "added" ? "one" : state] ?? "";
    question.querySelector("[data-part=counted]").textContent = words.replace("{n}", values.n).replace("{total}", values.total);
  }

  /** The camera is about to open. */
  opening(input) {
    const place = { visit: this.id, question: input.closest(".question").dataset.ask };
    this.mark((meta) => meta.put(place, "camera"));
  }

  close() {
    return this.mark((meta) => meta.delete("camera"));
  }

  // Where it cannot be noted, the photo is taken all the same.
  mark(work) {
    return within(["meta"], (meta) => answerOf(work(meta))).catch(() => null);
  }

  /** Back after the phone closed the page while the camera was open: the right question, and a clear word. */
  async returned() {
    const place = await this.mark((meta) => meta.get("camera"));
    if (place?.visit !== this.id) return;
    await this.close();
    const question = this.keeper.find(place.question);
    if (!question) return;
    location.hash = `q-${place.question}`;
    this.say(question, "closed", {});
  }
}
