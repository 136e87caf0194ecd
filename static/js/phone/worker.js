// The service worker: the shell by content-hashed names, copies of pages, and a sender that the browser may wake. Never
// touches a message or what the phone keeps; a new one waits until it is asked for or all tabs are closed.

import { copies, copyOf, keepPage, PAGES, refresh, tagsInUse } from "./pages.js";
import { flush } from "./sender.js";

const { tag, files, offline, icon } = self.SHELL;
const LASTING = /^\/(visits\/[0-9a-f-]{36}\/form|assignments\/[0-9a-f-]{36})$/;
const LIST_MS = 3_000;

addEventListener("install", (event) => event.waitUntil(caches.open(`shell-${tag}`).then((shell) => shell.addAll(files))));

addEventListener("activate", (event) => event.waitUntil(tidy()));

// Older shells stay as long as a copy of a page asks for them.
async function tidy() {
  const used = await tagsInUse();
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== `shell-${tag}` && !used.has(name.slice(6)));
  await Promise.all(old.map((name) => caches.delete(name)));
}

addEventListener("message", (event) => event.data === "update" && self.skipWaiting());

addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(flush(true).then((became) => became.includes("later") && Promise.reject(new Error("later"))));
});

// A push says nothing; the words are those of a page that is here in the reader's language, and name nobody.
addEventListener("push", (event) => event.waitUntil(tell()));

async function tell() {
  await registration.showNotification((await told("news")) ?? "…", { icon, tag });
}

async function told(what) {
  return RegExp(`data-${what}="([^"]+)`).exec(await (await sorry()).text())?.[1];
}

// A browser that takes messages elsewhere from now on tells the server where.
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(follow()));

async function follow() {
  const { endpoint } = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: await told("key") });
  await fetch("/notifications", { method: "PUT", body: endpoint });
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow("/"));
});

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  if (method !== "GET") {
    // Who signed out takes the pages along, never the outbox; another language brings them anew. Where the network or
    // the server is gone, nobody signed out.
    if (method === "POST" && ["/sign-out", "/language"].includes(pathname)) event.respondWith(fetch(event.request).then(async (answer) => (answer.status < 500 && (await caches.delete(PAGES)), answer), sorry));
  } else if (pathname.startsWith("/static/")) event.respondWith(caches.match(pathname, { ignoreVary: true }).then((found) => found ?? fetch(event.request)));
  else if (/^\/(pictures|photos|panels)\//.test(pathname)) event.respondWith(copyOf(pathname).then((found) => found ?? fetch(event.request)));
  else if (mode === "navigate") event.respondWith(pathname === "/" ? list(event) : LASTING.test(pathname) ? lasting(event, pathname) : page(event));
});

async function list(event) {
  const pages = await copies();
  const network = fetch(event.request).then(async (answer) => {
    if (answer.ok && new URL(answer.url || event.request.url).pathname === "/") event.waitUntil(keepPage("/", answer.clone(), pages));
    return (answer.status >= 500 && (await copyOf("/"))) || answer;
  });
  network.catch(() => {});
  const slow = new Promise((done) => setTimeout(done, LIST_MS)).then(() => copyOf("/"));
  const first = await Promise.race([network.catch(() => copyOf("/")), slow]);
  return first ?? network.catch(() => sorry());
}

async function lasting(event, pathname) {
  const copy = await copyOf(pathname);
  if (!copy) return page(event);
  event.waitUntil(refresh(pathname).catch(() => {}));
  return copy;
}

function page(event) {
  return fetch(event.request).catch(() => sorry());
}

async function sorry() {
  return (await copyOf(offline)) ?? (await caches.match(offline)) ?? Response.error();
}
