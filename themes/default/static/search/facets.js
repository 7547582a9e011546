/* Shows how many posts there are of each year, topic, kind, network and language, as buttons that
   narrow or widen the query. */
"use strict";
{
  const {
    FACETS, FIRST_TOPICS, KINDS, SORT, capitalised, kindName, languageName, make, number, parseQuery, say, plainName, trim,
    writeCondition,
  } = sitegen;
  const LEVELS = 9; // of bars
  const LABELS = {
    year: String,
    topic: String,
    is: kindName,
    network: capitalised,
    lang: languageName,
  };
  const ORDERS = {
    year: ([a], [b]) => Number(b) - Number(a),
    is: ([a], [b]) => KINDS.indexOf(a) - KINDS.indexOf(b),
  };
  const byCount = ([a, count], [b, other]) => other - count || (a < b ? -1 : 1);

  const isOf = (key) => ({ condition, isNegated }) =>
    condition.kind === "field" && condition.key === key && !isNegated;
  const written = (condition) => writeCondition({ kind: "field", ...condition });

  const joined = (...parts) => parts.map(trim).filter(Boolean).join(" ");

  /** Return a query with a term replaced, without needless spaces.

      A "-" right after the quote that ends the term is no minus, and would become one. */
  const spliced = (text, { start, end }, term) =>
    joined(text.slice(0, start), term, text.slice(end).replace(/^-+/, ""));

  /** Return a query with another term at its end; an open quote is closed, which would take it in. */
  const withTerm = (text, term) => joined(trim(text) + parseQuery(text).closing, term);

  /** Return the values that a query states for a key, folded as they are compared. */
  const valuesOf = (text, key) => parseQuery(text).terms.filter(isOf(key))
    .flatMap(({ condition }) => condition.values.map(plainName));

  /** Return a query with a value of a key added, or without it if it has it, under any of `names`. */
  const toggleValue = (text, key, value, names = [plainName(value)]) => {
    const terms = parseQuery(text).terms.filter(isOf(key));
    const isMeant = (each) => names.includes(plainName(each));
    const has = terms.find(({ condition }) => condition.values.some(isMeant));
    const term = has ?? terms[0];
    if (!term) return withTerm(text, written({ key, values: [value] }));
    const values = has ? term.condition.values.filter((each) => !isMeant(each))
      : [...term.condition.values, value];
    return spliced(text, term, values.length ? written({ key, values }) : "");
  };

  /** Return the first of some names that a query can state as it is. */
  const writable = (key, names) =>
    names.find((name) => parseQuery(written({ key, values: [name] })).terms[0]?.condition.values?.[0] === name);

  /** Return a query with another order; "new" is the order of queries that state none. */
  const withOrder = (text, order) => {
    const [stated] = parseQuery(text).orders;
    if (stated) return withOrder(spliced(text, stated, ""), order);
    return order === "new" ? text : withTerm(text, `${SORT}:${order}`);
  };

  /** The counts of one facet: buttons, which stay in their places while the numbers change. */
  class Facet {
    constructor(key, choose, count) {
      this.key = key;
      this.choose = choose;
      this.count = count;
      this.items = new Map();
      this.isWhole = key !== "topic";
      this.list = key === "year" ? make("ul", { className: "facet-bars" }) : make("ul");
      this.element = make("section", { className: "facet", hidden: true }, make("h3", {}, say(`search.facet_${key}`)), this.list);
      if (!this.isWhole) this.offerMore();
    }

    /** Add a button for all values, or the first ones again. */
    offerMore() {
      this.more = make("button", { type: "button", className: "facet-more", hidden: true });
      this.more.addEventListener("click", () => {
        this.isWhole = !this.isWhole;
        this.count(this.isWhole);
      });
      this.element.append(this.more);
    }

    /** Return the names that mean a value, as they are compared. */
    namesOf(value) {
      return this.names.get(value) ?? [plainName(value)];
    }

    add(value) {
      const count = make("span", { className: "count" });
      const label = make("bdi", {}, LABELS[this.key](value));
      const button = make("button", { type: "button" }, label, " ", count);
      button.addEventListener("click", () => {
        const names = this.namesOf(value);
        this.choose(this.key, writable(this.key, [value, ...names]) ?? value, names);
      });
      const item = make("li", {}, button);
      this.items.set(value, { item, button, count });
    }

    /** Show counts; `chosen` are the values that the query states, `names` what means any value. */
    show(counts, chosen, names) {
      this.names = names;
      const most = Math.max(...counts.values(), 1);
      const isNew = !this.items.size;
      const entries = [...counts].sort(ORDERS[this.key] ?? byCount);
      const listed = new Set((this.isWhole ? entries : entries.slice(0, FIRST_TOPICS)).map(([value]) => value));
      for (const [value] of entries) if (!this.items.has(value)) this.add(value);
      for (const [value, { item, button, count }] of this.items) {
        const posts = counts.get(value) ?? 0;
        const isChosen = this.namesOf(value).some((name) => chosen.includes(name));
        count.textContent = number(posts);
        button.ariaPressed = String(isChosen);
        item.className = `level-${Math.ceil(LEVELS * posts / most)}`;
        item.hidden = !listed.has(value) && !isChosen && !item.contains(document.activeElement);
      }
      const isFree = this.more && !this.element.contains(document.activeElement);
      if (isNew || isFree || this.items.size > this.list.children.length) this.arrange(entries);
      if (this.more) this.showMore(entries.length > FIRST_TOPICS || names.hasMore);
      this.element.hidden = ![...this.items.values()].some(({ item }) => !item.hidden)
        || (this.items.size < 2 && !chosen.length);
    }

    showMore(hasMore) {
      this.more.hidden = !hasMore && document.activeElement !== this.more;
      this.more.ariaExpanded = String(this.isWhole);
      this.more.textContent = say(this.isWhole ? "search.fewer_topics" : "search.more_topics");
    }

    /** Put new buttons in their places without moving the one that has the focus. */
    arrange(entries) {
      const compare = ORDERS[this.key];
      const first = this.more ? entries.map(([value]) => value) : [];
      const values = [...new Set([...first, ...this.items.keys()])];
      if (compare) values.sort((a, b) => compare([a], [b]));
      values.forEach((value, at) => {
        const { item } = this.items.get(value);
        if (this.list.children[at] !== item) this.list.insertBefore(item, this.list.children[at] ?? null);
      });
    }
  }

  /** Make the facets in an element; return a function that shows the counts of a query.

      It also takes the topics, which a query may call by other names. `count` asks for the counts
      of all topics, or of some. */
  const makeFacets = (parent, choose, count) => {
    const facets = FACETS.map((key) => new Facet(key, choose, count));
    parent.append(...facets.map(({ element }) => element));
    return (counts, text, topics) => {
      const known = new Map(topics.map(({ name, names }) => [name, names])), none = new Map();
      known.hasMore = topics.some(({ isFirst }) => !isFirst);
      for (const facet of facets) {
        facet.show(counts[facet.key], valuesOf(text, facet.key), facet.key === "topic" ? known : none);
      }
    };
  };

  Object.assign(sitegen, { makeFacets, toggleValue, withOrder });
}
