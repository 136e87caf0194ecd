// The form was transformed before, as Enketo's own server does it; until the engine has taken it up, nobody can use it.
import { Form } from "enketo-core";

const { form, model } = JSON.parse(document.getElementById("definition").textContent);
const place = document.getElementById("form");
place.hidden = true;
place.innerHTML = `<div class="main"><article class="paper">${form}</article></div>`;
const loadErrors = new Form(place.querySelector("form.or"), { modelStr: model }).init();
if (loadErrors.length) throw new Error(loadErrors.join("\n"));
place.hidden = false;
