/* Finds the posts of one segment of the index that have words, keys and other facts. */
"use strict";
{
  const { isUnspaced, placeOf, readDays, readNumbers, readPositions, readPosts, wordsOf } = sitegen;

  /** Return the words of the index of which a phrase is made, each with its place in the phrase.

      Characters of scripts without spaces are in the index as pairs; `isPrefix` says that longer
      words will do. */
  const unitsOf = (text, isPrefix) => {
    const words = wordsOf(text), units = [];
    words.forEach((word, at) => {
      const next = words[at + 1], isLast = next === undefined;
      if (!isUnspaced(word)) units.push({ at, word, isPrefix: isLast && isPrefix });
      else if (!isLast) {
        units.push({ at, word: isUnspaced(next) ? word + next : word, isPrefix: false });
      } else if (!at || !isUnspaced(words[at - 1])) units.push({ at, word, isPrefix: true });
    });
    return units;
  };

  /** A segment; `load` returns the data of one of its files by its kind, such as "facets". */
  class Segment {
    constructor(load, { posts, words, keys }) {
      this.load = load;
      this.posts = posts;
      this.firsts = { words, keys };
      this.decoded = new Map();
    }

    /** Return the data of a file that is decoded once. */
    async once(kind, decode) {
      if (!this.decoded.has(kind)) this.decoded.set(kind, this.load(kind).then(decode));
      try {
        return await this.decoded.get(kind);
      } catch (error) {
        this.decoded.delete(kind);
        throw error;
      }
    }

    /** Return an entry for each post: 0 for none. */
    none() {
      return new Uint8Array(this.posts);
    }

    facets() {
      return this.once("facets", ({ days, kinds, networks, languages }) => ({
        days: readDays(days),
        kinds,
        networks: { table: networks[0], places: readNumbers(networks[1]) },
        languages: { table: languages[0], places: readNumbers(languages[1]) },
      }));
    }

    /** Return the likes of each post plus 1; 0 where they are not known. */
    likes() {
      return this.once("likes", readNumbers);
    }

    /** Return the posts of a topic, by its place in one of the files of topics. */
    async ofTopic({ file, place }) {
      const lists = await this.once(`topics-${file}`, (text) => text.split(" ").map(readPosts));
      return lists[place];
    }

    /** Return where a word is, or all words that begin so: file, place and list of posts. */
    async entries(kind, word, isPrefix) {
      const firsts = this.firsts[kind];
      const from = Math.max(placeOf(firsts, word), 0);
      const to = placeOf(firsts, isPrefix ? `${word}\uffff` : word);
      const files = Array.from({ length: Math.max(to - from + 1, 0) }, (_, i) => from + i);
      const found = await Promise.all(files.map(async (file) => {
        const { words, lists } = await this.once(`${kind}-${file}`, ([words, lists]) =>
          ({ words, lists: lists.split(" ") }));
        const entries = [];
        let place = placeOf(words, word);
        if (words[place] !== word) place++;
        const isMeant = (each) => isPrefix ? each.startsWith(word) : each === word;
        for (; place < words.length && isMeant(words[place]); place++) {
          entries.push({ file, place, list: lists[place] });
        }
        return entries;
      }));
      return found.flat();
    }

    /** Mark the posts that have a word, or any that begins so. */
    async withWord(kind, word, isPrefix = false) {
      const marked = this.none();
      for (const { list } of await this.entries(kind, word, isPrefix)) {
        for (const post of readPosts(list)) marked[post] = 1;
      }
      return marked;
    }

    /** Mark the posts that have a key. */
    withKey(key) {
      return this.withWord("keys", key);
    }

    /** Mark the posts that have words next to each other. */
    async withPhrase(text, isPrefix) {
      const units = unitsOf(text, isPrefix);
      const marks = await Promise.all(
        units.map((unit) => this.withWord("words", unit.word, unit.isPrefix)));
      const marked = marks[0];
      for (const other of marks.slice(1)) {
        for (let post = 0; post < this.posts; post++) marked[post] &= other[post];
      }
      if (units.length === 1 || !marked.includes(1)) return marked;
      const starts = await Promise.all(units.map((unit) => this.starts(unit, marked)));
      const [first, ...others] = starts;
      for (let post = 0; post < this.posts; post++) {
        if (!marked[post]) continue;
        marked[post] = Number([...first.get(post)].some(
          (start) => others.every((other) => other.get(post).has(start))));
      }
      return marked;
    }

    /** Return where phrases with a unit may begin, by those posts that are marked. */
    async starts({ at, word, isPrefix }, marked) {
      const starts = new Map();
      for (const { file, place, list } of await this.entries("words", word, isPrefix)) {
        const lists = await this.once(`positions-${file}`, (text) => text.split(" "));
        const positions = readPositions(lists[place]);
        readPosts(list).forEach((post, i) => {
          if (!marked[post]) return;
          if (!starts.has(post)) starts.set(post, new Set());
          for (const position of positions[i]) starts.get(post).add(position - at);
        });
      }
      return starts;
    }
  }

  Object.assign(sitegen, { Segment, unitsOf });
}
