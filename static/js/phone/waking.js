// When the outbox is looked at: at once, when the network or the page comes back, every half minute, and by the worker
// where the browser wakes it. Nobody ever waits for the worker.

import { ours } from "./addresses.js";
import { flush } from "./sender.js";

const EVERY_MS = 30_000;

/** Registers the worker and keeps the outbox moving; `tell(row, state)` hears what becomes of each row, and `tell()` that
 *  somebody looked: the worker, or another tab, may have sent meanwhile. */
export function keepSending(tell) {
  const now = (force) =>
    flush(force, tell)
      .catch(() => ["later"])
      .finally(() => tell());
  addEventListener("online", () => now(true));
  document.addEventListener("visibilitychange", () => document.hidden || now(false));
  setInterval(() => now(false), EVERY_MS);
  navigator.serviceWorker?.register(ours("/sw.js")).catch(() => {});
  return now;
}

/** Asks the browser to wake the worker when there is a network again, and to keep what is stored here. */
export function askToBeWoken() {
  navigator.storage?.persist?.().catch(() => {});
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("outbox")).catch(() => {});
}
