// Ids that nobody has to give out: they sort by the moment they were made.

import { hex } from "./hashing.js";

/** A new id that sorts by the moment it was made (RFC 9562, version 7): six bytes of time, the rest is chance but for the
 *  version and the variant. */
export function uuid7(now = Date.now()) {
  const chance = crypto.getRandomValues(new Uint8Array(10));
  chance[0] = (chance[0] & 0x0f) | 0x70;
  chance[2] = (chance[2] & 0x3f) | 0x80;
  return `${now.toString(16).padStart(12, "0")}${hex(chance)}`.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
