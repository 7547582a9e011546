/* Answers queries from the index: which posts they mean, in which order, and how many there are
   of each year, topic, kind, network and language. */
"use strict";
{
  const { KINDS, Segment, languagePrefix, markPosts, placeOf, plainName, writeCondition } = sitegen;
  const MOST_KEPT = 200; // answers to conditions, which typing asks for again and again
  const DAY = 86_400_000; // milliseconds
  const AT_FIRST = 2; // segments that are asked at once: those after them would keep their answers waiting
  const AHEAD = 4; // segments that are asked before their answers are needed
  const FIRST_TOPICS = 10; // that are counted in any case, and with them those in the same files

  const both = (marks, posts) => {
    if (marks.length === 1) return marks[0];
    const all = new Uint8Array(posts).fill(1);
    for (const marked of marks) {
      for (let post = 0; post < posts; post++) all[post] &= marked[post];
    }
    return all;
  };

  /** Return the facet that a term restricts: a key without "-" whose values can be counted. */
  const FACETS = ["year", "topic", "is", "network", "lang"];
  const facetOf = ({ condition: { key }, isNegated }) =>
    !isNegated && FACETS.includes(key) ? key : null;

  /** The index of a site; `load` returns the data of a file, such as "search/index". */
  class Index {
    constructor(load) {
      this.load = load;
      this.kept = new Map();
      this.accountsOf = this.accountsOf.bind(this);
      this.topicsOf = this.topicsOf.bind(this);
    }

    /** Load the directory. */
    async open() {
      this.opening ??= this.load("search/index").then((directory) => {
        this.directory = directory;
        this.segments = directory.segments.map((about, number) => new Segment(
          (kind) => this.load(`search/${number}/${kind}`, kind.startsWith("topics") ? directory.topics : about.version),
          about));
      });
      try {
        await this.opening;
      } catch (error) {
        this.opening = null;
        throw error;
      }
    }

    /** Return the accounts that a name means. */
    async accountsOf(name) {
      const { version, firsts } = this.directory.names;
      const file = placeOf(firsts, name);
      if (file < 0) return [];
      const [names, accounts] = await this.load(`search/names-${file}`, version);
      const place = placeOf(names, name);
      return names[place] === name ? accounts[place] : [];
    }

    /** Return the topics, those of most posts first.

        Each has its name, the address of its page, the names that mean it, its file and place there, and
        whether it is in a file of the first ones. */
    async topics() {
      const version = this.directory.topics;
      if (!version) return [];
      const [topics, sizes] = await this.load("search/topics", version);
      const places = sizes.flatMap((size, file) => Array.from({ length: size }, (_, place) => ({ file, place })));
      return topics.map(([name, path, names], at) => (
        { name, path, names, ...places[at], isFirst: at - places[at].place < FIRST_TOPICS }));
    }

    /** Return the topics that any of some names means. */
    async topicsOf(names) {
      const wanted = names.map(plainName);
      return wanted.length ? (await this.topics()).filter((topic) => topic.names.some((name) => wanted.includes(name))) : [];
    }

    /** Return the topics that terms ask for. */
    topicsIn(terms) {
      return this.topicsOf(terms.filter((term) => facetOf(term) === "topic").flatMap(({ condition }) => condition.values));
    }

    /** Mark the posts of a segment for which a term holds. */
    async termMarks(number, { condition, isNegated }) {
      const name = `${number} ${condition.kind} ${writeCondition(condition)}`;
      if (!this.kept.has(name)) {
        this.kept.set(name, markPosts(this.segments[number], condition, this));
        if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
      }
      try {
        const marked = await this.kept.get(name);
        return isNegated ? marked.map((is) => 1 - is) : marked;
      } catch (error) {
        this.kept.delete(name);
        throw error;
      }
    }

    /** Mark the posts of a segment for which all terms hold. */
    async marks(number, terms) {
      const marks = await Promise.all(terms.map((term) => this.termMarks(number, term)));
      return both(marks, this.segments[number].posts);
    }

    /** Return the posts of a segment that terms mean, ascending, by their numbers in the archive. */
    async found(number, terms) {
      const first = number * this.directory.perSegment, numbers = [];
      const marked = await this.marks(number, terms);
      for (let post = marked.indexOf(1); post >= 0; post = marked.indexOf(1, post + 1)) numbers.push(first + post);
      return numbers;
    }

    /** Return the numbers of the segments in the order in which an order of results asks for them. */
    inOrder(sort) {
      const numbers = [...this.segments.keys()];
      return sort === "old" ? numbers : numbers.reverse();
    }

    /** Start to load what a query asks of some segments; the search itself reports errors. */
    async prepare({ terms, sort }, from = 0, to = AT_FIRST) {
      if (!this.segments) await this.open();
      for (const number of this.inOrder(sort).slice(from, to)) {
        for (const term of terms) this.termMarks(number, term).catch(() => {});
        if (sort === "likes" || sort === "best") this.segments[number].likes().catch(() => {});
      }
    }

    /** Start to load what a query asks of the segments after the one at a place in its order. */
    prepareAfter(at, query) {
      return this.prepare(query, at + 1, at + 1 + AHEAD);
    }

    /** Yield the posts that a query means, in its order, as soon as they are known. */
    async *search(query) {
      const { terms, sort } = query;
      await this.prepare(query);
      if (sort === "likes" || sort === "best") {
        yield await this.ranked(query);
        return;
      }
      const undated = [];
      for (const [at, number] of this.inOrder(sort).entries()) {
        const found = await this.found(number, terms);
        setTimeout(() => this.prepareAfter(at, query)); // once the results of these have been asked for
        if (sort !== "old") yield found.reverse();
        else {
          undated.push(...found.filter((post) => post < this.directory.undated));
          yield found.filter((post) => post >= this.directory.undated);
        }
      }
      if (undated.length) yield undated.reverse();
    }

    /** Return the posts that terms mean, the most liked first; the best have the words together. */
    async ranked(query) {
      const { terms, sort } = query;
      const phrase = sort === "best" ? phraseOf(terms) : null;
      const ranked = [];
      for (const [at, number] of this.inOrder(sort).entries()) {
        this.prepareAfter(at, query);
        const first = number * this.directory.perSegment;
        const likes = await this.segments[number].likes();
        const together = phrase ? await this.marks(number, [...terms, phrase]) : [];
        for (const post of await this.found(number, terms)) {
          const at = post - first;
          ranked.push({ post, likes: likes[at], together: together[at] ?? 0 });
        }
      }
      ranked.sort((a, b) => b.together - a.together || b.likes - a.likes || b.post - a.post);
      return ranked.map(({ post }) => post);
    }

    /** Count what a query means by year, topic, kind, network and language.

        What the query says of a year does not count for the years, since others can be added. Of topics,
        only those in files of the first ones and those in the query are counted, unless all are wanted. */
    async counts({ terms }, wantsAllTopics = false) {
      await this.open();
      const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map()]));
      const [asked, known, facets] = await Promise.all([
        this.topicsIn(terms), this.topics(), Promise.all(this.segments.map((segment) => segment.facets())),
      ]);
      const topics = known.filter((topic) => wantsAllTopics || topic.isFirst || asked.some(({ name }) => name === topic.name));
      const lists = await Promise.all(this.segments.map((segment) =>
        Promise.all(topics.map((topic) => segment.ofTopic(topic)))));
      for (const number of this.segments.keys()) {
        for (const facet of FACETS) {
          const marked = await this.marks(number, terms.filter((term) => facetOf(term) !== facet));
          if (facet !== "topic") countInto(counts[facet], marked, VALUES[facet](facets[number]));
          else topics.forEach(({ name }, at) => add(counts.topic, name, lists[number][at].filter((post) => marked[post]).length));
        }
      }
      return counts;
    }

    /** Return promises of what results show of posts, in their order. */
    results(numbers) {
      const { perFile, perSegment } = this.directory;
      const results = numbers.map(async (number) => {
        const file = Math.floor(number / perFile);
        const { results: version } = this.directory.segments[Math.floor(number / perSegment)];
        const [authors, posts] = await this.load(`search/posts/${file}`, version);
        const post = posts[number % perFile];
        const [
          address, text, author, date, kind, language = "", likes = null, media = 0, thumbnail = "", other = "",
          others = [], warning = null,
        ] = post;
        const [name, handle, profile, network] = authors[author];
        return {
          path: `thread/${address}`, text, date, kind: KINDS[kind], network, language, thumbnail, warning, others, likes,
          media, other, author: { name, handle, path: profile },
        };
      });
      for (const result of results) result.catch(() => {}); // whoever awaits one that fails reports it
      return results;
    }
  }

  /** Return the term for all words of a query next to each other; null for fewer than two. */
  const phraseOf = (terms) => {
    const words = terms.filter(({ condition, isNegated }) => condition.kind === "words" && !isNegated);
    if (words.length < 2) return null;
    const text = words.map(({ condition }) => condition.text).join(" ");
    const { isPrefix } = words.at(-1).condition;
    return { condition: { kind: "words", text, isPrefix }, isNegated: false };
  };

  const yearOf = (day) => String(new Date(day * DAY).getUTCFullYear()).padStart(4, "0");
  const mainLanguage = (tag) => languagePrefix(tag).split("-")[0];
  const VALUES = {
    year: ({ days }) => (post) => Number.isNaN(days[post]) ? [] : [yearOf(days[post])],
    is: ({ kinds }) => (post) => [KINDS[kinds[post]]],
    network: ({ networks: { table, places } }) => (post) => [table[places[post]]],
    lang: ({ languages: { table, places } }) => {
      const shown = table.map((tags) => [...new Set(tags.map(mainLanguage))].filter(Boolean));
      return (post) => shown[places[post]];
    },
  };
  const add = (counts, value, more) => { if (more) counts.set(value, (counts.get(value) ?? 0) + more); };
  const countInto = (counts, marked, valuesOf) => {
    marked.forEach((is, post) => {
      if (is) for (const value of valuesOf(post)) add(counts, value, 1);
    });
  };

  Object.assign(sitegen, { FACETS, FIRST_TOPICS, Index, facetOf });
}
