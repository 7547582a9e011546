/* Says in words what was understood of a query, and what was not. */
"use strict";
{
  const { CHOICES, DATES, SORT, capitalised, date, either, languageName, number, say } = sitegen;
  const KIND_NAMES = { post: "kind.posts", thread: "kind.threads", reply: "kind.replies", repost: "kind.reposts" };
  const kindName = (kind) => say(KIND_NAMES[kind] ?? "search.quotes");
  const SHOWN = {
    tag: (value) => `#${value}`,
    network: capitalised,
    lang: languageName,
    is: kindName,
    has: (value) => say(`search.has_${value}`),
    visibility: (value) => say(`search.${value}`),
  };
  for (const key of DATES) SHOWN[key] = (value) => date(value);

  const describeCondition = ({ kind, key, values, text, isPrefix, name }) => {
    if (kind === "words") return say(isPrefix ? "search.prefix" : "search.words", { value: text });
    if (kind === "account") return say("search.account", { value: `@${name}` });
    if (key === "min_likes") {
      return say("search.min_likes", { number: number(Math.min(...values.map(Number))) });
    }
    const value = either(values.map(SHOWN[key] ?? String));
    if (Object.hasOwn(CHOICES, key)) return value;
    return say(`search.${key === "year" ? "on" : key}`, { value });
  };

  /** Return what each term of a query asks for. */
  const describeTerms = (terms) => terms.map(({ condition, isNegated }) => {
    const what = describeCondition(condition);
    return isNegated ? say("search.not", { what }) : what;
  });

  /** Return a text with a part replaced, from a position on; "" if the part is not there. */
  const replaced = (text, part, other, from) => {
    const sought = part.toLowerCase(); // not in the lower case of the text, which may be longer than that
    for (let at = from; at + part.length <= text.length; at++) {
      const end = at + part.length;
      if (text.slice(at, end).toLowerCase() === sought) return text.slice(0, at) + other + text.slice(end);
    }
    return "";
  };

  const MESSAGES = {
    "value": ({ key, value }) => say("search.wrong_value", { key: `${key}:`, value }),
    "order": ({ value }) => say("search.wrong_value", { key: `${SORT}:`, value }),
    "no value": ({ key }) => say("search.no_value", { key: `${key}:` }),
    "star": () => say("search.star"),
    "short": () => say("search.short"),
    "characters": ({ most }) => say("search.too_long", { number: number(most) }),
    "terms": ({ most }) => say("search.too_many", { number: number(most) }),
  };

  /** Return what was not understood of a text, with the text that was perhaps meant.

      Words with a colon, such as a time or an address, are words, unless they are nearly a key. */
  const describeProblems = (text, { problems }) => problems.flatMap((problem) => {
    const { at, what, key, value, meant, known } = problem;
    if (what === "key") {
      const message = say("search.wrong_key", { key: `${key}:` });
      return meant ? [{ message, meant: replaced(text, key, meant, at) }] : [];
    }
    if (!Object.hasOwn(MESSAGES, what)) return []; // nothing is lost
    const hint = known?.length && !meant ? ` ${say("search.known_values", { values: either(known) })}` : "";
    return [{ message: MESSAGES[what](problem) + hint, meant: meant ? replaced(text, value, meant, at) : "" }];
  });

  Object.assign(sitegen, { describeTerms, describeProblems, kindName });
}
