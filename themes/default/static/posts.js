/* Keys to move between posts and to a search field, buttons that copy permalinks. */
"use strict";
(() => {
  const words = SITE_MESSAGES;
  const all = () => [...document.querySelectorAll("main :is(.post, .line)")];
  const field = document.querySelector("input[type=search]");
  const typing = "input,textarea,select,[contenteditable],video,audio";

  const add = (parent, name, properties) =>
    parent.appendChild(Object.assign(document.createElement(name), properties));

  const stored = (use) => { try { return use(localStorage); } catch {} }; // it may be refused

  const move = (step) => {
    const posts = all().filter((post) => post.offsetHeight);
    let at = posts.findIndex((post) => post.contains(document.activeElement));
    if (at < 0) {
      at = posts.findIndex((post) => post.getBoundingClientRect().bottom > 0);
      at = (at < 0 ? posts.length : at) - (step > 0 ? 1 : 0);
    }
    const post = posts[at + step];
    if (!post) return;
    const link = post.querySelector("a.u-url");
    (link?.offsetHeight ? link : Object.assign(post, { tabIndex: -1 })).focus({ preventScroll: true });
    post.scrollIntoView({ block: "start" });
  };

  let on = stored((storage) => storage.sitegenKeys) !== "off";
  const keys = { j: () => move(1), k: () => move(-1) };
  if (field) keys["/"] = () => field.focus();
  if (all().length > 1 || field) {
    document.addEventListener("keydown", (event) => {
      const { key, target } = event;
      if (!on || !Object.hasOwn(keys, key) || event.defaultPrevented || event.isComposing) return;
      if (event.ctrlKey || event.altKey || event.metaKey || target.closest?.(typing)) return;
      event.preventDefault();
      keys[key]();
    });
    const footer = document.querySelector(".colophon")
      ?? add(document.body, "footer", { className: "colophon" });
    const button = add(add(footer, "p", { className: "keys" }), "button",
      { type: "button", textContent: words.keys, ariaPressed: on });
    button.addEventListener("click", () => {
      on = !on;
      button.ariaPressed = on;
      stored((storage) => { storage.sitegenKeys = on ? "on" : "off"; });
    });
  }

  const links = navigator.clipboard ? document.querySelectorAll(".post a.u-uid") : [];
  if (!links.length) return;
  const status = add(document.body, "p", { className: "copy-status", role: "status" });
  for (const link of links) {
    const ariaLabel = `${words.copy}: ${(link.querySelector(".unseen") ?? link).textContent}`;
    const button = add(link.closest(".post"), "button",
      { type: "button", className: "copy", ariaLabel, title: words.copy });
    button.addEventListener("click", async () => {
      status.textContent = await navigator.clipboard.writeText(link.href)
        .then(() => words.copied, () => link.href);
      setTimeout(() => { status.textContent = ""; }, 4000);
    });
  }
})();
