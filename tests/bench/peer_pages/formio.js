// Beside the library's own file, which is loaded before this one.
const definition = JSON.parse(document.getElementById("definition").textContent);
self.Formio.createForm(document.getElementById("form"), definition);
