// What stands in for the form: panels for checking, stopping and sending, the shopping list, and sentences. All visits
// share one document of them; a copy of a page never comes without its own.

const PATIENCE_MS = 20_000;

/** Fetches the panels and puts them after the form; fails where they cannot be had. */
export function bringPanels(form) {
  return new Promise((done, fail) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", form.dataset.panels);
    asked.responseType = "document"; // read as a page is, without scripts
    asked.timeout = PATIENCE_MS;
    asked.onloadend = () => {
      if (asked.status !== 200 || !asked.response) return fail(new Error("panels"));
      form.after(...asked.response.body.children);
      done();
    };
    asked.send();
  });
}
