// Copies of pages: complete or not at all, and gone with a sign-out even while one is on its way.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { copyOf, PAGES, refresh } from "../../static/js/phone/pages.js";

const FORM = "/visits/01900000-0000-7000-8000-000000000001/form";
const PANELS = "/panels/0123456789ab/en";
const PAGE = `<form data-panels="${PANELS}"><img src="/pictures/counter.svg"></form>`;

// A cache that was deleted goes on taking what whoever holds it puts in; nobody finds it there.
class Cache extends Map {
  async put(path, response) {
    this.set(path, response);
  }

  async add(path) {
    const answer = await fetch(path);
    if (!answer.ok) throw new TypeError("not to be had");
    this.set(path, answer);
  }

  async match(path) {
    return this.get(path);
  }
}

let shelves, there, hold;

beforeEach(() => {
  shelves = new Map();
  there = new Map([
    [FORM, PAGE],
    [PANELS, "<section></section>"],
    ["/pictures/counter.svg", "<svg/>"],
  ]);
  hold = Promise.resolve();
  globalThis.caches = {
    open: async (name) => shelves.get(name) ?? (shelves.set(name, new Cache()), shelves.get(name)),
    delete: async (name) => shelves.delete(name),
    match: async (path, { cacheName }) => shelves.get(cacheName)?.get(path),
  };
  globalThis.fetch = async (path) => {
    await hold;
    const answer = new Response(there.get(path) ?? "", { status: there.has(path) ? 200 : 404 });
    return Object.defineProperty(answer, "url", { value: `https://lists.example${path}` });
  };
});

test("a copy of a page comes with its panels and its pictures", async () => {
  await refresh(FORM);
  assert.deepEqual([...shelves.get(PAGES).keys()].sort(), [PANELS, "/pictures/counter.svg", FORM].sort());
});

test("what was said once is in no copy", async () => {
  const said = '<p class="notice" role="status">The language was changed.</p>';
  const lasting = '<p class="notice">The last day has passed.</p>';
  there.set("/", `<main>${said}<h1>Your list</h1>${lasting}${said}</main>`);
  const answer = await refresh("/");
  assert.equal(await (await copyOf("/")).text(), `<main><h1>Your list</h1>${lasting}</main>`);
  assert.match(await answer.text(), /was changed/);
});

test("without its panels there is no copy: it could not be sent from", async () => {
  there.delete(PANELS);
  await assert.rejects(refresh(FORM), TypeError);
  assert.equal(await copyOf(FORM), undefined);
});

test("a picture that is missing keeps no page away", async () => {
  there.delete("/pictures/counter.svg");
  await refresh(FORM);
  assert.ok(await copyOf(FORM));
});

test("a page that arrives after a sign-out leaves no copy", async () => {
  let arrive;
  hold = new Promise((done) => (arrive = done));
  const coming = refresh(FORM);
  await new Promise((turn) => setImmediate(turn));
  await caches.delete(PAGES);
  arrive();
  await coming;
  assert.equal(await copyOf(FORM), undefined);
});

test("a visit that has ended takes its copy along", async () => {
  await refresh(FORM);
  there.delete(FORM);
  await refresh(FORM).catch(() => {});
  assert.equal(await copyOf(FORM), undefined);
});
