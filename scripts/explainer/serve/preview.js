/* The preview's voice in the page: reloads it when it has been built anew, and shows what is to be mended. */
"use strict";
(() => {
  const loaded = new URL(document.currentScript.src).search;
  const page = decodeURIComponent(location.pathname).replace(/\/$/, "/index.html").slice(1);

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  /* How much of the words' pairs of characters a text has: 0 to 1. */
  function likeness(words, text) {
    const pairs = new Set([...words].slice(1).map((character, i) => words[i] + character));
    if (pairs.size < 3) return 0;
    return [...pairs].filter((pair) => text.includes(pair)).length / pairs.size;
  }

  /* What the finding is about: the paragraph most like its line, else its section's heading, else the page's. */
  function subject(finding) {
    const article = document.querySelector("article");
    if (!article) return null;
    const section = (finding.section && document.getElementById(finding.section)) || null;
    let best = null, most = 0.5;
    for (const block of (section || article).querySelectorAll("p, li, td, blockquote, h2, h3, dt, dd")) {
      if (block.closest(".preview-note")) continue;
      const how = likeness(finding.text, block.textContent.replace(/\s/g, ""));
      if (how > most) [best, most] = [block, how];
    }
    if (best) return best.closest("table, figure, li, blockquote") || best;
    return (section || article).querySelector("h1, h2, h3");
  }

  function show(state) {
    document.querySelectorAll(".preview-banner, .preview-note").forEach((old) => old.remove());
    if (!state.findings.length) return;
    const list = element("ul", {});
    state.findings.forEach((finding, i) => {
      const here = finding.page === page;
      const about = here ? subject(finding) : null;
      if (about) {
        const note = element("div", { className: "preview-note", id: `preview-${i}` });
        note.append(element("strong", {}, `要改：${finding.place}`), ` ${finding.words}`);
        about.before(note);
      }
      const place = finding.place && element("a", {}, finding.place);
      if (place && about) place.href = `#preview-${i}`;
      else if (place && finding.page && !here) place.href = `/${finding.page}`;
      list.append(element("li", {}, place || "", " ", finding.words));
    });
    const kept = state.built ? "页面已是最新的样子。" : "页面仍是上一次成功的样子，改好存盘后会自动更新。";
    const summary = element("summary", {}, `预览：有 ${state.findings.length} 处要改。${kept}`);
    banner(element("details", { open: !document.querySelector(".preview-note") }, summary, list));
  }

  function banner(content) {
    const shown = element("div", { className: "preview-banner" }, content);
    shown.setAttribute("role", "status");
    document.body.prepend(shown);
  }

  async function update() {
    const state = await (await fetch("/_preview/state.json")).json();
    if (`?${state.version}` !== loaded) location.reload();
    else show(state);
  }

  let leaving = false;

  function listen() {
    if (leaving) return;
    const socket = new WebSocket(`ws://${location.host}/_preview/changes`);
    socket.onmessage = update; // the first comes with the connection
    socket.onclose = () => {
      if (!document.querySelector(".preview-banner.stopped")) {
        document.querySelectorAll(".preview-banner").forEach((old) => old.remove());
        banner("预览程序停下了。在终端里再运行一次 serve，这里会自己接上。");
        document.querySelector(".preview-banner").classList.add("stopped");
      }
      setTimeout(listen, 2000);
    };
  }

  document.head.append(element("link", { rel: "stylesheet", href: "/_preview/preview.css" }));
  addEventListener("beforeunload", () => { leaving = true; });
  listen();
})();
