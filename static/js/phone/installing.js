// The word about the home screen: after the first visit that was received, while nothing is being written or waits, and
// until somebody says "not now". Never on the page of a visit.

import { rowsOn } from "./store.js";

const TOLD = "home-screen";

/** Whether this is the moment. `receipts`, `drafts`, `queued` are rows of this phone; `told` is when it was declined. Pure. */
export function isTheMoment(receipts, drafts, queued, told) {
  const busy = queued.length || drafts.some((draft) => draft.state === "draft" && draft.touched);
  return Boolean(receipts.length) && !busy && !told;
}

/** Shows the hint where the browser can put the list on the home screen, by its own window or by hand (Safari). */
export function offerInstall(hint) {
  const part = (name) => hint.querySelector(`[data-part=${name}]`);
  const byHand = navigator.standalone === false;
  let prompt;
  const look = async () => {
    const found = await rowsOn("receipt", "draft", "outbox").catch(() => null);
    hint.hidden = !((prompt || byHand) && found && isTheMoment(...found, localStorage[TOLD]));
    part("put").hidden = !prompt;
    part("by-hand").hidden = Boolean(prompt);
  };
  const done = () => {
    hint.hidden = true;
    localStorage[TOLD] = Date.now();
  };
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    look();
  });
  part("put").onclick = () => prompt.prompt().finally(done);
  part("later").onclick = done;
  look();
}
