// The copies of pages that open without a network: the list, briefs, and visits in their version.

export const PAGES = "pages";
const TAG = /\/static\/([0-9a-f]{12})\//;
const PICTURE = /\/pictures\/[\w.-]+/g;

/** The copy of a page, if the phone has one. */
export function copyOf(path) {
  return caches.match(path, { cacheName: PAGES, ignoreVary: true, ignoreSearch: true });
}

/** Keeps a copy of a page under the address that it is found at, with the pictures it shows. Resolves with its text. */
export async function keepPage(path, response) {
  const text = await response.clone().text();
  const pages = await caches.open(PAGES);
  // Written anew: a browser refuses to open a page from an answer that was redirected.
  await pages.put(path, new Response(text, { headers: response.headers }));
  const pictures = [...new Set(text.match(PICTURE) ?? [])];
  await Promise.all(pictures.map(async (picture) => (await copyOf(picture)) ?? pages.add(picture).catch(() => {})));
  return text;
}

/** Fetches the page anew. A visit that has ended redirects elsewhere: then its copy goes. Resolves with the answer. */
export async function refresh(path) {
  const answer = await fetch(path, { credentials: "same-origin", headers: { Accept: "text/html" } });
  const landed = new URL(answer.url).pathname;
  if (answer.ok && landed === path) await keepPage(path, answer);
  else if (landed !== "/sign-in" && answer.status < 500) await dropPage(path);
  return answer;
}

/** Forgets a copy. */
export async function dropPage(path) {
  return (await caches.open(PAGES)).delete(path, { ignoreVary: true });
}

/** The version of the scripts and styles that a page asks for. Pure. */
export function tagOf(text) {
  return TAG.exec(text)?.[1] ?? "";
}

/** The versions that copies on this phone ask for. */
export async function tagsInUse() {
  const pages = await caches.open(PAGES);
  const copies = await pages.matchAll();
  return new Set(await Promise.all(copies.map(async (copy) => tagOf(await copy.clone().text()))));
}
