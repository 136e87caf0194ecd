// The shopper's list: makes what is on it available offline by itself, and tells how far each visit is.

import { offerInstall } from "./installing.js";
import { Outbox } from "./outbox.js";
import { copies, copyOf, dropPage, keepMissing, keepPage, refresh, tagOf } from "./pages.js";
import { keepSending } from "./waking.js";

const OFFLINE = "/offline";

const list = document.getElementById("list");
if (list) start(list);

function start(list) {
  const outbox = new Outbox(document.getElementById("outbox"), list);
  const flush = keepSending((row, state) => outbox.tell(row, state));
  outbox.onSend = () => flush(true);
  outbox.show().then(() => flush(false));
  // Only a worker opens copies without a network: before it stands ready, nothing is promised.
  navigator.serviceWorker?.ready.then(() => bring(list)).catch(() => {});
  offerUpdate(list);
  offerInstall(list.querySelector("[data-part=install]"));
}

/** Downloads every visit of the list that is not here in its present form; drops what is no longer on it. */
async function bring(list) {
  const places = [...list.querySelectorAll("[data-assignment]")];
  const wanted = new Set(["/", OFFLINE]);
  let whole = true;
  await keepMissing("/"); // first, since whoever leaves now will look for it
  for (const place of places) {
    const { assignment, visit, returned } = place.dataset;
    const said = place.querySelector("[data-part=offline]");
    try {
      const form = await bringVisit(assignment, visit, list.dataset.tag, returned);
      wanted.add(form).add(`/assignments/${assignment}`);
      if (!visit) place.dataset.begun = 1;
      place.dataset.visit = form.split("/")[2];
      said.textContent = said.dataset.here;
    } catch {
      whole = false;
      if (visit && (await copyOf(`/visits/${visit}/form`))) said.textContent = said.dataset.here;
    }
  }
  if (!whole) return;
  if (places.some((place) => place.dataset.begun)) await refresh("/");
  // The program brought this page in the language of its own day; another may have been chosen since.
  await keepMissing(OFFLINE);
  await tidy(wanted, list.dataset.tag);
}

async function bringVisit(assignment, visit, tag, returned) {
  const brief = `/assignments/${assignment}`;
  let form = visit && `/visits/${visit}/form`;
  if (!form) {
    // An offer becomes a draft, so that the visit can be made without a network; it counts as begun with its first answer.
    const pages = await copies();
    const answer = await fetch(`${brief}/visit`, { method: "POST", credentials: "same-origin" });
    form = new URL(answer.url).pathname;
    if (!answer.ok || !form.endsWith("/form")) throw new Error(`not to be had: ${answer.status}`);
    await keepPage(form, answer, pages);
    await refresh(brief);
  }
  for (const path of [form, brief]) {
    const text = await (await copyOf(path))?.text();
    // A copy from before the visit came back does not know that it did.
    const isOld = returned && path === form && !text?.includes(" data-returned ");
    if (!text || isOld || tagOf(text) !== tag) await mustCome(path);
  }
  return form;
}

async function mustCome(path) {
  const answer = await refresh(path);
  if (!answer.ok || new URL(answer.url).pathname !== path) throw new Error(`not to be had: ${answer.status}`);
}

async function tidy(wanted, tag) {
  for (const request of await (await copies()).keys()) {
    const { pathname } = new URL(request.url);
    const [, kind, whose] = pathname.split("/");
    const goes = kind === "panels" ? whose !== tag : kind === "photos" ? !wanted.has(`/visits/${whose}/form`) : kind !== "pictures" && !wanted.has(pathname);
    if (goes) await dropPage(pathname);
  }
}

async function offerUpdate(list) {
  const registration = await navigator.serviceWorker?.ready;
  const button = list.querySelector("[data-part=update]");
  const look = () => (button.hidden = !registration?.waiting);
  look();
  registration?.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  button.addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    registration.waiting?.postMessage("update");
  });
}
