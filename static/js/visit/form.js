// The walk through a checklist: shows one section at a time and what the answers call for. Never draws, never scores;
// without it the page is one long form.

import { readAnswers } from "./answers.js";
import { offerPosition } from "./position.js";
import { leftIn, nextOpen, progressWords } from "./progress.js";
import { Sections } from "./sections.js";
import { answerPasses, given, visible } from "./visibility.js";

const form = document.getElementById("visit");
if (form) start(form);

function start(form) {
  const rules = JSON.parse(document.getElementById("rules").textContent);
  const questions = [...form.querySelectorAll("[data-ask]")];
  const part = (name) => form.querySelector(`.progress [data-part="${name}"]`);
  const links = [...part("sections").querySelectorAll("li")];
  let state = [];
  let changed = false;

  const sections = new Sections(form, tellProgress);

  function look() {
    const answers = readAnswers(questions);
    const seen = visible(rules.sections, answers, rules);
    for (const question of questions) {
      question.hidden = !seen.questions.has(question.dataset.ask);
      followUp(question, answers[question.dataset.ask]);
    }
    sections.steps.forEach((step, at) => {
      step.hidden = links[at].hidden = !seen.sections.includes(step.dataset.step);
    });
    state = questions.map((question) => ({
      seen: !question.hidden,
      required: "required" in question.dataset,
      answered: given(answers[question.dataset.ask]),
      step: question.closest("[data-step]"),
    }));
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

  form.addEventListener("input", () => {
    if (!changed) part("saved").textContent = form.dataset.unsaved;
    changed = true;
    look();
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.part === "back") sections.go(-1);
    if (button?.dataset.part === "next-open") {
      sections.open(firstControl(questions[nextOpen(state, lastIn(sections.current))]).id);
    }
    // Nothing to save: no need to wait for the network.
    if (button?.value?.startsWith("save:") && !changed) {
      event.preventDefault();
      sections.go(1);
    }
    if (event.target.closest("[data-part=sections] a")) part("sections").open = false;
  });

  // Nothing is kept on this phone yet: ask before words that were never saved are left behind.
  addEventListener("beforeunload", (event) => {
    if (!changed) return;
    event.preventDefault();
    event.returnValue = true;
  });
  form.addEventListener("submit", () => queueMicrotask(() => (changed = false)));

  offerPosition(form);
  look();
  sections.follow(false);
  document.querySelector(".summary")?.focus();
}

function followUp(question, answer) {
  const called = [...question.querySelectorAll("[data-when]")].filter((demand) => {
    const [[operator, operand]] = Object.entries(JSON.parse(demand.dataset.when));
    demand.hidden = !answerPasses(operator, operand, answer);
    return !demand.hidden;
  });
  for (const want of ["comment", "photo"]) {
    const box = question.querySelector(`[data-part="${want}"]`);
    if (box) box.hidden = !called.some((demand) => demand.dataset.wants.includes(want)) && isEmpty(box);
  }
}

function isEmpty(box) {
  return [...box.querySelectorAll("textarea, input")].every((input) => (input.type === "checkbox" ? !input.checked : !input.value));
}

function firstControl(question) {
  return question.querySelector(`[id="q-${question.dataset.ask}"]`) ?? question;
}
