// Copies of pages: complete or not at all, and gone with a sign-out even while one is on its way.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { copyOf, PAGES, refresh } from "../../static/js/phone/pages.js";

const FORM = "/visits/01900000-0000-7000-8000-000000000001/form";
const PANELS = "/panels/0123456789ab/en";
const OURS = '<link href="/static/0123456789ab/css/phone.css">';
const PHOTO = `/photos/01900000-0000-7000-8000-000000000001/${"a".repeat(64)}?size=paper`;
const PAGE = `${OURS}<form data-panels="${PANELS}"><img src="/pictures/counter.svg"><img src="${PHOTO}"></form>`;

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

let shelves, there, hold, answers;

beforeEach(() => {
  shelves = new Map();
  there = new Map([
    [FORM, PAGE],
    [PANELS, "<section></section>"],
    ["/pictures/counter.svg", "<svg/>"],
    [PHOTO, "a photo"],
  ]);
  hold = Promise.resolve();
  answers = {};
  globalThis.caches = {
    open: async (name) => shelves.get(name) ?? (shelves.set(name, new Cache()), shelves.get(name)),
    delete: async (name) => shelves.delete(name),
    match: async (path, { cacheName }) => shelves.get(cacheName)?.get(path),
  };
  globalThis.fetch = async (path) => {
    await hold;
    const { status = there.has(path) ? 200 : 404, landed = path } = answers[path] ?? {};
    if (!status) throw new TypeError("no network");
    const answer = new Response(there.get(path) ?? "", { status });
    return Object.defineProperties(answer, { url: { value: `https://lists.example${landed}` }, redirected: { value: landed !== path } });
  };
});

test("a copy of a page comes with its panels and its pictures", async () => {
  await refresh(FORM);
  assert.deepEqual([...shelves.get(PAGES).keys()].sort(), [PANELS, "/pictures/counter.svg", PHOTO, FORM].sort());
});

test("what was said once is in no copy", async () => {
  const said = '<p class="notice" role="status">The language was changed.</p>';
  const lasting = '<p class="notice">The last day has passed.</p>';
  there.set("/", `${OURS}<main>${said}<h1>Your list</h1>${lasting}${said}</main>`);
  const answer = await refresh("/");
  assert.equal(await (await copyOf("/")).text(), `${OURS}<main><h1>Your list</h1>${lasting}</main>`);
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

for (const part of [PHOTO, "/pictures/counter.svg", PANELS]) {
  test(`a line that breaks at ${part.slice(0, 8)} leaves no page that is taken for whole, and the one that was here stays`, async () => {
    answers[part] = { status: 0 };
    await assert.rejects(refresh(FORM), TypeError);
    assert.equal(await copyOf(FORM), undefined);
    answers[part] = undefined;
    await refresh(FORM);
    shelves.get(PAGES).delete(part);
    there.set(FORM, `${PAGE} newer`);
    answers[part] = { status: 503 };
    await assert.rejects(refresh(FORM), TypeError);
    assert.equal(await (await copyOf(FORM)).text(), PAGE);
  });
}

test("a page stands among the copies only after all that it shows: whoever leaves in between has no half of it", async () => {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  const fetched = globalThis.fetch;
  globalThis.fetch = async (path) => (path === PHOTO ? (await promise, fetched(path)) : fetched(path));
  const coming = refresh(FORM);
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
  assert.equal(await copyOf(FORM), undefined);
  resolve();
  await coming;
  assert.ok(await copyOf(FORM));
});

test("the page for signing in is no photo", async () => {
  answers[PHOTO] = { landed: "/sign-in", status: 200 };
  await assert.rejects(refresh(FORM), TypeError);
  assert.equal(await copyOf(PHOTO), undefined);
});

test("what a stranger's network answers in our name is no copy, and takes none away", async () => {
  await refresh(FORM);
  there.set(FORM, "<h1>Welcome to our hotel</h1>");
  await assert.rejects(refresh(FORM), TypeError);
  assert.equal(await (await copyOf(FORM)).text(), PAGE);
});

for (const status of [403, 408, 429, 500, 507]) {
  test(`${status} takes no copy away`, async () => {
    await refresh(FORM);
    answers[FORM] = { status };
    await refresh(FORM);
    assert.ok(await copyOf(FORM));
  });
}

test("a visit that leads elsewhere has ended; to the sign-in, it has not", async () => {
  await refresh(FORM);
  answers[FORM] = { status: 200, landed: "/sign-in" };
  await refresh(FORM);
  assert.ok(await copyOf(FORM));
  answers[FORM] = { status: 200, landed: "/visits/1/receipt" };
  await refresh(FORM);
  assert.equal(await copyOf(FORM), undefined);
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
