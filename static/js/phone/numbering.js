// Ids that nobody has to give out: they sort by the moment they were made.

/** A new id that sorts by the moment it was made (RFC 9562, version 7): the moment stands in place of the first bits of
 *  one that is all chance. */
export function uuid7(now = Date.now()) {
  const time = now.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
