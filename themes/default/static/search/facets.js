/* Shows how many posts there are of each year, kind, network and language, as buttons that narrow
   or widen the query. */
"use strict";
{
  const { FACETS, KINDS, SORT, capitalised, kindName, languageName, make, number, parseQuery, say, writeCondition } = sitegen;
  const LEVELS = 9; // of bars
  const LABELS = {
    year: String,
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

  /** Return a text with a part replaced, without needless spaces. */
  const spliced = (text, start, end, part) =>
    [text.slice(0, start), part, text.slice(end)].map((each) => each.trim()).filter(Boolean).join(" ");

  /** Return the values that a query states for a key, folded as they are compared. */
  const valuesOf = (text, key) => parseQuery(text).terms.filter(isOf(key))
    .flatMap(({ condition }) => condition.values.map(sitegen.fold));

  /** Return a query with a value of a key added, or without it if it has it. */
  const toggleValue = (text, key, value) => {
    const terms = parseQuery(text).terms.filter(isOf(key));
    const { fold } = sitegen;
    const has = terms.find(({ condition }) => condition.values.some((each) => fold(each) === fold(value)));
    const term = has ?? terms[0];
    if (!term) return spliced(text, text.length, text.length, written({ key, values: [value] }));
    const values = has ? term.condition.values.filter((each) => fold(each) !== fold(value))
      : [...term.condition.values, value];
    return spliced(text, term.start, term.end, values.length ? written({ key, values }) : "");
  };

  /** Return a query with another order; "new" is the order of queries that state none. */
  const withOrder = (text, order) => {
    let changed = text;
    for (const { start, end } of parseQuery(text).orders.reverse()) changed = spliced(changed, start, end, "");
    return order === "new" ? changed : spliced(changed, changed.length, changed.length, `${SORT}:${order}`);
  };

  /** The counts of one facet: buttons, which stay in their places while the numbers change. */
  class Facet {
    constructor(key, choose) {
      this.key = key;
      this.choose = choose;
      this.items = new Map();
      this.list = key === "year" ? make("ul", { className: "facet-bars" }) : make("ul");
      this.element = make("section", { className: "facet" }, make("h3", {}, say(`search.facet_${key}`)), this.list);
    }

    add(value) {
      const count = make("span", { className: "count" });
      const label = make("bdi", {}, LABELS[this.key](value));
      const button = make("button", { type: "button" }, label, " ", count);
      button.addEventListener("click", () => this.choose(this.key, value));
      const item = make("li", {}, button);
      this.items.set(value, { item, button, count });
    }

    /** Show counts; `chosen` are the values that the query states. */
    show(counts, chosen) {
      const most = Math.max(...counts.values(), 1);
      const isNew = !this.items.size;
      const entries = [...counts].sort(ORDERS[this.key] ?? byCount);
      for (const [value] of entries) if (!this.items.has(value)) this.add(value);
      for (const [value, { item, button, count }] of this.items) {
        const posts = counts.get(value) ?? 0;
        const isChosen = chosen.includes(sitegen.fold(value));
        count.textContent = number(posts);
        button.ariaPressed = String(isChosen);
        item.className = `level-${Math.ceil(LEVELS * posts / most)}`;
        item.hidden = !posts && !isChosen && !item.contains(document.activeElement);
      }
      if (isNew || this.items.size > this.list.children.length) this.arrange(entries);
      this.element.hidden = ![...this.items.values()].some(({ item }) => !item.hidden)
        || (this.items.size < 2 && !chosen.length);
    }

    /** Put new buttons in their places without moving the one that has the focus. */
    arrange() {
      const compare = ORDERS[this.key];
      const values = [...this.items.keys()];
      if (compare) values.sort((a, b) => compare([a], [b]));
      values.forEach((value, at) => {
        const { item } = this.items.get(value);
        if (this.list.children[at] !== item) this.list.insertBefore(item, this.list.children[at] ?? null);
      });
    }
  }

  /** Make the facets in an element; return a function that shows the counts of a query. */
  const makeFacets = (parent, choose) => {
    const facets = FACETS.map((key) => new Facet(key, choose));
    parent.append(...facets.map(({ element }) => element));
    return (counts, text) => {
      for (const facet of facets) facet.show(counts[facet.key], valuesOf(text, facet.key));
    };
  };

  Object.assign(sitegen, { makeFacets, toggleValue, withOrder });
}
