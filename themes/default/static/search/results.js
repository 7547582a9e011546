/* Makes the lines of results, with the words that were found marked. Texts are only ever texts. */
"use strict";
{
  const { capitalised, locateWords, say, shortDate, wordsOf } = sitegen;
  const LONGEST = 500; // characters of a text in a result
  const BEFORE = 120; // characters before the first word that was found, in a longer text
  // As `direction.py` has them: a text in one of these languages goes from right to left, also where
  // it begins with a Latin name, unless it has no letter of such a script.
  const RIGHT_TO_LEFT = new Set("ar arc azb bal ckb dv fa he iw ks lrc mzn nqo pnb ps sd syr ug ur yi".split(" "));
  const RIGHT_TO_LEFT_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
  const siteLanguage = document.documentElement.lang.toLowerCase();

  /** Make an element with properties, attributes in `attributes`, and children. */
  const make = (name, { attributes = {}, ...properties } = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  };

  /** Return the words of the terms that must be there, as they follow each other. */
  const wanted = (terms) => terms
    .filter(({ condition, isNegated }) => condition.kind === "words" && !isNegated)
    .map(({ condition: { text, isPrefix } }) => ({ words: wordsOf(text), isPrefix }))
    .filter(({ words }) => words.length);

  const isAt = (located, at, { words, isPrefix }) => words.every((word, i) => {
    const found = located[at + i]?.word;
    return found === word || (isPrefix && i === words.length - 1 && found?.startsWith(word));
  });

  /** Return where words are in a text: pairs of start and end, which do not overlap. */
  const findHits = (text, sought) => {
    const located = locateWords(text), hits = [];
    located.forEach((_, at) => {
      for (const each of sought) {
        if (!isAt(located, at, each)) continue;
        const { start } = located[at], { end } = located[at + each.words.length - 1];
        const last = hits.at(-1);
        if (last && start <= last[1]) last[1] = Math.max(last[1], end);
        else hits.push([start, end]);
      }
    });
    return hits;
  };

  const isHalf = (text, at) => /[\udc00-\udfff]/.test(text[at] ?? "") && /[\ud800-\udbff]/.test(text[at - 1] ?? "");

  /** Return which part of a text is shown: its start, or what is around the first hit. */
  const excerptOf = (text, hits) => {
    if (text.length <= LONGEST) return [0, text.length];
    let start = 0;
    if (hits.length && hits[0][1] > LONGEST) {
      const near = Math.max(hits[0][0] - BEFORE, 0);
      const space = text.slice(near, hits[0][0]).search(/\s/);
      start = space < 0 ? near : near + space + 1;
    }
    let end = Math.min(start + LONGEST, text.length);
    if (end < text.length) {
      const cut = text.slice(start, end).search(/\s\S*$/);
      if (cut > LONGEST / 2) end = start + cut;
    }
    return [start + isHalf(text, start), end - isHalf(text, end)];
  };

  /** Return the nodes of an excerpt of a text, with what was found marked. */
  const marked = (text, sought) => {
    const hits = findHits(text, sought);
    const [start, end] = excerptOf(text, hits);
    const nodes = start ? ["…"] : [];
    let at = start;
    for (const [from, to] of hits) {
      if (to <= at || from >= end) continue;
      nodes.push(text.slice(at, Math.max(from, at)));
      at = Math.min(to, end);
      nodes.push(make("mark", {}, text.slice(Math.max(from, start), at)));
    }
    nodes.push(text.slice(at, end));
    if (end < text.length) nodes.push("…");
    return { nodes, hits: hits.length };
  };

  const languageOf = ({ language }) =>
    language && language.toLowerCase() !== siteLanguage ? { lang: language } : {};

  /** Return the value of `dir` for a text of a post. */
  const directionOf = ({ language }, text) =>
    RIGHT_TO_LEFT.has(language?.split("-")[0].toLowerCase()) && RIGHT_TO_LEFT_LETTER.test(text) ? "rtl" : "auto";

  const link = (href, options, ...children) => make("a", { attributes: { href }, ...options }, ...children);

  const titleOf = (post, sought) => {
    const attributes = languageOf(post);
    if (post.warning !== null) {
      return link(post.path, { className: "u-url" }, make("span", { className: "label" }, say("post.warning")), " ",
        make("bdi", { attributes }, ...marked(post.warning, sought).nodes));
    }
    const words = post.text ? marked(post.text, sought).nodes : [say("post.no_words")];
    return link(post.path, { className: "u-url", attributes: { href: post.path, ...attributes } }, ...words);
  };

  /** Return the other texts in which words were found, such as descriptions of pictures. */
  const othersOf = (post, sought) => {
    if (post.warning !== null) return [];
    return post.others.map((text) => ({ text, ...marked(text, sought) })).filter(({ hits }) => hits)
      .map(({ text, nodes }) =>
        make("p", { className: "line-text", dir: directionOf(post, text), attributes: languageOf(post) }, ...nodes));
  };

  const authorOf = ({ author: { name, handle, path } }) => {
    const parts = name || handle ? [] : [say("post.author_unknown")];
    if (name) parts.push(make("bdi", {}, name));
    if (name && handle) parts.push(" ");
    if (handle) parts.push(make("bdi", { className: "handle" }, `@${handle}`));
    return path ? link(path, {}, ...parts) : make("span", {}, ...parts);
  };

  const footOf = (post) => {
    const facts = [authorOf(post)];
    if (post.likes) facts.push(say("count.likes", { count: post.likes }));
    if (post.media && !(post.thumbnail && post.media === 1)) facts.push(say("count.attachments", { count: post.media }));
    return make("p", { className: "line-foot" }, ...facts.flatMap((fact, at) => at ? [" · ", fact] : [fact]));
  };

  /** Return whom a reply answers, or whose post a repost repeats; null for other posts. */
  const kindOf = ({ kind, other }) => {
    if (kind !== "reply" && kind !== "repost") return null;
    if (!other) return make("p", { className: "line-kind" }, say(`kind.${kind}`));
    const [before, after] = say(`kind.${kind}_of`, { author: "\0" }).split("\0");
    return make("p", { className: "line-kind" }, before, make("bdi", {}, other), after ?? "");
  };

  /** Return the day of a post, with its network unless that is null. */
  const whenOf = ({ date }, network) => {
    if (date && !network) return make("time", { className: "when", dateTime: date }, shortDate(date));
    const day = date ? make("time", { dateTime: date }, shortDate(date)) : say("post.date_unknown");
    return make("p", { className: "when" }, day, ...(network ? [" ", network] : []));
  };

  /** Make the line of a post; `sought` are the words to mark. */
  const makeResult = (post, sought, showsNetworks) => {
    const network = showsNetworks ? make("span", { className: "network" }, capitalised(post.network)) : null;
    const picture = make("img", { src: post.thumbnail, alt: "", width: 72, height: 72, loading: "lazy" });
    return make("li", { className: "line" },
      whenOf(post, network),
      kindOf(post),
      make("h3", { className: "line-title", dir: post.warning === null ? directionOf(post, post.text) : "" }, titleOf(post, sought)),
      ...othersOf(post, sought),
      post.thumbnail ? make("p", { className: "thumbnails", ariaHidden: "true" },
        link(post.path, { tabIndex: -1 }, picture)) : null,
      footOf(post));
  };

  Object.assign(sitegen, { make, wanted, findHits, excerptOf, makeResult });
}
