// Runs Lighthouse in a browser that is open already, and prints a line of JSON for each page.
// Usage: node lighthouse.mjs NODE_MODULES DEVTOOLS_PORT < tasks.json
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, port] = process.argv.slice(2);
const { resolve } = createRequire(`${packages}/`);
const load = (name) => import(pathToFileURL(resolve(name)));
const { default: lighthouse } = await load("lighthouse");
const { default: puppeteer } = await load("puppeteer-core");

// A static page is complete when it has loaded: there is nothing to wait for.
const NO_WAITING = {
  networkQuietThresholdMs: 50,
  cpuQuietThresholdMs: 50,
  pauseAfterFcpMs: 0,
  pauseAfterLoadMs: 0,
};

function settings({ width, height, categories, skipped }) {
  const mobile = width < 600;
  const quick = categories.includes("performance") ? {} : NO_WAITING;
  return {
    ...quick,
    onlyCategories: categories,
    skipAudits: skipped,
    formFactor: mobile ? "mobile" : "desktop",
    screenEmulation: { mobile, width, height, deviceScaleFactor: 1 },
    disableFullPageScreenshot: true,
  };
}

// What a category takes points off for; audits without a score do not apply to the page.
function faults({ categories, audits }) {
  const counted = Object.values(categories).flatMap((category) => category.auditRefs);
  const failed = counted.filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 1);
  return failed.map(({ id }) => {
    const nodes = (audits[id].details?.items ?? []).map((item) => item.node?.snippet ?? item.source?.snippet);
    return [`${id}: ${audits[id].title}`, ...nodes.filter(Boolean).slice(0, 3)].join(" ");
  });
}

const browser = await puppeteer.connect({
  browserURL: `http://127.0.0.1:${port}`,
  defaultViewport: null,
});
const page = await browser.newPage();
for (const task of JSON.parse(readFileSync(0, "utf-8"))) {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: task.scheme }]);
  const { lhr } = await lighthouse(
    task.url,
    { logLevel: "silent" },
    { extends: "lighthouse:default", settings: settings(task) },
    page,
  );
  const scores = Object.fromEntries(
    Object.values(lhr.categories).map(({ id, score }) => [id, score]),
  );
  const result = { scores, faults: faults(lhr), error: lhr.runtimeError?.message ?? null };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
await page.close();
await browser.disconnect();
