// Keeps a previewed page at the newest state of the site. The preview adds it; no site holds it.
(() => {
  "use strict";

  const FIRST_WAIT = 200;
  const LONGEST_WAIT = 2000;
  const STYLE = `
    :host { all: initial; }
    section {
      color-scheme: light dark;
      position: fixed; inset: auto 0 0 0; z-index: 2147483647; box-sizing: border-box;
      max-block-size: 80vh; overflow: auto;
      padding: 1rem max(1.25rem, calc(50vw - 30rem));
      font: 1rem/1.5 system-ui, sans-serif;
      color: light-dark(#1f1b18, #f4f1ee); background: light-dark(#fff6f3, #241a17);
      border-block-start: 4px solid light-dark(#b3261e, #ffb4a2);
      box-shadow: 0 -0.5rem 2rem rgb(0 0 0 / 0.35);
    }
    h1 { font-size: 1.25rem; line-height: 1.25; margin: 0 0 0.75rem; color: light-dark(#9c1c15, #ffb4a2); }
    ul { list-style: none; margin: 0; padding: 0; }
    li { margin: 0 0 1rem; }
    p { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
    pre {
      margin: 0 0 0.5rem; padding: 0.5rem 0.75rem;
      font: 0.95rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
      color: inherit; background: light-dark(#fbe4de, #3a2621);
    }
    .place { font-family: ui-monospace, monospace; font-weight: bold; }
    button {
      font: inherit; padding: 0.4rem 1rem; cursor: pointer;
      color: inherit; background: transparent; border: 1px solid currentColor; border-radius: 4px;
    }
    @media print { section { display: none; } }
  `;

  let shown = document.currentScript.dataset.site;
  let wait = FIRST_WAIT;
  let leaving = false;
  let overlay = null;
  const outgoing = new WeakSet();

  function connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/.sitegen/live`);
    socket.onopen = () => { wait = FIRST_WAIT; };
    socket.onmessage = (event) => follow(JSON.parse(event.data));
    socket.onclose = () => {
      if (leaving) return;
      setTimeout(connect, wait);
      wait = Math.min(wait * 1.5, LONGEST_WAIT);
    };
  }

  // Every message tells the whole state, so that one may be missed or come twice.
  function follow(state) {
    if (leaving) return;
    showProblems(state.problems);
    if (state.site === shown) return;
    if (state.styles && state.before === shown) {
      shown = state.site;
      restyle(state.site);
    } else {
      leaving = true;
      location.reload();
    }
  }

  // All sheets, not only the changed: one may import another. The old one stays until the new
  // one is there, so that the page is never bare.
  function restyle(stamp) {
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const address = new URL(link.href, location.href);
      if (address.origin !== location.origin || outgoing.has(link)) continue;
      address.searchParams.set("preview", stamp);
      const fresh = link.cloneNode();
      fresh.href = address.href;
      fresh.onload = fresh.onerror = () => link.remove();
      outgoing.add(link);
      link.after(fresh);
    }
  }

  // Over the last good page, which stays as it is: the focus is not moved, and "alert" makes
  // screen readers read the text.
  function showProblems(problems) {
    if (overlay) overlay.remove();
    overlay = problems.length ? describe(problems) : null;
    if (overlay) document.documentElement.append(overlay);
  }

  // Text only, and a sheet made by script: the page's policy forbids inline styles, rightly.
  function describe(problems) {
    const host = document.createElement("sitegen-failure");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const section = element("section", "");
    section.setAttribute("role", "alert");
    section.lang = "en";
    section.dir = "ltr";
    section.append(element("h1", "The site could not be built"));
    const list = element("ul", "");
    list.append(...problems.map(describeOne));
    section.append(list);
    section.append(element("p", "This goes away once the site is built again. Escape hides it."));
    const hide = element("button", "Hide");
    hide.onclick = () => host.remove();
    section.append(hide);
    root.append(section);
    return host;
  }

  function describeOne({ location: place, message, hint }) {
    const item = element("li", "");
    if (place) item.append(element("p", place, "place"));
    item.append(element("pre", message));
    if (hint) item.append(element("p", `Hint: ${hint}`));
    return item;
  }

  function element(name, text, className = "") {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && overlay) overlay.remove();
  });
  addEventListener("pagehide", () => { leaving = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  connect();
})();
