/* Says what a condition of a query asks of the posts of a segment, as sitegen/query/matching.py does. */
"use strict";
{
  const { DATES, fold, readableLabels, siteKey } = sitegen;
  const DAY = 86_400_000; // milliseconds
  const KINDS = ["post", "thread", "reply", "repost"];
  const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
  const EDGES = new RegExp(`^${SPACE}|${SPACE}$`, "g");
  const SPACES = new RegExp(SPACE, "g");

  const languagePrefix = (tag) => `${fold(tag).replaceAll("_", "-").replace(/-+$/, "")}-`;

  /** Return a name without case and needless spaces, as those of topics are compared. */
  const plainName = (name) => fold(name).replace(EDGES, "").replace(SPACES, " ");

  /** Return the name of an account as it is compared. */
  const accountName = (name) =>
    fold(readableLabels(fold(name).replace(EDGES, "").replace(/^@/, "")));

  /** Return the first day of a date and the first day after it, as days since 1970-01-01. */
  const daysOf = (date) => {
    const [year, month, day] = date.split("-").map(Number);
    const at = (y, m, d) => new Date(0).setUTCFullYear(y, m, d) / DAY;
    if (day) return [at(year, month - 1, day), at(year, month - 1, day + 1)];
    if (month) return [at(year, month - 1, 1), at(year, month, 1)];
    return [at(year, 0, 1), at(year + 1, 0, 1)];
  };
  const COMPARED = {
    on: (day, [from, to]) => day >= from && day < to,
    before: (day, [from]) => day < from,
    after: (day, [, to]) => day >= to,
    since: (day, [from]) => day >= from,
  };
  COMPARED.year = COMPARED.on;

  const union = (marks) => {
    const [all, ...others] = marks;
    for (const other of others) other.forEach((is, post) => { all[post] |= is; });
    return all;
  };
  const marking = (segment, test) => {
    const marked = segment.none();
    for (let post = 0; post < segment.posts; post++) marked[post] = Number(test(post));
    return marked;
  };
  const withKeys = async (segment, keys) =>
    union([segment.none(), ...await Promise.all(keys.map((key) => segment.withKey(key)))]);

  /** Mark the posts whose entry in a column of a segment's facets has a property. */
  const byTable = async (segment, column, test) => {
    const { table, places } = (await segment.facets())[column];
    const isMeant = table.map(test);
    return marking(segment, (post) => isMeant[places[post]]);
  };

  const byDate = async (segment, key, values) => {
    const { days } = await segment.facets();
    const ranges = values.map(daysOf);
    return marking(segment, (post) => ranges.some((range) => COMPARED[key](days[post], range)));
  };

  const byId = async (segment, values) => {
    const { networks } = await segment.facets();
    const withId = (id) => withKeys(segment, [`=${id}`, `~${id}`]);
    const marks = values.map(async (value) => {
      const named = networks.table.map((network, place) => ({ network, place }))
        .filter(({ network }) => value.startsWith(`${network}:`))
        .map(async ({ network, place }) => {
          const marked = await segment.withKey(`=${value.slice(network.length + 1)}`);
          return marked.map((is, post) => is && networks.places[post] === place);
        });
      return union([await withId(value), ...await Promise.all(named)]);
    });
    return union(await Promise.all(marks));
  };

  const byAccount = async (segment, names, roles, accountsOf) => {
    const accounts = (await Promise.all(names.map((name) => accountsOf(accountName(name))))).flat();
    return withKeys(segment, accounts.flatMap((account) => roles.map((role) => role + account)));
  };

  const byTopic = async (segment, names, topicsOf) => {
    const topics = await topicsOf(names), marked = segment.none();
    const lists = await Promise.all(topics.map((topic) => segment.ofTopic(topic)));
    for (const post of lists.flat()) marked[post] = 1;
    return marked;
  };

  const FIELDS = {
    tag: (segment, values) => withKeys(segment, values.map((value) => `#${fold(value)}`)),
    site: (segment, values) => withKeys(segment, values.map((value) => `/${siteKey(value)}`)),
    id: byId,
    network: (segment, values) => {
      const wanted = values.map(fold);
      return byTable(segment, "networks", (network) => wanted.includes(fold(network)));
    },
    lang: (segment, values) => {
      const wanted = values.map(languagePrefix);
      const isMeant = (tag) => wanted.some((prefix) => languagePrefix(tag).startsWith(prefix));
      return byTable(segment, "languages", (tags) => tags.some(isMeant));
    },
    is: async (segment, values) => {
      const { kinds } = await segment.facets();
      const wanted = values.map((value) => String(KINDS.indexOf(value)));
      const marked = marking(segment, (post) => wanted.includes(kinds[post]));
      return values.includes("quote") ? union([marked, await segment.withKey("!quote")]) : marked;
    },
    has: (segment, values) => withKeys(segment, values.map((value) => `!${value}`)),
    visibility: (segment, values) => withKeys(segment, values.map((value) => `!${value}`)),
    min_likes: async (segment, values) => {
      const likes = await segment.likes();
      const least = Math.min(...values.map(Number));
      return marking(segment, (post) => likes[post] > least);
    },
  };

  /** Mark the posts of a segment that meet a condition; the index finds accounts and topics by name. */
  const markPosts = (segment, { kind, text, isPrefix, name, key, values }, { accountsOf, topicsOf }) => {
    if (kind === "words") return segment.withPhrase(text, isPrefix);
    if (kind === "account") return byAccount(segment, [name], ["<", ">"], accountsOf);
    if (key === "from") return byAccount(segment, values, ["<"], accountsOf);
    if (key === "to") return byAccount(segment, values, [">"], accountsOf);
    if (key === "topic") return byTopic(segment, values, topicsOf);
    if (DATES.includes(key)) return byDate(segment, key, values);
    return FIELDS[key](segment, values);
  };

  Object.assign(sitegen, { KINDS, accountName, daysOf, languagePrefix, markPosts, plainName });
}
