// What this browser is called as a sender of edits.

import { uuid7 } from "./numbering.js";
import { answerOf, within } from "./store.js";

/** The name; made once. */
export function deviceName() {
  return within(["meta"], async (meta) => {
    const kept = await answerOf(meta.get("device"));
    const name = kept ?? `phone-${uuid7()}`;
    if (!kept) meta.put(name, "device");
    return name;
  });
}
