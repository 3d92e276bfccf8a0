// Builds inbox/static from the locked packages: one style sheet, two scripts, three fonts, a few icons and
// their licences. Run by `make inbox-assets`; what it makes is committed, with its digests.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const uswds = join(here, "node_modules", "@uswds", "uswds");
const htmx = join(here, "node_modules", "htmx.org");
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "licenses"), { recursive: true });

const built = sass.compile(join(here, "inbox.scss"), {
  style: "compressed",
  loadPaths: [join(uswds, "packages")],
  quietDeps: true,
  charset: false,
});
// Upright text in three weights is all that the pages have; italics and light are not carried.
const css = built.css.replace(/@font-face\{[^}]*\}/g, (face) => (/italic|font-weight:300/.test(face) ? "" : face));
writeFileSync(join(out, "inbox.css"), css + "\n");

cpSync(join(htmx, "dist", "htmx.min.js"), join(out, "htmx.js"));
cpSync(join(here, "inbox.js"), join(out, "inbox.js"));
cpSync(join(here, "logo.svg"), join(out, "logo.svg"));
// What the style sheet names, and nothing else.
for (const [, path] of css.matchAll(/url\("?((?:fonts|img)\/[^")]+)"?\)/g))
  cpSync(join(uswds, "dist", path), join(out, path));
cpSync(join(uswds, "LICENSE.md"), join(out, "licenses", "uswds.md"));
cpSync(join(htmx, "LICENSE"), join(out, "licenses", "htmx.txt"));

const digests = {};
for (const entry of readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  digests[path.slice(out.length + 1).replaceAll("\\", "/")] = createHash("sha256").update(readFileSync(path)).digest("hex");
}
const sorted = Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(out, "digests.json"), JSON.stringify(sorted, null, 1) + "\n");
