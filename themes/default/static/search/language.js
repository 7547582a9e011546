/* Words, numbers and dates in the language of the site. The page gives the messages, and a short date
   of each month: the first results need nothing of Intl, whose first use takes a browser long. */
"use strict";
{
  const messages = JSON.parse(document.currentScript.dataset.messages);
  const shortDates = document.currentScript.dataset.dates.split("|"); // of 2001-01-22, 2001-02-22, …
  const tag = document.documentElement.lang;
  const isEnglish = /^en\b/i.test(tag);

  /** Return what a browser knows of the language of the site, or of English if it knows nothing.

      It is made when it is first used. */
  const known = (Format, options) => {
    let format;
    return () => {
      try { return format ??= new Format(tag, options); } catch { return format = new Format("en", options); }
    };
  };
  const plurals = known(Intl.PluralRules);
  const numbers = known(Intl.NumberFormat, { numberingSystem: "latn" });
  const lists = known(Intl.ListFormat, { type: "disjunction" });
  const languages = known(Intl.DisplayNames, { type: "language", fallback: "code" });
  const calendar = { calendar: "gregory", numberingSystem: "latn", timeZone: "UTC" };
  const dates = {
    day: known(Intl.DateTimeFormat, { ...calendar, year: "numeric", month: "long", day: "numeric" }),
    month: known(Intl.DateTimeFormat, { ...calendar, year: "numeric", month: "long" }),
  };

  const number = (count) => count < 1000 ? String(count) : numbers().format(count);
  const either = (values) => values.length > 1 ? lists().format(values) : values.join("");

  /** Return a message with its placeholders filled in; `count` chooses the plural. */
  const say = (key, { count, ...values } = {}) => {
    const message = messages[key];
    const pattern = typeof message === "string" ? message : message[plurals().select(count)] ?? message.other;
    const shown = count === undefined ? values : { ...values, count: number(count) };
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => shown[name] ?? whole);
  };

  /** Return a date, of which "2025-09" or "2025" may be all that is known, as the site writes it. */
  const date = (iso) => {
    const [year, month, day] = iso.split("-").map(Number);
    if (!month) return String(year);
    const when = new Date(0);
    when.setUTCFullYear(year, month - 1, day ?? 1);
    const format = dates[day ? "day" : "month"]();
    if (!isEnglish) return format.format(when);
    const name = format.formatToParts(when).find(({ type }) => type === "month").value;
    return [day, name, year].filter(Boolean).join(" ");
  };

  /** Return a day with the abbreviated month, as the site writes it. */
  const shortDate = (iso) => {
    const [year, month, day] = iso.slice(0, 10).split("-");
    const like = shortDates[month - 1];
    if (like === `2001-${month}-22`) return iso.slice(0, 10); // a language without names of months
    return like.replace("22", Number(day)).replace("2001", Number(year)); // the day first: there is a year 2022
  };

  const capitalised = (name) => name.slice(0, 1).toUpperCase() + name.slice(1).toLowerCase();

  const languageName = (code) => {
    try { return languages().of(code); } catch { return code; }
  };

  Object.assign(sitegen, {
    say, number, date, shortDate, capitalised, languageName, either,
  });
}
