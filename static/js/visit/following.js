// What an answer asks for on the spot: facts, a comment, a photo. Shows and hides; what was written stays in sight.

import { answerPasses } from "./visibility.js";

/** Shows what this answer calls for. True if any of it is still missing. */
export function followUp(question, answer) {
  const called = [...question.querySelectorAll("[data-when]")].filter((demand) => {
    const [[operator, operand]] = Object.entries(JSON.parse(demand.dataset.when));
    demand.hidden = !answerPasses(operator, operand, answer);
    return !demand.hidden;
  });
  let lacks = called.some((demand) => demand.querySelector("input") && !demand.querySelector("input:checked"));
  for (const want of ["comment", "photo"]) {
    const wanted = called.some((demand) => demand.dataset.wants.includes(want));
    const box = question.querySelector(`[data-part="${want}"]`);
    if (box) box.hidden = !wanted && isEmpty(box);
    lacks ||= wanted && (want === "photo" ? !answer.photos.length : isEmpty(box));
  }
  return lacks;
}

/** Where the focus goes when a question is to be answered. */
export function firstControl(question) {
  return question.querySelector(`[id="q-${question.dataset.ask}"]`) ?? question;
}

function isEmpty(box) {
  return [...box.querySelectorAll("textarea, input")].every((input) => (input.type === "checkbox" ? !input.checked : !input.value.trim()));
}
