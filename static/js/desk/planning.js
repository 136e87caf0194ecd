/** The slider of a plan: shows the sentence of the chosen difference and moves the dot there. Works out nothing. */

const slider = document.querySelector("#points");
const form = slider.form;
const dot = form.querySelector(".curve .level");
const sentences = [...form.querySelectorAll("[data-points]")];

function show() {
  for (const sentence of sentences) sentence.hidden = sentence.dataset.points !== slider.value;
  const chosen = sentences.find((sentence) => !sentence.hidden);
  dot.setAttribute("d", `M${chosen.dataset.at}h.01`);
}

form.querySelector("button").hidden = true;
slider.addEventListener("input", show);
show(); // a browser that goes back brings the slider where it was left
