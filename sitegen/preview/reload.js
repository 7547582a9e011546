// Keeps a previewed page at the newest state of the site. The preview adds it; no site holds it.
(() => {
  "use strict";

  const FIRST_WAIT = 200;
  const LONGEST_WAIT = 2000;
  const STYLE = `
    :host { all: initial; }
    section {
      position: fixed; inset: 0; z-index: 2147483647; overflow: auto; box-sizing: border-box;
      padding: 2rem max(1rem, calc(50vw - 30rem));
      font: 1rem/1.5 system-ui, sans-serif; color: #f4f1ee; background: rgb(28 24 22 / 0.96);
    }
    h1 { font-size: 1.4rem; margin: 0 0 1rem; color: #ffb4a2; }
    p { margin: 0 0 1rem; }
    pre {
      margin: 0 0 1rem; padding: 1rem; border-inline-start: 4px solid #ffb4a2;
      font: 0.95rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
      background: #000; color: inherit;
    }
    .place { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
    button { font: inherit; padding: 0.4rem 1rem; cursor: pointer; }
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
    showFailure(state.failure);
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

  function showFailure(failure) {
    if (overlay) overlay.remove();
    overlay = failure ? describe(failure) : null;
    if (overlay) document.documentElement.append(overlay);
  }

  // Text only, and a sheet made by script: the page's policy forbids inline styles, rightly.
  function describe(failure) {
    const host = document.createElement("sitegen-failure");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const section = element("section", "");
    section.setAttribute("role", "alert");
    section.lang = "en";
    section.append(element("h1", "The site could not be built"));
    if (failure.location) section.append(element("p", failure.location, "place"));
    section.append(element("pre", failure.message));
    if (failure.hint) section.append(element("p", `Hint: ${failure.hint}`));
    section.append(element("p", "This goes away by itself once it is mended."));
    const hide = element("button", "Hide");
    hide.onclick = () => host.remove();
    section.append(hide);
    root.append(section);
    return host;
  }

  function element(name, text, className = "") {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className;
    return made;
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && overlay) overlay.remove();
  });
  addEventListener("pagehide", () => { leaving = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  connect();
})();
