// The copies of pages that open without a network: the list, briefs, and visits in their version.

export const PAGES = "pages";
const TAG = /\/static\/([0-9a-f]{12})\//;
const PICTURE = /\/(?:pictures\/[\w.-]+|photos\/[\w-]+\/\w{64}\?size=paper)/g;
const PANELS = /\/panels\/\w+\/[\w-]+/;
const GONE = /404|410/;
const SAID_ONCE = /<p class="notice" role="status">[^<]*<\/p>/g;

/** The copies. Opened before a page is asked for: if they are thrown away meanwhile, at a sign-out, what comes then goes
 *  with them. */
export function copies() {
  return caches.open(PAGES);
}

/** The copy of a page, if the phone has one. */
export function copyOf(path) {
  return caches.match(path, { cacheName: PAGES, ignoreVary: true, ignoreSearch: true });
}

/** Keeps a copy of a page among the copies, under the address that it is found at, after its panels and the pictures it
 *  shows: a page that is here promises that all of it is. None says again what was said once. */
export async function keepPage(path, response, pages) {
  const text = (await response.clone().text()).replace(SAID_ONCE, "");
  // Who keeps the door of a hotel's network answers in our name.
  if (!tagOf(text)) throw new TypeError(path);
  const parts = new Set([PANELS, PICTURE].flatMap((kind) => text.match(kind) ?? []));
  await Promise.all([...parts].map((part) => keepPart(part, pages)));
  // Written anew: a browser refuses to open a page from an answer that was redirected.
  await pages.put(path, new Response(text, { headers: response.headers }));
}

// A picture that the server does not have keeps no page away; one that did not come, and panels, do.
async function keepPart(path, pages) {
  if (await copyOf(path)) return;
  const answer = await fetch(path);
  if (answer.ok && !answer.redirected) return pages.put(path, answer);
  if (PANELS.test(path) || !GONE.test(answer.status)) throw new TypeError(path);
}

/** Fetches the page anew. A visit that has ended redirects elsewhere: then its copy goes. Resolves with the answer. */
export async function refresh(path) {
  const pages = await copies();
  const answer = await fetch(path, { credentials: "same-origin", headers: { Accept: "text/html" } });
  const landed = new URL(answer.url).pathname;
  if (answer.ok && landed === path) await keepPage(path, answer, pages);
  else if (answer.ok ? landed !== "/sign-in" : GONE.test(answer.status)) await dropPage(path);
  return answer;
}

/** Fetches those of these pages that the phone has no copy of. Without a network it goes without. */
export async function keepMissing(...paths) {
  for (const path of paths) if (!(await copyOf(path))) await refresh(path).catch(() => {});
}

/** Forgets a copy. */
export async function dropPage(path) {
  return (await copies()).delete(path, { ignoreVary: true });
}

/** The version of the scripts and styles that a page asks for. Pure. */
export function tagOf(text) {
  return TAG.exec(text)?.[1] ?? "";
}

/** The versions that copies on this phone ask for. */
export async function tagsInUse() {
  const kept = await (await copies()).matchAll();
  return new Set(await Promise.all(kept.map(async (copy) => tagOf(await copy.clone().text()))));
}
