// The walk through a checklist: shows one section at a time and what the answers call for. Never draws, never scores;
// without it the page is one long form. What keeps and sends the answers is fetched once the first question stands.

import { isOdd, isTouched, readAnswers, readTree, writeTree } from "./answers.js";
import { firstControl, followUp } from "./following.js";
import { leftIn, nextOpen, progressWords } from "./progress.js";
import { Sections } from "./sections.js";
import { given, visible } from "./visibility.js";

const form = document.getElementById("visit");
if (form) start(form);

function start(form) {
  const rules = JSON.parse(document.getElementById("rules").textContent);
  const questions = [...form.querySelectorAll("[data-ask]")];
  const part = (name) => form.querySelector(`.progress [data-part="${name}"]`);
  const links = [...part("sections").querySelectorAll("li")];
  let state = [];
  const sections = new Sections(form, tellProgress);

  function look() {
    const answers = readAnswers(questions);
    const seen = visible(rules.sections, answers, rules);
    state = questions.map((question) => {
      const { ask: id, kind } = question.dataset;
      question.hidden = !seen.questions.has(id);
      const odd = isOdd(kind, answers[id].value);
      const lacks = followUp(question, answers[id]) || odd;
      const complaint = question.querySelector("[data-part=odd]");
      // While somebody writes, what is written is not finished yet.
      if (complaint) complaint.hidden = !odd || question.contains(document.activeElement);
      const required = "required" in question.dataset || lacks;
      return { question, seen: !question.hidden, required, answered: given(answers[id]) && !lacks, step: question.closest("[data-step]") };
    });
    sections.steps.forEach((step, at) => {
      step.hidden = links[at].hidden = !seen.sections.includes(step.dataset.step);
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

  look();
  sections.follow(false);
  document.querySelector(".summary")?.focus();

  // A button that is pressed meanwhile waits; if it cannot be fetched, the server does what buttons say.
  const waiting = (event) => (event.preventDefault(), pressed.push(event.submitter));
  const pressed = [];
  form.addEventListener("submit", waiting);
  import(form.dataset.keeping)
    .then(({ keepVisit }) => keepVisit({ form, questions, sections, marks: rules.marks, look, state: () => state, answers: { isTouched, readTree, writeTree } }))
    .catch((trouble) => (console.error(trouble), false))
    .then((keeps) => {
      form.removeEventListener("submit", waiting);
      form.dataset.ready = keeps ? "kept" : "plain";
      for (const button of pressed) form.requestSubmit(button);
    });
}
