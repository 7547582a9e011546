/* The search page: what is typed, the address, results as they arrive, and counts beside them. */
"use strict";
{
  const {
    Index, describeProblems, describeTerms, isUnspaced, loadFile, make, makeFacets, makeResult, parseQuery, say,
    toggleValue, wanted, withOrder, wordsOf,
  } = sitegen;
  const AT_FIRST = 2, AT_ONCE = 20; // results: those that come before the others, and a full list
  const PAUSE = 40; // milliseconds after a key before what is typed is searched for; its words are loaded meanwhile
  const one = (selector) => document.querySelector(selector);
  const form = one(".search-form"), field = form.elements.q, order = one(".search-order select");
  const meaning = one(".search-meaning"), status = one(".search-status"), list = one(".search-results .listing");
  const more = one(".search-more"), narrow = one(".search-narrow"), wide = matchMedia("(min-width: 64rem)");
  const showsNetworks = "networks" in list.dataset;
  const title = document.title;
  const index = new Index(loadFile);

  let newest = 0; // the number of the newest search
  let state = { query: parseQuery(""), text: "", found: [], shown: 0, asked: 0 };

  const edit = (text) => {
    field.value = text;
    enter(text);
  };
  let countsAllTopics = false;
  const showCounts = makeFacets(one(".facets"), (...change) => edit(toggleValue(searched(), ...change)), (all) => {
    countsAllTopics = all;
    countIfSeen();
  });

  /** Return a query whose last word may go on, since it is being typed. */
  const whileTyped = (text, query) => {
    const { condition, isNegated, start, end } = query.terms.at(-1) ?? {};
    if (!condition || end !== text.length || condition.kind !== "words" || isNegated) return query;
    if (!text.startsWith(condition.text, start)) return query; // it is in quotes
    const last = wordsOf(condition.text).at(-1);
    if (condition.isPrefix || [...last].length < (isUnspaced(last) ? 1 : 2)) return query;
    const starred = parseQuery(`${text}*`), { isPrefix, text: words } = starred.terms.at(-1).condition;
    const isSame = words === condition.text && starred.problems.length === query.problems.length;
    return isPrefix && isSame ? starred : query;
  };

  /** Return the text of the field as it is searched for: with the star that a typed word has meanwhile. */
  const searched = () => {
    const text = field.value, query = parseQuery(text);
    return isTyping && whileTyped(text, query) !== query ? `${text}*` : text;
  };

  const showMeaning = (text, query, isTyped) => {
    const understood = describeTerms(query.terms).join(" · ");
    meaning.replaceChildren();
    if (understood) meaning.append(make("p", {}, make("bdi", {}, understood)));
    if (!isTyped) {
      for (const { message, meant } of describeProblems(text, query)) {
        const line = make("p", { className: "search-problem" }, make("bdi", {}, message));
        if (meant) {
          const button = make("button", { type: "button" }, say("search.meant", { query: meant }));
          button.addEventListener("click", () => {
            edit(meant);
            field.focus();
          });
          line.append(" ", button);
        }
        meaning.append(line);
      }
    }
    order.value = query.sort ?? "new";
    document.title = text.trim() ? `${text.trim()} · ${title}` : title;
  };

  const tell = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };

  const showMore = (isAll) => {
    more.hidden = isAll && document.activeElement !== more;
    more.ariaDisabled = String(isAll);
  };

  /** Yield what results show of posts, in their order; each may be in a file of its own.

      The files of a few are asked for at first, and the others once the first is there. */
  const arriving = async function* (posts) {
    let others;
    for (const post of index.results(posts.slice(0, AT_FIRST))) {
      yield await post;
      others ??= index.results(posts.slice(AT_FIRST));
    }
    for (const post of others ?? []) yield await post;
  };

  /** Show the next results, up to a number, each as soon as it is there and those before it are.

      The first one takes the place of those of another search. */
  const showResults = async (search, upTo) => {
    const { query, found, shown, asked } = search;
    if (asked > shown) return; // it is still at the results before these
    search.asked = Math.min(upTo, found.length);
    const sought = wanted(query.terms);
    try {
      for await (const post of arriving(found.slice(shown, upTo))) {
        if (search !== state) return;
        const line = makeResult(post, sought, showsNetworks);
        if (search.shown) list.append(line);
        else list.replaceChildren(line);
        search.shown++;
      }
    } finally {
      search.asked = search.shown;
    }
  };

  const setBusy = (isBusy) => { list.ariaBusy = String(isBusy); };

  /** Read a text as a query, and start to load what it asks of the index. */
  const ask = (text, isTyped) => {
    const parsed = parseQuery(text);
    const query = isTyped ? whileTyped(text, parsed) : parsed;
    index.prepare(query).catch(() => {}); // the search that follows reports it
    return { text, query, isTyped };
  };

  const search = async ({ text, query, isTyped }) => {
    const number = ++newest, isOld = () => number !== newest;
    const mine = { query, text, found: [], shown: 0, asked: 0 };
    showMeaning(text, query, isTyped);
    setBusy(true);
    try {
      await index.open();
      if (isOld()) return;
      state = mine;
      await linkTopics(mine, isOld);
      for await (const found of index.search(query)) {
        if (isOld()) return;
        mine.found = mine.found.concat(found);
        if (mine.shown < AT_ONCE) await showResults(mine, AT_ONCE);
      }
      if (isOld()) return;
      const count = mine.found.length;
      if (!count) list.replaceChildren();
      tell(count ? say("count.posts", { count }) : say("search.none"));
      showMore(mine.shown >= count);
      if (wide.matches || narrow.open) await countPosts(mine, isOld);
    } catch {
      if (!isOld()) tell(say("search.failed"));
    }
    if (!isOld()) setBusy(false);
  };

  const countPosts = async ({ query, text }, isOld) => {
    const counts = await index.counts(query, countsAllTopics);
    const topics = await index.topics();
    if (!isOld()) showCounts(counts, text, topics);
  };

  /** Add links to the pages of the topics that a query asks for. */
  const linkTopics = async ({ query }, isOld) => {
    const topics = await index.topicsIn(query.terms);
    if (isOld() || !topics.length) return;
    const links = topics.map(({ name, path }) =>
      make("a", { attributes: { href: path } }, make("bdi", {}, say("search.topic_page", { value: name }))));
    meaning.append(make("p", {}, ...links.flatMap((link, at) => at ? [" · ", link] : [link])));
  };

  const address = (text) => {
    const url = new URL(location.href);
    url.hash = "";
    url.search = text.trim() ? `?${new URLSearchParams({ q: text })}` : "";
    return url.href;
  };
  const setAddress = (way, text) => {
    try { history[way](null, "", address(text)); } catch {} // browsers refuse it when it is too often
  };
  const addressed = () => new URLSearchParams(location.search).get("q") ?? "";

  /** Search for a text that is complete, and remember it in the history. */
  const enter = (text) => {
    clearTimeout(pausing);
    const asked = ask(text, false);
    setAddress(isTyping || text === entered ? "replaceState" : "pushState", text);
    entered = text;
    isTyping = false;
    return search(asked);
  };

  // What is typed has an entry of its own in the history, which becomes that of what is entered then.
  let pausing = 0, entered = addressed(), isTyping = false;
  const type = () => {
    clearTimeout(pausing);
    const asked = ask(field.value, true);
    pausing = setTimeout(() => {
      setAddress(isTyping ? "replaceState" : "pushState", asked.text);
      isTyping = true;
      search(asked);
    }, PAUSE);
  };
  field.addEventListener("input", (event) => { if (!event.isComposing) type(); });
  field.addEventListener("compositionend", type);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter(field.value);
  });
  order.addEventListener("change", () => edit(withOrder(searched(), order.value)));
  more.addEventListener("click", async () => {
    const { found, shown } = state;
    if (shown >= found.length) return;
    try {
      await showResults(state, shown + AT_ONCE);
    } catch {
      tell(say("search.failed"));
      return;
    }
    tell(say("lede.some_posts", { shown: sitegen.number(state.shown), count: found.length }));
    showMore(state.shown >= found.length);
  });
  const countIfSeen = () => {
    const number = newest;
    if (wide.matches || narrow.open) countPosts(state, () => number !== newest).catch(() => tell(say("search.failed")));
  };
  narrow.addEventListener("toggle", countIfSeen);
  wide.addEventListener("change", countIfSeen);
  addEventListener("popstate", () => {
    clearTimeout(pausing);
    entered = addressed();
    isTyping = false;
    field.value = entered;
    search(ask(entered, false));
  });

  one(".search-page").hidden = false;
  field.value = entered;
  search(ask(entered, false));
}
