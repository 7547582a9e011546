/* Folds texts and splits them into words, exactly as sitegen/query/folding.py does. */
"use strict";
{
  const { characters } = sitegen;
  const BREAK = "|"; // between two runs of characters that are written without spaces

  /** Return a class of the table as it is written between the brackets of a regular expression. */
  const ranges = (numbers) => {
    let at = 0, pattern = "";
    for (let i = 0; i < numbers.length; i += 2) {
      const start = at + numbers[i];
      at = start + numbers[i + 1];
      pattern += `\\u{${start.toString(16)}}-\\u{${(at - 1).toString(16)}}`;
    }
    return pattern;
  };
  const classes = Object.fromEntries(
    Object.entries(characters).filter(([, value]) => Array.isArray(value))
      .map(([name, numbers]) => [name, ranges(numbers)]));
  const FLAG = "[\\u{1f1e6}-\\u{1f1ff}]{1,2}"; // two letters of a country are one flag
  const KNOWN = new RegExp(`[${classes.folded}]+`, "gu");
  const MARKED = new RegExp(`([${classes.letters}])[${classes.marks}]+`, "gu");
  // Accents without a letter, such as "´": what is left of them is no part of the word that follows.
  const SPACING_ACCENTS = /[\u00a8\u00af\u00b4\u00b8\u02d8-\u02dd\u037a\u0384\u0385\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed\u1fee\u1ffd\u1ffe\u2017\u203e\u309b\u309c\ufc5e-\ufc63\ufe49-\ufe4c\ufe70\ufe72\ufe74\ufe76\ufe78\ufe7a\ufe7c\ufe7e\uffe3]/g;
  const IGNORED = new RegExp(`[${classes.ignored}]+`, "gu");
  const TOKEN = new RegExp(
    `${FLAG}|[${classes.words}]+|[${classes.unspaced}]+|[${classes.symbols}]`, "gu");
  const UNSPACED = new RegExp(`^[${classes.unspaced}]`, "u");
  // What is folded alone: ASCII but for a last character that marks may follow; a character with
  // its marks; the parts of a Korean syllable.
  const PIECE = new RegExp(`[\\0-\\x7f]+(?=[\\0-\\x7f]|$)|.[${classes.marks}${classes.ignored}\\u1160-\\u11ff\\uff9e\\uff9f]*`, "gsu");
  const SPECIAL = { "ß": "ss", "ς": "σ", "ı": "i" };

  const foldKnown = (run) => run.replace(SPACING_ACCENTS, " ").normalize("NFKD").toLowerCase()
    .replace(/[ßςı]/g, (char) => SPECIAL[char]).replace(MARKED, "$1").normalize("NFC");

  const isAscii = (text) => !/[^\x00-\x7f]/.test(text);

  /** Return a text without case, compatibility forms, and marks that readers do not tell apart. */
  const fold = (text) => isAscii(text) ? text.toLowerCase() : text.replace(KNOWN, foldKnown);

  const isUnspaced = (word) => UNSPACED.test(word);

  /** Return the folded words of a text; a BREAK is between two runs of unspaced characters. */
  const wordsOf = (text) => {
    const words = [];
    let wasRun = false;
    for (const [token] of fold(text).replace(IGNORED, "").matchAll(TOKEN)) {
      const isRun = isUnspaced(token);
      if (isRun && wasRun) words.push(BREAK);
      if (isRun) words.push(...token);
      else words.push(token);
      wasRun = isRun;
    }
    return words;
  };

  /** Return the words each between two spaces. */
  const splitWords = (text) => ` ${wordsOf(text).join(" ")} `;

  const hasWords = (text) => wordsOf(text).length > 0;

  /** Return how long the last word of a text must be to stand for all that begin with it. */
  const shortestPrefix = (text) => {
    const last = wordsOf(text).at(-1);
    return last && isUnspaced(last) ? 1 : 2;
  };

  /** Return the words of a text, each with where it begins and ends in the text as it is. */
  const locateWords = (text) => {
    let folded = "";
    const starts = [], ends = [];
    for (const { 0: piece, index } of text.matchAll(PIECE)) {
      const plain = fold(piece).replace(IGNORED, ""), isEach = isAscii(piece);
      for (let i = 0; i < plain.length; i++) {
        starts.push(isEach ? index + i : index);
        ends.push(isEach ? index + i + 1 : index + piece.length);
      }
      folded += plain;
    }
    const found = [];
    let wasRun = false;
    for (const match of folded.matchAll(TOKEN)) {
      const isRun = isUnspaced(match[0]);
      if (isRun && wasRun) found.push({ word: BREAK, start: starts[match.index], end: starts[match.index] });
      let at = match.index;
      for (const word of isRun ? match[0] : [match[0]]) {
        found.push({ word, start: starts[at], end: ends[at + word.length - 1] });
        at += word.length;
      }
      wasRun = isRun;
    }
    return found;
  };

  Object.assign(sitegen, {
    BREAK, fold, wordsOf, splitWords, hasWords, shortestPrefix, isUnspaced, locateWords,
  });
}
