// Builds one page for each peer from its published package: node build.mjs FORMS PAGES. Each is tried for itself, and the
// last line tells in JSON what became of it: "" or why there is no page.
import { build } from "esbuild";
import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as sass from "sass";

const [forms, pages] = process.argv.slice(2);
const installed = "node_modules";
const bundled = (entry, name, options = {}) =>
  build({
    entryPoints: [entry],
    outfile: join(pages, name, "page.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"', global: "self" },
    loader: { ".woff": "dataurl", ".woff2": "dataurl", ".ttf": "dataurl", ".svg": "dataurl", ".png": "dataurl" },
    logLevel: "error",
    ...options,
  });

const page = async (name, definition, { styles = [], scripts = [], preloads = [], type = "module" } = {}) => {
  const links = styles.map((style) => `<link rel="stylesheet" href="${style}">`).join("\n");
  const early = preloads.map((name) => `<link rel="modulepreload" href="${name}">`).join("\n");
  const loads = scripts.map((script) => `<script src="${script}" defer></script>`).join("\n");
  await writeFile(
    join(pages, name, "index.html"),
    `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shop visit checklist</title><link rel="icon" href="data:,"><meta name="description" content="Checklist for a shop visit">
${links}${early}
</head><body><main id="form"></main>
<script id="definition" type="application/json">${definition.replaceAll("<", "\\u003c")}</script>
${loads}
<script src="page.js" ${type === "module" ? 'type="module"' : "defer"}></script>
</body></html>
`,
  );
};

// Enketo's sheets name those of its own packages by their place in its repository.
const INNER = "/packages/enketo-core/node_modules/";
const inEnketo = {
  findFileUrl(url) {
    if (!url.startsWith(INNER)) return null;
    const [name, ...path] = url.slice(INNER.length).split("/");
    const folder = dirname(createRequire(resolve(installed, "enketo-core", "package.json")).resolve(`${name}/package.json`));
    return pathToFileURL(join(folder, ...path));
  },
};

const definition = (name) => readFile(join(forms, name), "utf-8");

const peers = {
  async surveyjs() {
    await bundled("surveyjs.js", "surveyjs");
    await page("surveyjs", await definition("surveyjs.json"), { styles: ["page.css"] });
  },
  async formio() {
    const library = join(installed, "@formio", "js", "dist");
    for (const name of ["formio.form.min.js", "formio.form.min.css"]) {
      await copyFile(join(library, name), join(pages, "formio", name));
    }
    await cp(join(library, "fonts"), join(pages, "formio", "fonts"), { recursive: true });
    const bootstrap = join(installed, "bootstrap", "dist", "css", "bootstrap.min.css");
    await copyFile(bootstrap, join(pages, "formio", "bootstrap.min.css"));
    await copyFile("formio.js", join(pages, "formio", "page.js"));
    const styles = ["bootstrap.min.css", "formio.form.min.css"];
    const scripts = ["formio.form.min.js"];
    await page("formio", await definition("formio.json"), { styles, scripts, type: "classic" });
  },
  async enketo() {
    const engine = join(installed, "enketo-core");
    await bundled("enketo.js", "enketo");
    const sheet = sass.compile(join(engine, "src", "sass", "formhub", "formhub.scss"), {
      importers: [inEnketo],
      style: "compressed",
      logger: sass.Logger.silent,
    });
    await writeFile(join(pages, "enketo", "page.css"), sheet.css);
    await page("enketo", await definition("enketo.json"), { styles: ["page.css"] });
  },
  async odk() {
    const outdir = join(pages, "odk");
    const options = { splitting: true, outfile: undefined, outdir, entryNames: "page", metafile: true };
    const { metafile } = await bundled("odk.js", "odk", options);
    const entry = Object.entries(metafile.outputs).find(([path]) => path.endsWith("odk/page.js"))[1];
    const preloads = entry.imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => basename(path));
    await page("odk", JSON.stringify(await definition("visit24.xml")), { preloads });
  },
};

const told = {};
for (const [name, make] of Object.entries(peers)) {
  try {
    await mkdir(join(pages, name), { recursive: true });
    await make();
    told[name] = "";
  } catch (error) {
    told[name] = String(error.message ?? error).split("\n")[0];
  }
}
console.log(JSON.stringify(told));
