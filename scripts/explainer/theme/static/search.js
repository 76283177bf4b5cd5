/* Search: on the search page it looks through all passages of the site; on any other page it lights up the
   words that the reader came for (?find=…). */
(() => {
  "use strict";
  const DATA = new URL("search-data.js", document.currentScript.src).href;
  const MOST = 3; // passages of a page that are shown at once

  /* Text without what a reader does not remember: width, case, punctuation, spaces, Traditional forms.
     `at[i]` is where the i-th character of `plain` stands in the text. */
  const normalise = (text, simplified) => {
    let plain = "";
    const at = [];
    [...text].reduce((start, character) => {
      for (const c of character.normalize("NFKC").toLowerCase()) {
        if (/[\p{L}\p{N}+]/u.test(c)) {
          plain += simplified.get(c) ?? c;
          at.push(start);
        }
      }
      return start + character.length;
    }, 0);
    return { plain, at };
  };

  const pairs = (text) => {
    const map = new Map();
    const characters = [...text];
    for (let i = 0; i < characters.length; i += 2) map.set(characters[i], characters[i + 1]);
    return map;
  };

  const terms = (query, simplified) =>
    query.split(/\s+/u).map((word) => normalise(word, simplified).plain).filter(Boolean);

  /* Where the terms stand in the text: [from, to) of each, in order and without overlap. */
  const spans = (text, wanted, simplified) => {
    const { plain, at } = normalise(text, simplified);
    const found = [];
    for (const term of wanted) {
      for (let i = plain.indexOf(term); i !== -1; i = plain.indexOf(term, i + term.length)) {
        found.push([at[i], at[i + term.length - 1] + 1]);
      }
    }
    found.sort((a, b) => a[0] - b[0]);
    return found.filter(([from], i) => i === 0 || from >= found[i - 1][1]);
  };

  /* Pages with their hits, best first. A hit has id, heading, text; a heading that is hit has no text. */
  const search = (query, data) => {
    const wanted = terms(query, data.simplified);
    if (!wanted.length) return [];
    const results = [];
    data.pages.forEach(([address, title, passages], order) => {
      const hits = [];
      const has = (text) => wanted.every((term) => text.includes(term));
      const inTitle = has(normalise(title, data.simplified).plain);
      const headings = new Set();
      for (const [id, heading, text] of passages) {
        if (!text && has(normalise(heading, data.simplified).plain)) {
          headings.add(id);
          hits.push({ id, heading, text });
        } else if (text && has(normalise(text, data.simplified).plain)) {
          hits.push({ id, heading, text });
        }
      }
      hits.sort((a, b) => Boolean(a.text) - Boolean(b.text));
      const weight = (inTitle ? 2 : 0) + (headings.size ? 1 : 0);
      if (hits.length) results.push({ address, title, hits, weight, order });
    });
    return results.sort((a, b) => b.weight - a.weight || a.order - b.order);
  };

  const element = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /* The text with the terms marked, cut to what stands around the first of them. */
  const marked = (text, wanted, simplified, most = 70) => {
    const found = spans(text, wanted, simplified);
    const start = Math.max(0, (found[0]?.[0] ?? 0) - 20);
    const end = Math.min(text.length, start + most + 20);
    const pieces = [start > 0 ? "…" : ""];
    let position = start;
    for (const [from, to] of found) {
      if (to > end) break;
      pieces.push(text.slice(position, from), element("mark", {}, text.slice(from, to)));
      position = to;
    }
    pieces.push(text.slice(position, end), end < text.length ? "…" : "");
    return pieces;
  };

  const startSearchPage = (box) => {
    const input = box.querySelector("input");
    const count = box.querySelector(".search-count");
    const list = box.querySelector(".search-results");
    const nothing = box.querySelector(".search-nothing");
    const data = { pages: window.searchData.pages, simplified: pairs(window.searchData.simplified) };

    const hitLink = (page, hit, query) => {
      const wanted = terms(query, data.simplified);
      const words = hit.text ? marked(hit.text, wanted, data.simplified) : marked(hit.heading, wanted, data.simplified);
      const href = `${page.address}?find=${encodeURIComponent(query)}#${hit.id}`;
      const link = element("a", { href }, ...words);
      return element("li", {}, hit.text ? element("span", {}, hit.heading) : "", link);
    };

    const show = () => {
      const query = input.value.trim();
      const pages = search(query, data);
      const total = pages.reduce((sum, page) => sum + page.hits.length, 0);
      count.textContent = total ? `在${pages.length}页里找到${total}处` : "";
      nothing.hidden = !query || total > 0;
      list.replaceChildren(
        ...pages.map((page) => {
          const items = page.hits.map((hit) => hitLink(page, hit, query));
          const shown = element("ul", {}, ...items.slice(0, MOST));
          const section = element("section", {}, element("h2", {}, page.title), shown);
          if (items.length > MOST) {
            const more = element("button", { type: "button" }, `这一页还有${items.length - MOST}处`);
            more.addEventListener("click", () => {
              shown.append(...items.slice(MOST));
              more.remove();
              items[MOST].querySelector("a").focus();
            });
            section.append(more);
          }
          return section;
        }),
      );
      try {
        history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
      } catch {
        // From disk some browsers forbid it; only the address to send is lost.
      }
    };

    // While an input method composes, what stands in the box is not yet what the reader means.
    input.addEventListener("input", (event) => event.isComposing || show());
    input.addEventListener("compositionend", show);
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    if (input.value) show();
    input.focus();
    window.searchFor = (query) => search(query, data); // for the tests, which measure what is found
  };

  /* Lights the words up where the reader has landed, over as many elements as they run through. */
  const lightUp = (query) => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1))) ?? document.querySelector("article");
    const walker = document.createTreeWalker(target, NodeFilter.SHOW_TEXT, {
      acceptNode: (node) =>
        node.parentElement.closest("script, style, svg, option") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    });
    const parts = [];
    let text = "";
    while (walker.nextNode()) {
      parts.push({ node: walker.currentNode, start: text.length });
      text += walker.currentNode.data;
    }
    const simplified = pairs(window.searchData?.simplified ?? "");
    const marks = [];
    for (const [from, to] of spans(text, terms(query, simplified), simplified).reverse()) {
      for (const { node, start } of [...parts].reverse()) {
        const a = Math.max(from - start, 0);
        const b = Math.min(to - start, node.length);
        if (a >= b) continue;
        const range = document.createRange();
        range.setStart(node, a);
        range.setEnd(node, b);
        const mark = element("mark", { class: "found" });
        range.surroundContents(mark);
        marks.unshift(mark);
      }
    }
    const first = marks.find((mark) => mark.checkVisibility?.() ?? true);
    first?.scrollIntoView({ block: "center" });
  };

  const load = (address) =>
    new Promise((resolve) => {
      const script = element("script", { src: address });
      script.onload = resolve;
      document.head.append(script);
    });

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-search]");
    const wanted = new URLSearchParams(location.search).get("find");
    if (box) load(DATA).then(() => startSearchPage(box));
    else if (wanted) load(DATA).then(() => lightUp(wanted));
  });
})();
