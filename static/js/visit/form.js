// The walk through a checklist: shows one section at a time and what the answers call for, and keeps them. Never draws,
// never scores; without it the page is one long form. What copies and sends the answers is fetched meanwhile.

import { idOf, lengthOf, oddityOf, readAnswers } from "./answers.js";
import { firstControl, followUp } from "./following.js";
import { Keeper } from "./keeper.js";
import { leftIn, nextOpen, progressWords } from "./progress.js";
import { Sections } from "./sections.js";
import { given, visible } from "./visibility.js";

const form = document.getElementById("visit");
if (form) start(form);

function start(form) {
  import("./phone.js").catch(() => {}); // on its way already when the next one asks for it
  const coming = import("./keeping.js");
  const around = JSON.parse(form.dataset.around);
  const questions = [...form.querySelectorAll(".question")];
  for (const question of questions) question.dataset.ask = idOf(question);
  const part = (name) => form.querySelector(`.progress [data-part="${name}"]`);
  const links = [...part("sections").querySelectorAll("li")];
  let state = [];
  const sections = new Sections(form, tellProgress);
  const plan = sections.steps.map((step) =>
    ruled(step, step.id, { questions: questions.filter((question) => step.contains(question)).map((question) => ruled(question, question.dataset.ask)) }),
  );

  function look() {
    const answers = readAnswers(questions);
    const seen = visible(plan, answers, around);
    state = questions.map((question) => {
      const id = question.dataset.ask;
      question.hidden = !seen.questions.has(id);
      const odd = oddityOf(question.dataset, answers[id].value);
      const lacks = Boolean(followUp(question, answers[id]) || odd);
      const complaint = question.querySelector("[data-part=odd]");
      // While somebody writes, what is written is not finished yet.
      if (complaint) complain(complaint, !question.contains(document.activeElement) && odd, { ...question.dataset, count: lengthOf(`${answers[id].value}`) });
      const required = !question.querySelector("legend > .optional") || lacks;
      return { question, seen: !question.hidden, required, answered: given(answers[id]) && !lacks, step: question.closest(".step") };
    });
    sections.steps.forEach((step, at) => {
      step.hidden = links[at].hidden = !seen.sections.includes(step.id);
    });
    tellProgress(sections.current);
  }

  const lastIn = (step) => questions.reduce((last, question, at) => (step.contains(question) ? at : last), -1);

  function tellProgress(step) {
    const seen = sections.seen;
    const left = (of) => leftIn(state.filter((question) => question.step === of));
    const words = progressWords(form.dataset, seen.indexOf(step) + 1, seen.length, left(step));
    if (part("words").textContent !== words) part("words").textContent = words;
    part("next-open").hidden = nextOpen(state, -1) < 0;
    sections.steps.forEach((other, at) => {
      const link = links[at].querySelector("a");
      if (other === step) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      links[at].querySelector("[data-left]").textContent = left(other) ? form.dataset.left.replace("{left}", left(other)) : "";
    });
  }

  form.addEventListener("input", look);
  form.addEventListener("focusout", () => setTimeout(look));
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.part === "back") sections.go(-1);
    if (button?.dataset.part === "next-open") sections.open(firstControl(questions[nextOpen(state, lastIn(sections.current))]).id);
    if (target.closest("[data-part=sections] a")) part("sections").open = false;
  });

  const keeper = new Keeper(form, questions, look);
  keeper.opened = keeper.open(around.marks);
  look();
  sections.follow(false);
  document.querySelector(".summary")?.focus();

  // A button that is pressed meanwhile waits; if it cannot be fetched, the server does what buttons say.
  const waiting = (event) => (event.preventDefault(), pressed.push(event.submitter));
  const pressed = [];
  form.addEventListener("submit", waiting);
  coming
    .then(({ keepVisit }) => keepVisit({ form, sections, keeper, state: () => state }))
    .catch((trouble) => (console.error(trouble), false))
    .then((keeps) => {
      form.removeEventListener("submit", waiting);
      if (!keeps) form.addEventListener("submit", () => (self.onpagehide = null)); // the server has it then
      form.dataset.ready = keeps ? "kept" : "plain";
      look();
      for (const button of pressed) form.requestSubmit(button);
    });
}

// A section or a question with its rule, as `visible` wants it.
function ruled(place, id, more) {
  return { id, ...more, ...(place.dataset.if && { show_if: JSON.parse(place.dataset.if) }) };
}

// The sentences come with the panels; where there are none, the server complains.
function complain(place, odd, values) {
  const sentence = document.getElementById("sentences")?.dataset[odd];
  place.hidden = !sentence;
  place.closest("[data-ask]").querySelector("input.box, textarea").setAttribute("aria-invalid", Boolean(sentence));
  if (sentence) place.textContent = sentence.replace(/{(\w+)}/g, (_, name) => values[name]);
}
