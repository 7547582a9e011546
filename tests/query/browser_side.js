/* Answers calls of functions of the search's scripts: `node browser_side.js SCRIPT...` reads lines
   of JSON, each [function, arguments], and writes a line with the result for each. */
"use strict";
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { runInThisContext } = require("node:vm");

for (const filename of process.argv.slice(2)) {
  runInThisContext(readFileSync(filename, "utf8"), { filename });
}

const { sitegen } = globalThis;

/** Return the host that browsers ask for an address, null if they ask none (URL standard). */
sitegen.openedHost = (address) => {
  try {
    return new URL(address).hostname;
  } catch {
    return null;
  }
};

/** Return the addresses of the posts that queries find on a built site, in their order. */
sitegen.answers = async (folder, queries) => {
  const load = async (name) => {
    let received;
    sitegen.receive = (of, data) => { received = of === name ? data : undefined; };
    runInThisContext(readFileSync(`${folder}/${name}.js`, "utf8"));
    return received;
  };
  const index = new sitegen.Index(load);
  const answers = [];
  for (const text of queries) {
    const found = [];
    for await (const posts of index.search(sitegen.parseQuery(text))) found.push(...posts);
    answers.push((await Promise.all(index.results(found))).map(({ path }) => path));
  }
  return answers;
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const [name, given] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await sitegen[name](...given))}\n`);
});
