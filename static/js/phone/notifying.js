// The page of notifications: whether this browser can show them, the button that asks it, and the one that ends them in
// the browser too.

import { ours } from "./addresses.js";
import { refresh } from "./pages.js";

const OFFLINE = "/offline"; // holds the sentence that the worker shows
const place = document.getElementById("notifications");
if (place && "serviceWorker" in navigator && "PushManager" in self && "Notification" in self) start();

async function start() {
  const on = part("on");
  if (on && Notification.permission === "granted") return whenSent(on, leave);
  if (on) on.hidden = true; // taken back in the browser, which throws its address away
  part("cannot")?.remove();
  part("off").hidden = false;
  if (Notification.permission === "denied") part("denied").hidden = false;
  whenSent(part("off"), join);
}

/** Runs `work` before the form of this part is sent, once at a time; where it fails, that is said and nothing is sent. */
function whenSent(box, work) {
  const form = box.querySelector("form");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const failed = await work(form).catch(() => "failed");
    for (const name of ["denied", "failed"]) part(name).hidden = name !== failed;
    button.disabled = !failed;
    if (!failed) form.submit();
  });
}

async function join(form) {
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  await navigator.serviceWorker.register(ours("/sw.js"));
  const { pushManager } = await navigator.serviceWorker.ready;
  // An address of an earlier sign-in, or of another key, is worth nothing any more.
  await (await pushManager.getSubscription())?.unsubscribe();
  const { endpoint } = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: place.dataset.key });
  await refresh(OFFLINE);
  form.elements.address.value = endpoint;
}

// What the server forgets is what counts: where the browser does not follow, the form is sent all the same.
async function leave() {
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => {});
}

function part(name) {
  return place.querySelector(`[data-part=${name}]`);
}
