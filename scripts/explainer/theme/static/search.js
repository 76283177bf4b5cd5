/* Search: on the search page it looks through all that stands on the site; on any other page it lights up the
   words that the reader came for (?find=…), and is there for no other reader (reading.js). Runs when the page is read. */
(() => {
  "use strict";
  const DATA = new URL("search-data.js", document.currentScript.src).href;
  const MOST = 3; // passages of a page that are shown at once
  const SHOWN = 20; // characters of a query that are said again
  const SUGGESTED = 6;
  const LONGEST = 300; // characters of a query that is nowhere, among which something known is looked for
  const PAUSE = 800; // ms without a key, after which what was found is told to who listens
  const LETTER = /[\p{L}\p{N}+]/u;
  const IN_NUMBER = /^\d\.\d$/; // the number of a sentence, 3.1.3

  /* Text without what a reader does not remember: width, case, spaces, Traditional forms and, unless `marks` are
     asked for, punctuation. `at[i]` is where the i-th character of `plain` stands in the text. */
  const normalise = (text, simplified, marks = false) => {
    let plain = "";
    const at = [];
    let start = 0;
    const characters = [...text];
    characters.forEach((character, i) => {
      for (const c of character.normalize("NFKC").toLowerCase()) {
        const around = () => `${characters[i - 1]}${c}${characters[i + 1]}`.normalize("NFKC");
        if (marks ? c.trim() : LETTER.test(c) || (c === "." && IN_NUMBER.test(around()))) {
          plain += simplified.get(c) || c;
          for (let unit = 0; unit < c.length; unit += 1) at.push(start);
        }
      }
      start += character.length;
    });
    return { plain, at };
  };

  const pairs = (text) => {
    const map = new Map();
    const characters = [...text];
    for (let i = 0; i < characters.length; i += 2) map.set(characters[i], characters[i + 1]);
    return map;
  };

  /* A query of nothing but punctuation looks for punctuation. */
  const onlyMarks = (query) => !LETTER.test(query.normalize("NFKC"));

  const terms = (query, simplified) => {
    const words = query.split(/\s+/u).map((word) => normalise(word, simplified, onlyMarks(query)).plain);
    return [...new Set(words.filter(Boolean))];
  };

  /* Where the terms stand: [from, to) of each, in order and without overlap. */
  const matches = (plain, wanted) => {
    const found = [];
    for (const term of wanted) {
      for (let i = plain.indexOf(term); i !== -1; i = plain.indexOf(term, i + term.length)) {
        found.push([i, i + term.length]);
      }
    }
    found.sort((a, b) => a[0] - b[0]);
    let end = 0;
    return found.filter(([from, to]) => from >= end && (end = to));
  };

  /* The same in the text as it stands. */
  const spans = (text, query, simplified) => {
    const { plain, at } = normalise(text, simplified, onlyMarks(query));
    return matches(plain, terms(query, simplified)).map(([from, to]) => [at[from], at[to - 1] + 1]);
  };

  /* Made once: each page's text without punctuation and with, as one string, and where its passages lie in it. */
  const prepare = (data) => {
    const simplified = pairs(data.simplified);
    const pages = data.pages.map(([address, title, passages, numbered]) => {
      const page = { address, title };
      for (const marks of [false, true]) {
        let plain = "";
        const places = passages.map(([, , text]) => {
          const part = normalise(text, simplified, marks);
          const place = { start: plain.length, at: part.at, plain: part.plain };
          plain += part.plain;
          return place;
        });
        page[marks] = { plain, places, numbered: normalise(numbered, simplified, marks).plain };
      }
      page.passages = passages.map(([rank, heading, text, id, ...more]) => {
        const spots = [[0, id]];
        for (let i = 0; i < more.length; i += 2) spots.push([more[i], more[i + 1]]);
        return { rank, heading: heading in passages ? passages[heading][2] : title, text, spots };
      });
      return page;
    });
    const [page, headings, paragraphs] = data.source;
    const plain = (text) => normalise(text, simplified).plain;
    const source = { page, paragraphs: paragraphs.map(plain), plain: plain([...headings, ...paragraphs].join("")) };
    return { pages, simplified, phrases: data.phrases, source };
  };

  /* The page's hits for these terms. A passage that has them all is a hit; where they stand only here and there,
     or run from one passage into the next, the passages in which they begin. */
  const hitsOn = (page, wanted, marks) => {
    const { plain, places, numbered } = page[marks];
    if (!wanted.every((term) => plain.includes(term))) {
      // With the number of a sentence among the words, as “依附。3.1.3” on the full-text page: each for itself.
      if (!wanted.every((term) => numbered.includes(term))) return [];
      wanted = wanted.flatMap((term) => term.match(/[\d.]+|[^\d.]+/g)).filter((part) => plain.includes(part));
    }
    const found = matches(plain, wanted);
    const hits = [];
    let nth = 0;
    places.forEach((place, i) => {
      const passage = page.passages[i];
      const end = place.start + place.plain.length;
      const first = nth;
      while (nth < found.length && found[nth][0] < end) nth += 1;
      if (first === nth) return;
      const whole = wanted.every((term) => place.plain.includes(term));
      const offset = place.at[found[first][0] - place.start];
      const [, id] = passage.spots.filter(([from]) => from <= offset).pop();
      hits.push({ id, nth: first, whole, rank: passage.rank, heading: passage.heading, text: passage.text });
    });
    const best = hits.some((hit) => hit.whole) ? hits.filter((hit) => hit.whole) : hits;
    const seen = new Set(); // a chart's words stand in both its shapes, in its list and in its table
    return best.filter(({ id, text }) => !seen.has(`${id} ${text}`) && seen.add(`${id} ${text}`));
  };

  /* In how many paragraphs of the source all the terms stand. */
  const saidIn = (source, wanted) =>
    source.paragraphs.filter((paragraph) => wanted.every((term) => paragraph.includes(term))).length;

  /* Pages with their hits, best first: the words in the title, in a heading, in a chart's title, in a passage;
     `exact` when they stand there to the letter, punctuation included. */
  const search = (query, data) => {
    const marks = onlyMarks(query);
    const phrase = normalise(query, data.simplified, true).plain;
    const wanted = terms(query, data.simplified);
    if (!wanted.length) return [];
    const pages = data.pages.flatMap((page, order) => {
      const hits = hitsOn(page, wanted, marks);
      if (!hits.length) return [];
      const exact = page[true].plain.includes(phrase) || page[true].numbered.includes(phrase);
      hits.sort((a, b) => (a.rank || 4) - (b.rank || 4));
      const weight = (hits[0].whole ? 10 : 0) + 2 * (4 - (hits[0].rank || 4)) + exact;
      return [{ address: page.address, title: page.title, hits, exact, weight, order }];
    });
    // A mark and a character or two, “，第”: where it stands to the letter, nobody wants it without the mark.
    const few = wanted.join("").length <= 3 && phrase !== wanted.join("");
    const found = few && pages.some(({ exact }) => exact) ? pages.filter(({ exact }) => exact) : pages;
    // What the source says comes first, then what is said about it.
    const said = ({ address }) => address === data.source.page && saidIn(data.source, wanted) > 0;
    return found.sort((a, b) => said(b) - said(a) || b.weight - a.weight || a.order - b.order);
  };

  /* For a query that is nowhere: the longest parts of it that are somewhere. From each character on the longest part
     ends no earlier than from the one before it, so that both ends go through the query once. */
  const shorter = (query, data) => {
    const words = [...normalise(query.slice(0, LONGEST), data.simplified).plain];
    const part = (from, to) => words.slice(from, to).join("");
    const known = (from, to) => data.pages.some((page) => page[false].plain.includes(part(from, to)));
    let longest = 0;
    let found = [];
    for (let from = 0, to = 0; from < words.length; from += 1) {
      to = Math.max(to, from);
      while (to < words.length && known(from, to + 1)) to += 1;
      if (to - from > longest) [longest, found] = [to - from, []];
      if (longest && to - from === longest) found.push(part(from, to));
    }
    return longest > 1 || words.length < 4 ? [...new Set(found)].slice(0, SUGGESTED) : [];
  };

  /* Whether the source says it is an answer of its own, where the words are one word or sentence. */
  const ofSource = (query, { source, simplified }) => {
    const wanted = terms(query, simplified);
    const paragraphs = onlyMarks(query) ? 0 : saidIn(source, wanted);
    if (paragraphs) return `原文有${paragraphs}段说到；`;
    const told = wanted.length === 1 && query.length <= SHOWN && !onlyMarks(query) && !source.plain.includes(wanted[0]);
    return told && /\p{Script=Han}/u.test(query) ? `原文没有“${query}”；` : "";
  };

  /* What the reader may be about to type: terms and phrases, then headings; those that begin with it first. */
  const suggest = (query, data) => {
    const typed = normalise(query, data.simplified).plain;
    if (!typed) return [];
    if (!data.offered) {
      const headings = data.pages.flatMap((page) => page.passages.filter(({ rank }) => rank).map(({ text }) => text));
      const offered = [...new Set([...data.phrases, ...headings])];
      data.offered = offered.map((words) => ({ words, plain: normalise(words, data.simplified).plain }));
    }
    const place = ({ plain }) => (plain === typed ? -1 : plain.indexOf(typed));
    const fits = data.offered.filter((offer) => place(offer) >= 0);
    return fits.sort((a, b) => Boolean(place(a)) - Boolean(place(b))).slice(0, SUGGESTED).map(({ words }) => words);
  };

  const element = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const fill = (node, ...children) => {
    node.textContent = "";
    node.append(...children);
  };

  /* The text with the terms marked, cut to what stands around the first of them. */
  const marked = (text, query, simplified, most = 70) => {
    const found = spans(text, query, simplified);
    const start = Math.max(0, found.length ? found[0][0] - 20 : 0);
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

  /* The suggestions: a list box under the input, which keeps the focus (the combobox pattern of WAI-ARIA). */
  class Suggestions {
    constructor(input, list, data, take) {
      Object.assign(this, { input, list, data, take, at: -1, options: [] });
      input.addEventListener("keydown", (event) => this.key(event));
      list.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
      list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose(option.textContent);
      });
    }

    show(query) {
      this.options = suggest(query, this.data).map((words, i) =>
        element("li", { role: "option", id: `suggestion-${i}`, "aria-selected": "false" }, words),
      );
      fill(this.list, ...this.options);
      this.open(this.options.length > 0);
    }

    open(open) {
      this.list.hidden = !open;
      this.input.setAttribute("aria-expanded", String(open));
      this.select(-1);
    }

    select(at) {
      this.at = at;
      this.options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      if (at < 0) this.input.removeAttribute("aria-activedescendant");
      else this.input.setAttribute("aria-activedescendant", this.options[at].id);
    }

    choose(words) {
      this.input.value = words;
      this.open(false);
      this.take();
    }

    key(event) {
      if (event.isComposing) return; // the keys belong to the input method
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (way && this.options.length) {
        event.preventDefault();
        const { length } = this.options;
        if (this.list.hidden) this.open(true);
        this.select(this.at < 0 ? (way > 0 ? 0 : length - 1) : (this.at + way + length) % length);
      } else if (event.key === "Enter" && !this.list.hidden) {
        event.preventDefault();
        if (this.at >= 0) this.choose(this.options[this.at].textContent);
        else this.open(false);
      } else if (event.key === "Escape" && !this.list.hidden) {
        event.preventDefault(); // the first Escape closes the list, only the second empties the box
        this.open(false);
      }
    }
  }

  const startSearchPage = (box) => {
    const input = box.querySelector("input");
    const count = box.querySelector(".search-count");
    const status = box.querySelector("[aria-live]");
    let pausing;
    const list = box.querySelector(".search-results");
    const nothing = box.querySelector(".search-nothing");
    const instead = box.querySelector(".search-instead");
    const data = prepare(window.searchData);

    const hitLink = (page, hit, query) => {
      const href = `${page.address}?find=${encodeURIComponent(query)}&nth=${hit.nth}#${hit.id}`;
      const link = element("a", { href }, ...marked(hit.text, query, data.simplified));
      return element("li", {}, hit.rank ? "" : element("span", {}, hit.heading), link);
    };

    const show = () => {
      const query = input.value.trim();
      const pages = search(query, data);
      const total = pages.reduce((sum, page) => sum + page.hits.length, 0);
      const everywhere = total ? `在${pages.length}页里找到${total}处` : "没有找到";
      count.textContent = query && ofSource(query, data) + everywhere;
      // Told once, not at every key.
      clearTimeout(pausing);
      pausing = setTimeout(() => (status.textContent = count.textContent), PAUSE);
      nothing.hidden = !query || total > 0;
      const parts = total || !query ? [] : shorter(query, data);
      instead.hidden = !parts.length;
      fill(
        instead,
        "也许可以找：",
        ...parts.map((words) => {
          const button = element("button", { type: "button" }, words);
          button.addEventListener("click", () => {
            suggestions.choose(words);
            input.focus();
          });
          return button;
        }),
      );
      fill(
        list,
        ...pages.map((page) => {
          const items = page.hits.map((hit) => hitLink(page, hit, query));
          const shown = element("ul", {}, ...items.slice(0, MOST));
          const section = element("section", {}, element("h2", {}, page.title), shown);
          if (items.length > MOST) {
            const more = element(
              "button",
              { type: "button" },
              `这一页还有${items.length - MOST}处`,
              element("span", { class: "heard" }, `：${page.title}`),
            );
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
    const suggestions = new Suggestions(input, box.querySelector("[role=listbox]"), data, show);
    const typed = () => {
      suggestions.show(input.value);
      show();
    };

    // While an input method composes, what stands in the box is not yet what the reader means.
    input.addEventListener("input", (event) => event.isComposing || typed());
    input.addEventListener("compositionend", typed);
    if (input.value) show();
    window.searchFor = (query) => search(query, data); // for the tests, which measure what is found
  };

  /* What keeps found words out of sight gives way: a closed passage, a situation that is not the present one. */
  const uncover = (node) => {
    for (let details = node.closest("details"); details; details = details.parentElement.closest("details")) {
      details.open = true;
    }
    const situation = node.closest(".chart-situation[hidden]");
    if (situation) situation.closest(".chart-change").querySelector("button").click();
  };

  /* Lights the words up and brings the `nth` of the page into view, over as many elements as they run through.
     Words in a picture cannot be marked: there the chart is. */
  const lightUp = (query, nth) => {
    const simplified = pairs(window.searchData.simplified);
    const article = document.querySelector("article");
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, {
      acceptNode: (node) =>
        node.parentElement.closest("script, style, .headerlink, .permalink") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    });
    const parts = [];
    let text = "";
    while (walker.nextNode()) {
      parts.push({ node: walker.currentNode, start: text.length });
      text += walker.currentNode.data;
    }
    const found = spans(text, query, simplified);
    const marks = found.map(() => []);
    let part = parts.length - 1;
    for (let i = found.length - 1; i >= 0; i -= 1) {
      const [from, to] = found[i];
      while (parts[part].start >= to) part -= 1;
      for (let k = part; k >= 0 && parts[k].start + parts[k].node.length > from; k -= 1) {
        const { node, start } = parts[k];
        if (node.parentElement.closest("svg, option")) {
          marks[i].unshift(node.parentElement.closest("figure"));
          continue;
        }
        const range = document.createRange();
        range.setStart(node, Math.max(from - start, 0));
        range.setEnd(node, Math.min(to - start, node.length));
        const mark = element("mark", { class: "found" });
        range.surroundContents(mark);
        marks[i].unshift(mark);
      }
    }
    const id = decodeURIComponent(location.hash.slice(1));
    const target = document.getElementById(id);
    const wanted = marks[nth] || [];
    const inTarget = marks.find(([mark]) => mark && target && target.contains(mark));
    const [first] = wanted[0] ? wanted : inTarget || (target ? [] : marks[0]) || [];
    if (!first) return; // the number of a sentence: the browser has gone there
    if (first.matches("figure")) first.classList.add("found");
    uncover(first);
    first.scrollIntoView({ block: first.matches("figure") ? "start" : "center" });
  };

  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = element("script", { src: address });
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });

  /* The box can be typed into at once; what is typed before the text is there is answered when it is. */
  const openSearchPage = (box, query) => {
    const input = box.querySelector("input");
    input.value = query;
    box.parentElement.classList.add("ready");
    input.focus();
    load(DATA).then(
      () => startSearchPage(box),
      () => (box.querySelector(".search-count").textContent = "要找的文字没有载入，请检查网络，再打开这一页。"),
    );
  };

  const box = document.querySelector("[data-search]");
  const address = new URLSearchParams(location.search);
  const wanted = address.get("find");
  if (box) openSearchPage(box, address.get("q") || "");
  else if (wanted) load(DATA).then(() => lightUp(wanted, address.has("nth") ? Number(address.get("nth")) : NaN));
})();
