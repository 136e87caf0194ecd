import { OdkWebForm, webFormsPlugin } from "@getodk/web-forms";
import { createApp } from "vue";

const formXml = JSON.parse(document.getElementById("definition").textContent);
const fetchFormAttachment = async () => new Response("", { status: 404 });
createApp(OdkWebForm, { formXml, fetchFormAttachment }).use(webFormsPlugin).mount("#form");
