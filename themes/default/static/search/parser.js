/* Parses any text as a query, exactly as `parse_leniently` of sitegen/query/parser.py does.

   A term is {condition, isNegated, start, end}; a condition is {kind: "words", text, isPrefix},
   {kind: "field", key, values} or {kind: "account", name}. A problem is {at, what} and what it
   names; the page has the words for it. `orders` are the places of orders in the text. `closing` is
   the quote to write at the end if the last term is open, else "". Positions count the units of
   JavaScript's strings. */
"use strict";
{
  const { fold, hasWords, shortestPrefix, wordsOf } = sitegen;
  const KEYS = [
    "from", "to", "tag", "topic", "site", "network", "lang", "is", "has", "on", "year", "before",
    "after", "since", "min_likes", "id", "visibility",
  ];
  const SORT = "sort";
  const SORTS = ["new", "old", "likes", "best"];
  const CHOICES = {
    is: ["post", "thread", "reply", "repost", "quote"],
    has: ["image", "video", "audio", "link", "poll", "warning", "alt"],
    visibility: ["public", "unlisted", "followers", "direct", "unknown"],
  };
  const DATES = ["on", "year", "before", "after", "since"];
  const LEADING = { tag: "#", from: "@", to: "@" }; // signs that people write before such values
  const MAX_TERMS = 32, MAX_CHARACTERS = 500;
  const SPACES = "\t\n\r \u3000";
  const QUOTES = "\"\uff02\u201c\u201d\u201e\u201f";
  const CLOSING_CORNERS = "」』｣";
  const CLOSING = { "\u201c": "\u201d", "\u201e": "\u201c", "「": "」", "『": "』", "｢": "｣" }; // for other quotes, the same
  const ALL_QUOTES = `${QUOTES}「『｢${CLOSING_CORNERS}`;
  const WORD = new RegExp(`[^${SPACES}${ALL_QUOTES}]+`, "y");
  const VALUE = new RegExp(`[^${SPACES}${ALL_QUOTES},]*`, "y");
  const SPACE = new RegExp(`[${SPACES}]+`, "g");
  const EDGES = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "g");
  const ANY_QUOTE = new RegExp(`[${ALL_QUOTES}]`, "g");
  const PLAIN_VALUE = new RegExp(`^[^${SPACES}${ALL_QUOTES},]+$`);
  const PLAIN_WORDS = new RegExp(`^[^${SPACES}${ALL_QUOTES}:*#@-][^${SPACES}${ALL_QUOTES}:*]*$`);
  const PLAIN_NAME = new RegExp(`^[^${SPACES}${ALL_QUOTES}@#][^${SPACES}${ALL_QUOTES}]*$`);
  const DATE = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/;
  const PUNCTUATION = /[\x00-/:-`{-\x7f]/g;

  const isSpace = (char) => SPACES.includes(char); // also of "", the end
  const isQuote = (char) => char !== "" && ALL_QUOTES.includes(char);
  const trim = (text) => text.replace(EDGES, "");
  const withoutLeading = (text, signs) => {
    let at = 0;
    while (at < text.length && signs.includes(text[at])) at++;
    return text.slice(at);
  };

  /** Count the edits between two words, including swaps. */
  const editDistance = (first, second) => {
    const one = [...first], other = [...second];
    if (Math.abs(one.length - other.length) > 2) return 3;
    let before, previous = [], current = [...other.keys(), other.length];
    one.forEach((a, i) => {
      [before, previous, current] = [previous, current, [i + 1]];
      other.forEach((b, j) => {
        let cost = Math.min(previous[j] + (a !== b), previous[j + 1] + 1, current[j] + 1);
        if (i && j && a === other[j - 1] && b === one[i - 1]) cost = Math.min(cost, before[j - 1] + 1);
        current.push(cost);
      });
    });
    return current.at(-1);
  };

  const letters = (word) => fold(word).replace(PUNCTUATION, "");

  /** Return the known word that is at most one edit away, apart from case and punctuation. */
  const nearest = (word, known) => {
    const wanted = letters(word);
    const near = known.map((name) => ({ name, key: letters(name) }))
      .map(({ name, key }) => ({ name, key, distance: editDistance(wanted, key) }))
      .filter(({ distance }) => distance <= 1)
      .sort((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1));
    return near.length ? near[0].name : null;
  };
  const nearOther = (value, known) => known.includes(value) ? null : nearest(value, known);

  const isDate = (key, text) => {
    const parts = DATE.exec(text);
    if (!parts || (key === "year" && parts[2])) return false;
    const [year, month, day] = [parts[1], parts[2] ?? 1, parts[3] ?? 1].map(Number);
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    return year > 0 && month > 0 && month <= 12 && day > 0 && day <= days[month - 1];
  };

  /** Return a value of a key as it is compared; null if the key cannot have it. */
  const normalise = (key, value) => {
    const folded = fold(value);
    if (Object.hasOwn(CHOICES, key)) return CHOICES[key].includes(folded) ? folded : null;
    if (key === "min_likes") return /^[0-9]+$/.test(folded) ? folded.replace(/^0+(?=.)/, "") : null;
    if (DATES.includes(key)) return isDate(key, folded) ? folded : null;
    return value;
  };

  class Scanner {
    constructor(text) {
      this.text = text;
      this.at = 0;
      this.sort = null;
      this.orders = [];
      this.closing = "";
      this.problems = [];
    }

    next(after = 0) {
      return this.text.charAt(this.at + after);
    }

    report(at, what, named = {}) {
      this.problems.push({ at, what, ...named });
    }

    match(pattern) {
      pattern.lastIndex = this.at;
      return pattern.exec(this.text)[0];
    }

    *terms() {
      for (;;) {
        while (this.next() && isSpace(this.next())) this.at++;
        if (this.at >= this.text.length) return;
        const start = this.at;
        const isNegated = this.hasMinus();
        if (isNegated) this.at++;
        const condition = this.condition(isNegated);
        const end = Math.min(this.at, this.text.length);
        if (this.orders.at(-1)?.start === start) this.orders.at(-1).end = end;
        if (condition && this.hasWords(condition, start)) yield { condition, isNegated, start, end };
        if (!isSpace(this.next())) this.report(this.at, "space");
      }
    }

    /** Tell whether the next term is negated; in `"well"-known`, the "-" is part of a word. */
    hasMinus() {
      return isSpace(this.next(-1)) && this.next() === "-" && !isSpace(this.next(1));
    }

    condition(isNegated) {
      const start = this.at;
      if (isQuote(this.next())) return { kind: "words", text: this.quoted(), isPrefix: false };
      const word = this.match(WORD);
      const colon = word.indexOf(":");
      if ("#@".includes(word[0])) {
        this.at = start + word.length;
        const name = withoutLeading(word, "#@");
        return word[0] === "#" ? { kind: "field", key: "tag", values: [name] } : { kind: "account", name };
      }
      if (colon <= 0) {
        this.at = start + word.length;
        return this.words(word, start);
      }
      const key = word.slice(0, colon), known = fold(key);
      if (KEYS.includes(known) || known === SORT) {
        this.at = start + colon + 1;
        return this.field(known, start, isNegated);
      }
      this.at = start + word.length;
      this.report(start, "key", { key, meant: nearest(key, [...KEYS, SORT]) });
      return { kind: "words", text: word, isPrefix: false };
    }

    field(key, start, isNegated) {
      const values = this.values(key);
      if (!values.length) {
        this.report(start, "no value", { key });
        return null;
      }
      if (key === SORT) {
        this.orders.push({ start: start - Number(isNegated) });
        this.setSort(values, start, isNegated);
        return null;
      }
      const good = values.map((value) => normalise(key, value));
      const wrong = good.indexOf(null);
      if (wrong >= 0) {
        const value = values[wrong];
        const known = Object.hasOwn(CHOICES, key) ? CHOICES[key] : [];
        this.report(start, "value", { key, value, known, meant: nearOther(fold(value), known) });
        return { kind: "words", text: `${key} ${values.join(" ")}`, isPrefix: false };
      }
      return { kind: "field", key, values: good };
    }

    values(key) {
      const values = [];
      for (;;) {
        const start = this.at;
        let value;
        if (isQuote(this.next())) value = this.quoted();
        else {
          value = this.match(VALUE);
          this.at += value.length;
        }
        value = withoutLeading(value, LEADING[key] ?? "");
        if (hasWords(value) || (value && key === "id")) values.push(value);
        else if (value || this.next() === "," || this.text[start - 1] === ",") {
          this.report(start, "empty value", { key });
        }
        if (this.next() !== ",") return values;
        this.at++;
      }
    }

    setSort(values, start, isNegated) {
      const value = fold(values[0]);
      if (isNegated || values.length > 1 || !SORTS.includes(value)) {
        this.report(start, "order", { value, known: SORTS, meant: nearOther(value, SORTS) });
      } else if (this.sort !== null) this.report(start, "orders");
      if (SORTS.includes(value)) this.sort = value;
    }

    words(word, start) {
      const stem = word.replace(/\*+$/, "");
      if (stem.includes("*") || word.length > stem.length + 1) {
        this.report(start, "star", { word });
        return { kind: "words", text: word, isPrefix: false };
      }
      if (stem === word || !hasWords(stem)) return { kind: "words", text: word, isPrefix: false };
      const least = shortestPrefix(stem);
      if ([...wordsOf(stem).at(-1)].length < least) {
        this.report(start, "short", { word, least });
        return { kind: "words", text: stem, isPrefix: false };
      }
      return { kind: "words", text: stem, isPrefix: true };
    }

    quoted() {
      const opening = this.next();
      const closing = QUOTES.includes(opening) ? QUOTES : CLOSING_CORNERS;
      const start = this.at + 1;
      let end = start;
      while (end < this.text.length && !closing.includes(this.text[end])) end++;
      this.at = end + 1;
      if (end === this.text.length) this.closing = CLOSING[opening] ?? opening;
      return trim(this.text.slice(start, end).replace(ANY_QUOTE, " ").replace(SPACE, " "));
    }

    hasWords({ kind, key, text, name, values }, start) {
      if ([text, name, ...(values ?? [])].some((part) => part && hasWords(part))) return true;
      if (kind === "field" && key === "id") return true;
      this.report(start, "nothing", { shown: trim(this.text.slice(start, this.at)) });
      return false;
    }
  }

  /** Parse any text: what is not understood is taken for words, or left out if it has none. */
  const parseQuery = (text) => {
    const characters = [...text];
    const shown = characters.slice(0, MAX_CHARACTERS).join("");
    const problems = [];
    if (characters.length > MAX_CHARACTERS) {
      problems.push({ at: shown.length, what: "characters", count: characters.length, most: MAX_CHARACTERS });
    }
    const scanner = new Scanner(shown);
    const terms = [...scanner.terms()];
    problems.push(...scanner.problems);
    if (terms.length > MAX_TERMS) {
      problems.push({ at: terms[MAX_TERMS].start, what: "terms", count: terms.length, most: MAX_TERMS });
    }
    const { sort, orders, closing } = scanner;
    return { terms: terms.slice(0, MAX_TERMS), sort, orders, closing, problems };
  };

  const quoteUnless = (pattern, text) => pattern.test(text) ? text : `"${text}"`;

  /** Return a condition as it is written in a query. */
  const writeCondition = ({ kind, key, values, text, isPrefix, name }) => {
    if (kind === "words") return isPrefix ? `${text}*` : quoteUnless(PLAIN_WORDS, text);
    if (kind === "account") return `@${name}`;
    if (key === "tag" && values.length === 1 && PLAIN_NAME.test(values[0])) return `#${values[0]}`;
    return `${key}:${values.map((value) => quoteUnless(PLAIN_VALUE, value)).join(",")}`;
  };

  /** Return a query as text that means the same. */
  const writeQuery = ({ terms, sort }) => [
    ...terms.map(({ condition, isNegated }) => (isNegated ? "-" : "") + writeCondition(condition)),
    ...(sort ? [`${SORT}:${sort}`] : []),
  ].join(" ");

  Object.assign(sitegen, { KEYS, SORT, SORTS, CHOICES, DATES, parseQuery, trim, writeCondition, writeQuery });
}
