// The one policy for addresses of scripts: our own files, and nothing else, may become a worker.

/** The address as the browser wants it where it asks for proof, as text elsewhere. */
export function ours(address) {
  policy ??= self.trustedTypes?.createPolicy("candour", { createScriptURL: ownAddress }) ?? { createScriptURL: ownAddress };
  return policy.createScriptURL(address);
}

let policy;

function ownAddress(address) {
  const { origin, pathname } = new URL(address, location.href);
  if (origin !== location.origin || !(pathname === "/sw.js" || pathname.startsWith("/static/"))) throw new TypeError(address);
  return address;
}
