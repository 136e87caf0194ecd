// Check your answers: what is open first, then each answer with a way to change it. The words are those of the form, the
// rows are copies of the one that the server wrote.

/** Fills the panel. `state`: [{question, seen, required, answered, step}] in the order of the page. */
export function review(panel, state) {
  const find = (name) => panel.querySelector(`[data-part="${name}"]`);
  const seen = state.filter((one) => one.seen);
  const open = seen.filter((one) => one.required && !one.answered);
  find("open").replaceChildren(...open.map(({ question }) => filled(panel, "open-row", question)));
  find("some").hidden = !open.length;
  find("some").querySelector("h2").textContent = (open.length === 1 ? panel.dataset.one : panel.dataset.many).replace("{n}", open.length);
  find("none").hidden = find("send").hidden = Boolean(open.length);
  find("first").hidden = !open.length;
  find("unmarked").hidden = !document.querySelector("[value='mark:enter']:not([hidden]), [value='mark:leave']:not([hidden])");
  if (open.length) find("first").href = `#q-${open[0].question.dataset.ask}`;
  const steps = [...new Set(seen.map((one) => one.step))];
  find("answers").replaceChildren(
    ...steps.map((step) => {
      const part = copy(panel, "part");
      say(part.querySelector("h2"), step.querySelector("h2"));
      part.querySelector("dl").append(...seen.filter((one) => one.step === step).map(({ question }) => filled(panel, "line", question)));
      return part;
    }),
  );
}

function copy(panel, name) {
  return panel.querySelector(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
}

function filled(panel, name, question) {
  const row = copy(panel, name);
  for (const place of row.querySelectorAll("[data-ask-words]")) say(place, question.querySelector("legend label") ?? question.querySelector("legend").firstChild);
  row.querySelector("a").href = `#q-${question.dataset.ask}`;
  const said = row.querySelector("[data-said]");
  if (said) said.textContent = wordsOf(question).join("\n") || panel.dataset.nothing;
  return row;
}

// The same words, in the language they are in. An empty `lang` would say that nobody knows which.
function say(place, words) {
  place.textContent = words.textContent.trim();
  for (const name of ["lang", "dir"]) {
    const spoken = words[name] || words.firstElementChild?.[name];
    if (spoken) place[name] = spoken;
  }
}

/** An answer in the words of the form: labels of what is ticked, what was written, how many photos. */
export function wordsOf(question) {
  const ticked = [...question.querySelectorAll("input:checked")].filter((input) => input.value !== "" && !input.name.endsWith("--kept"));
  const labels = ticked.map((input) => {
    const row = input.closest("fieldset.row")?.querySelector("legend").textContent.trim();
    const label = input.closest("label").textContent.trim();
    return row ? `${row}: ${label}` : label;
  });
  const written = [...question.querySelectorAll("input.box, textarea")].filter((box) => box.value.trim());
  const photos = question.querySelectorAll("input[name$='--kept']:checked").length;
  const { one, many } = document.getElementById("photo-row")?.dataset ?? {};
  const counted = photos ? [(photos === 1 ? one : many).replace("{n}", photos)] : [];
  return [...labels, ...written.map((box) => box.value.trim()), ...counted];
}
