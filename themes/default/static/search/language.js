/* Words, numbers and dates in the language of the site. The page gives the messages. */
"use strict";
{
  const messages = JSON.parse(document.currentScript.dataset.messages);
  const tag = document.documentElement.lang;
  const isEnglish = /^en\b/i.test(tag);

  /** Return what a browser knows of the language of the site, or of English if it knows nothing. */
  const known = (Format, options) => {
    try { return new Format(tag, options); } catch { return new Format("en", options); }
  };
  const plurals = known(Intl.PluralRules);
  const numbers = known(Intl.NumberFormat, { numberingSystem: "latn" });
  const either = known(Intl.ListFormat, { type: "disjunction" });
  const languages = known(Intl.DisplayNames, { type: "language", fallback: "code" });
  const calendar = { calendar: "gregory", numberingSystem: "latn", timeZone: "UTC" };
  const dates = {
    short: known(Intl.DateTimeFormat, { ...calendar, year: "numeric", month: "short", day: "numeric" }),
    day: known(Intl.DateTimeFormat, { ...calendar, year: "numeric", month: "long", day: "numeric" }),
    month: known(Intl.DateTimeFormat, { ...calendar, year: "numeric", month: "long" }),
  };

  const number = (count) => numbers.format(count);

  /** Return a message with its placeholders filled in; `count` chooses the plural. */
  const say = (key, { count, ...values } = {}) => {
    const message = messages[key];
    const pattern = typeof message === "string" ? message : message[plurals.select(count)] ?? message.other;
    const shown = count === undefined ? values : { ...values, count: number(count) };
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => shown[name] ?? whole);
  };

  /** Return a date, of which "2025-09" or "2025" may be all that is known, as the site writes it. */
  const date = (iso, style = "day") => {
    const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
    if (!month) return String(year);
    const when = new Date(0);
    when.setUTCFullYear(year, month - 1, day ?? 1);
    if (!isEnglish) return dates[day ? style : "month"].format(when);
    const parts = dates[day ? style : "month"].formatToParts(when);
    const name = parts.find(({ type }) => type === "month").value;
    return [day, style === "short" ? name.slice(0, 3) : name, year].filter(Boolean).join(" ");
  };

  const capitalised = (name) => name.slice(0, 1).toUpperCase() + name.slice(1).toLowerCase();

  const languageName = (code) => {
    try { return languages.of(code); } catch { return code; }
  };

  Object.assign(sitegen, {
    say, number, date, capitalised, languageName, either: (values) => either.format(values),
  });
}
