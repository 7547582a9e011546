/* Answers calls of functions of the search's scripts: `node browser_side.js SCRIPT...` reads lines
   of JSON, each [function, arguments], and writes a line with the result for each. */
"use strict";
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { runInThisContext } = require("node:vm");

for (const filename of process.argv.slice(2)) {
  runInThisContext(readFileSync(filename, "utf8"), { filename });
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const [name, given] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(globalThis.sitegen[name](...given))}\n`);
});
