// The name of bytes that nobody has to give out: their sha256.

/** The sha256 of bytes, in hex. */
export async function sha256(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

/** Bytes as two letters each. Pure. */
export function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
