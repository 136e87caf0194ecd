import { Model } from "survey-core";
import { renderSurvey } from "survey-js-ui";
import "survey-core/survey-core.fontless.min.css";

const definition = JSON.parse(document.getElementById("definition").textContent);
renderSurvey(new Model(definition), document.getElementById("form"));
