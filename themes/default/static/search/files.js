/* Loads the files of the index, which are scripts, so that it works from a disk as well. */
"use strict";
{
  const top = new URL("../../", document.currentScript.src); // of the site
  const waiting = new Map();
  const loading = new Map();

  sitegen.receive = (name, data) => waiting.get(name)?.(data);

  /** Return the data of a file of the index, such as "search/0/facets"; it is loaded once. */
  const loadFile = (name, version = "") => {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        const end = (settle) => {
          waiting.delete(name);
          script.remove();
          settle();
        };
        waiting.set(name, (data) => end(() => resolve(data)));
        const fail = () => end(() => {
          loading.delete(name); // the next query may ask again
          reject(new Error(`${name}.js cannot be loaded`));
        });
        script.addEventListener("error", fail);
        script.addEventListener("load", () => {
          if (waiting.has(name)) fail(); // some hosts answer with a page where a file is missing
        });
        const address = new URL(`${name}.js`, top);
        if (version) address.search = version;
        script.src = address.href;
        document.head.append(script);
      }));
    }
    return loading.get(name);
  };

  Object.assign(sitegen, { loadFile });
}
