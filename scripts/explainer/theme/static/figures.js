/* Brings a page's charts to life. Each stands in the page as a picture whose marks link to their sentences, and stays
   that where an engine cannot do more. Vega, one file for the whole site, is fetched when a chart comes near and draws
   it at the reader's first touch, from a script that holds what this one chart is drawn from. */
(() => {
  "use strict";
  const PATIENCE = 20000; // ms for Vega to arrive; on a slow line it takes ten seconds
  const VEGA = new URL("vega.js", document.currentScript.src).href;
  const STILL = matchMedia("(prefers-reduced-motion: reduce)");
  // An engine without this (it came with Chromium 86, Safari 14, Firefox 78) cannot read Vega either.
  const CAPABLE = "replaceChildren" in Element.prototype;
  // For the strict policy: expressions run in Vega's interpreter, and no style sheet is put into the page.
  const QUIET = { ast: true, defaultStyle: false, actions: false };
  const charts = [];
  const simple = () => document.documentElement.dataset.view === "simple"; // the pictures stay pictures
  let byKeyboard = false; // how the reader last acted: only keys need to see where the focus is
  let fetched = Promise.resolve();
  const loading = {};

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /* Vega into the browser's cache, by a way that the policy allows in every engine: `prefetch` is forbidden in some.
     From disk it is there anyway, and may not be fetched. */
  const fetchVega = () => {
    if (!loading[VEGA] && location.protocol.startsWith("http")) {
      fetched = fetch(VEGA).then((answer) => answer.blob()).catch(() => {});
    }
  };

  /* A script, once for all charts; after a failure or too long a wait the next try begins anew. */
  const load = (address, found, ready = Promise.resolve()) => {
    if (loading[address]) return loading[address];
    const script = element("script", { src: address });
    loading[address] = new Promise((resolve, reject) => {
      if (found()) return resolve();
      const look = () => (found() ? resolve() : reject(new Error(address))); // it may have come and not been understood
      script.onload = look;
      script.onerror = look;
      setTimeout(look, PATIENCE);
      ready.then(() => document.head.append(script));
    });
    loading[address].catch(() => {
      delete loading[address];
      fetched = Promise.resolve();
      script.remove();
    });
    return loading[address];
  };

  const loadVega = () => load(VEGA, () => window.vegaEmbed, fetched);

  const plain = (box) => [box, ...box.querySelectorAll("svg, g")].forEach((node) => node.setAttribute("role", "none"));

  /* Once the page stands still: a place that is measured while it glides is past before it is used. */
  const stillness = () =>
    new Promise((resolve) => {
      let [last, same] = [NaN, 0];
      const look = () => {
        same = scrollY === last ? same + 1 : 0;
        last = scrollY;
        if (same > 2) resolve();
        else requestAnimationFrame(look);
      };
      look();
    });

  /* A screen reader takes a list whose choice changes for where the reader is. Where it changes from elsewhere, the list
     is not there for it while it does. */
  const quietly = (list, change) => {
    if (!list.contains(document.activeElement)) {
      list.setAttribute("aria-hidden", "true");
      requestAnimationFrame(() => requestAnimationFrame(() => list.removeAttribute("aria-hidden")));
    }
    change();
  };

  /* What has the focus does not stay under the words that lie over the foot of the page. */
  const keepInSight = () => {
    const chart = charts.find(({ sheet }) => sheet);
    const node = document.activeElement;
    if (!chart || !node || node === document.body || chart.chosen.contains(node)) return;
    stillness().then(() => {
      if (!chart.sheet || node !== document.activeElement) return;
      const [box, words] = [node.getBoundingClientRect(), chart.chosen.getBoundingClientRect()];
      const under = box.bottom > words.top - 8 && box.top < words.bottom;
      if (under) scrollTo(0, scrollY + Math.min(box.bottom + 16 - words.top, Math.max(0, box.top - 80)));
    });
  };

  /* Words that stay while the pointer is on the mark or on the words themselves; Escape puts them away. */
  const tip = {
    box: element("div", { class: "chart-tip", role: "tooltip", hidden: "" }),
    show(words, event) {
      clearTimeout(this.leaving);
      if (!this.box.hidden && this.box.textContent === words) return;
      this.box.textContent = words;
      this.box.hidden = false;
      const { clientX: x, clientY: y } = event;
      const { width, height } = this.box.getBoundingClientRect();
      const below = y + 14 + height < innerHeight;
      this.box.style.left = `${Math.max(8, Math.min(x - 20, innerWidth - width - 8))}px`;
      this.box.style.top = `${below ? y + 14 : y - height - 14}px`;
    },
    leave() {
      clearTimeout(this.leaving);
      if (this.box.matches(":hover")) return;
      this.leaving = setTimeout(() => this.hide(), 250);
    },
    hide() {
      this.box.hidden = true;
    },
  };
  tip.box.addEventListener("pointerenter", () => clearTimeout(tip.leaving));
  tip.box.addEventListener("pointerleave", () => tip.leave());

  class Chart {
    constructor(figure) {
      const find = (selector) => figure.querySelector(selector);
      Object.assign(this, JSON.parse(find('script[type="application/json"]').textContent), {
        figure,
        canvas: find(".chart-canvas"),
        still: find(".chart-still"),
        select: find(".chart-pick select"),
        chosen: find(".chart-chosen"),
        box: find(".chart-words"),
        fold: find(".chart-fold"),
        failure: find(".chart-failure"),
        fullText: find(".source-link").getAttribute("href").split("#")[0],
        status: find(".chart-status"),
        signals: {},
        frames: {},
        picked: "",
        stops: [],
      });
      if (this.chosen) [this.words] = this.chosen.children;
      for (const { value, textContent } of this.select ? this.select.options : []) {
        if (value) Object.assign(this.marks[value], { key: value, name: textContent });
      }
      this.connectCanvas();
      this.connectList();
      if (this.change) this.connectChange();
      if (this.tour.length) this.connectTour();
      find("[data-png]").addEventListener("click", () => this.savePng());
      this.failure.querySelector("button").addEventListener("click", () => this.draw());
      plain(this.still);
      figure.classList.add("ready");
      if (this.fold) this.fold.addEventListener("toggle", () => this.unfold());
      this.label();
    }

    /* Drawing ------------------------------------------------------------------------------------------- */

    /* The style sheet knows which one there is room for. */
    get shape() {
      return getComputedStyle(this.still.querySelector(".wide")).display === "none" ? "narrow" : "wide";
    }

    /* Whether a mark can be chosen; else it is a link to its sentence. */
    get usable() {
      return !simple() && !this.failed;
    }

    /* Whether the words of the chosen mark lie over the foot of the page. */
    get sheet() {
      return this.figure.classList.contains("asked") && getComputedStyle(this.chosen).position === "fixed";
    }

    /* Draws the chart, or draws it anew when its column has changed shape; resolves to whether it can be used. */
    draw() {
      if (simple() || (this.fold && !this.fold.open)) return Promise.resolve(false);
      const { shape } = this;
      if (this.drawn !== shape) {
        this.drawn = shape;
        this.drawing = this.drawShape(shape).then(
          () => this.tellFailure(false),
          () => {
            this.drawn = undefined;
            return this.tellFailure(true);
          },
        );
      }
      return this.drawing;
    }

    /* What it is drawn from, and what the editors say of its marks: a script of its own. */
    fetchOwn() {
      const own = () => window.figures && window.figures[this.name];
      return load(this.figure.dataset.drawnFrom, own).then(() => Object.assign(this, own()));
    }

    /* Is a picture again: on paper, and for who wants the simple view. */
    rest() {
      if (this.view) {
        this.view.finalize();
        this.live.remove();
      }
      this.view = this.live = this.drawn = undefined;
      this.still.hidden = false;
      delete this.figure.dataset.alive;
      this.label();
    }

    /* What was chosen while it was folded is drawn now. */
    unfold() {
      if (this.fold.open && this.picked) this.draw();
      this.label();
    }

    tellFailure(failed) {
      if (failed && !this.failed) this.status.textContent = this.failure.firstElementChild.textContent;
      this.failed = failed;
      this.failure.hidden = !failed;
      this.figure.classList.toggle("failed", failed);
      this.label();
      return !failed;
    }

    async drawShape(shape) {
      await Promise.all([loadVega(), this.fetchOwn()]);
      const host = element("div", { class: "chart-live" });
      const { view } = await window.vegaEmbed(host, this.specs[shape], {
        ...QUIET,
        renderer: "svg",
        tooltip: (handler, event, item, words) => {
          if (!matchMedia("(hover: hover)").matches) return;
          if (words) tip.show(String(words), event);
          else tip.leave();
        },
      });
      for (const [name, value] of Object.entries(this.signals)) view.signal(name, value);
      await view.runAsync();
      await this.held; // between press and release the picture stays, or the click would be lost
      if (shape !== this.drawn) return view.finalize(); // the column has changed shape meanwhile, or there is a picture again
      const svg = host.querySelector("svg");
      svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
      svg.removeAttribute("width");
      svg.removeAttribute("height");
      for (const node of [...host.children]) if (node !== svg) node.remove(); // an empty form for controls
      for (const name of ["aria-label", "aria-roledescription"]) host.removeAttribute(name);
      const focused = this.stops.find((node) => node === document.activeElement);
      if (this.view) {
        this.view.finalize();
        this.live.remove();
      }
      Object.assign(this, { view, live: host });
      this.still.hidden = true;
      this.canvas.insertBefore(host, this.ring);
      this.label();
      if (focused && this.option(focused.dataset.key)) this.option(focused.dataset.key).focus();
      for (const [name, value] of Object.entries(this.signals)) view.signal(name, value); // changed in the meantime
      await this.refresh();
      this.figure.dataset.alive = shape;
    }

    /* After every change: Vega has drawn, the stops are those that are now seen, and the ring is in its place. */
    async refresh() {
      if (this.view) await this.view.runAsync();
      this.label();
      this.placeRing();
    }

    set(name, value, last = true) {
      this.signals[name] = value;
      if (this.view) this.view.signal(name, value);
      if (last) this.refresh();
      else if (this.view) this.view.runAsync();
    }

    /* For the keyboard and for screen readers the picture is a list to choose from, alive or not: one stop for the
       Tab key, from which the arrow keys go from mark to mark. Where nothing can be chosen its marks are links. */
    label() {
      if (this.view) this.readKeys();
      const before = this.stops;
      this.stops = this.findStops();
      for (const node of before) if (!this.stops.includes(node)) this.unlabel(node);
      this.canvas.setAttribute("role", this.usable ? "listbox" : "group");
      if (!this.usable) return this.stops.forEach((node) => this.unlabel(node));
      if (!this.option(this.stop)) this.stop = this.stops.length ? this.stops[0].dataset.key : "";
      const chosen = (node) => node.getAttribute("aria-selected") === "true";
      if (this.stops.some((node) => chosen(node) !== (node.dataset.key === this.picked))) quietly(this.canvas, () => this.nameStops());
      else this.nameStops();
    }

    nameStops() {
      this.stops.forEach((node) => {
        const { key } = node.dataset;
        node.removeAttribute("aria-hidden");
        node.setAttribute("role", "option");
        node.setAttribute("tabindex", key === this.stop ? "0" : "-1");
        node.setAttribute("aria-label", this.marks[key].name);
        node.setAttribute("aria-selected", String(key === this.picked));
      });
    }

    unlabel(node) {
      for (const name of ["role", "tabindex", "aria-selected"]) node.removeAttribute(name);
      if (node.tagName === "a") node.setAttribute("aria-label", `${this.marks[node.dataset.key].name}：看原文`);
      else node.setAttribute("aria-hidden", "true");
    }

    /* Vega's own labels go: it gives them to what it draws, and anew to the groups around a change. Nothing with a role
       of its own may stand between a list and its options, or they are none. */
    readKeys() {
      for (const node of this.live.querySelectorAll("[aria-roledescription]")) {
        const key = node.__data__ && node.__data__.datum && node.__data__.datum.key; // as Vega ties drawing and data
        if (this.has(key)) {
          node.dataset.key = key;
          node.setAttribute("aria-hidden", "true");
        }
        for (const name of ["role", "aria-label", "aria-roledescription"]) node.removeAttribute(name);
      }
      for (const node of this.live.querySelectorAll("text:not([aria-hidden])")) node.setAttribute("aria-hidden", "true");
      plain(this.live);
    }

    /* For each mark that is seen the shape that stands for it, in the picture's own order: another, told by
       `aria-posinset`, makes Chromium count wrong. A mark may be drawn of several shapes: in the picture one of them
       is the link, alive it is the largest. */
    findStops() {
      const best = new Map();
      const shapes = this.view
        ? this.live.querySelectorAll("[data-key]:not(text)")
        : this.still.querySelectorAll(`.${this.shape} a[data-key]:not([aria-hidden])`);
      for (const node of shapes) {
        const { width, height } = node.getBoundingClientRect();
        const { key } = node.dataset;
        const seen = node.getAttribute("opacity") !== "0";
        if (seen && (!best.has(key) || width * height > best.get(key).area)) best.set(key, { node, area: width * height });
      }
      const follows = (a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
      return [...best.values()].map(({ node }) => node).sort(follows);
    }

    option(key) {
      return this.stops.find((node) => node.dataset.key === key);
    }

    /* Choosing ------------------------------------------------------------------------------------------ */

    /* Chooses a mark ("" lets go), here and in every chart of the page that has it. */
    pick(key) {
      const focused = document.activeElement;
      if (!this.chosen.contains(focused)) this.origin = this.figure.contains(focused) ? focused : undefined;
      for (const chart of charts) chart.show(chart.has(key) ? key : "", chart === this);
      for (const chart of charts) chart.status.textContent = chart === this && key ? this.spoken(this.marks[key]) : "";
      makeRoom();
      // Who chooses from the list stays there.
      if (key && focused !== this.select) this.reveal(this.option(key));
      keepInSight();
      const address = key ? `#${key}` : location.pathname + location.search;
      try {
        history.replaceState(history.state, "", address);
      } catch (error) {
        // From disk some browsers forbid it; only the address to send is lost.
      }
    }

    has(key) {
      return Object.prototype.hasOwnProperty.call(this.marks, key);
    }

    toggle(key) {
      if (this.has(key)) this.pick(key === this.picked ? "" : key);
      else if (this.picked) this.pick("");
    }

    /* From within the words: the focus goes back to what chose them. */
    close() {
      const { origin, picked } = this;
      const inWords = this.chosen.contains(document.activeElement);
      this.pick("");
      if (!inWords) return;
      (origin && origin.getClientRects().length ? origin : this.option(picked) || this.select).focus();
    }

    show(key, asked) {
      if (!this.select || key === this.picked) return;
      this.picked = key;
      if (key) this.stop = key;
      quietly(this.select, () => (this.select.value = key));
      this.words.replaceChildren(...(key ? this.wordsOf(this.marks[key]) : []));
      if (key) this.addRemarks(key, this.words.firstElementChild);
      this.box.hidden = !key;
      this.set("picked", key);
      this.showStep();
      this.figure.classList.toggle("asked", Boolean(key) && asked);
      if (key) this.draw();
    }

    /* Brings a mark into view, on a small screen above the words. Where it stands in the page is the same while the
       page glides, so one scroll is enough. */
    reveal(node) {
      const { sheet } = this;
      if (!node || (this.shape === "wide" && !sheet)) return;
      const stage = this.canvas.parentElement;
      const [box, frame] = [node.getBoundingClientRect(), stage.getBoundingClientRect()];
      if (box.left < frame.left || box.right > frame.right) {
        stage.scrollLeft += (box.left + box.right - frame.left - frame.right) / 2;
      }
      const [top, bottom] = [64, sheet ? this.chosen.getBoundingClientRect().top : innerHeight];
      if (box.top > top && box.bottom < bottom) return;
      // Of what is too high the beginning is shown.
      const middle = box.top + Math.min(box.height, bottom - top) / 2;
      scrollTo(0, scrollY + middle - (top + bottom) / 2);
    }

    /* What a choice sounds like: one string, spoken once. */
    spoken(mark) {
      const step = this.step(mark.key);
      return `${step && `${step}：`}${mark.name}。原文：“${mark.quote}”`;
    }

    /* What stands beside the chart: first the quotation. */
    wordsOf(mark) {
      const close = element("button", { type: "button", class: "chosen-close" }, "关闭");
      close.addEventListener("click", () => this.close());
      const step = this.step(mark.key);
      const name = element("span", {}, ...(step ? [element("small", { class: "chosen-step" }, step)] : []), mark.name);
      const heard = (words) => element("span", { class: "heard" }, words);
      return [
        element("p", { class: "chosen-name" }, name, close),
        element(
          "blockquote",
          { class: "chosen-quote" },
          heard("原文："),
          element("q", { "data-source": mark.source }, mark.quote),
          " ",
          element("a", { class: "source-link", href: `${this.fullText}#${mark.anchor}` }, `原文 ${mark.source}`),
        ),
      ];
    }

    /* The rest, as soon as it is there, unless other words stand there by then. */
    addRemarks(key, beginning) {
      if (this.remarks) return this.words.append(...this.remarksOn(key));
      const add = () => {
        if (this.words.firstElementChild !== beginning) return;
        this.words.append(...this.remarksOn(key));
        makeRoom();
      };
      this.fetchOwn().then(add, () => {}); // when it does not come, the quotation stands
    }

    /* Then the editors' note, and the links with reason and basis. */
    remarksOn(key) {
      const { note, links = [] } = this.remarks[key] || {};
      const heard = (words) => element("span", { class: "heard" }, words);
      const parts = [];
      if (note) {
        const label = element("span", { class: "voice-label" }, "编者说明", heard("："));
        parts.push(element("p", { class: "chosen-note" }, label, note));
      }
      if (links.length) {
        const list = element("ul", { class: "chosen-links" });
        for (const link of links) {
          const button = element("button", { type: "button" }, this.marks[link.to].name);
          button.addEventListener("click", () => {
            this.pick(link.to);
            this.chosen.focus(); // the button is gone, and its focus with it
          });
          list.append(element("li", {}, button, element("span", { class: "basis" }, `依据：${link.basis}`), " ", link.reason));
        }
        parts.push(element("p", { class: "chosen-heading" }, "与它相连的："), list);
      }
      return parts;
    }

    connectCanvas() {
      // Anything that shows that the reader turns to this chart.
      for (const kind of ["pointerenter", "pointerdown", "focusin"]) {
        this.figure.addEventListener(kind, () => this.greet());
      }
      this.canvas.addEventListener("pointerdown", () => {
        this.held = new Promise((resolve) => {
          for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(resolve), { once: true });
        });
      });
      this.canvas.addEventListener("click", (event) => {
        if (!this.usable || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault(); // in the picture a mark is a link
        const mark = event.target.closest("[data-key]");
        this.toggle(mark ? mark.dataset.key : "");
      });
      this.canvas.addEventListener("keydown", (event) => {
        const at = this.stops.indexOf(event.target);
        if (at < 0 || !this.usable || event.ctrlKey || event.metaKey || event.altKey) return;
        const end = this.stops.length - 1;
        const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: end };
        const goal = next[event.key];
        if (goal === undefined && event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        if (goal === undefined) return this.toggle(event.target.dataset.key);
        const node = this.stops[(goal + end + 1) % (end + 1)];
        this.stop = node.dataset.key;
        this.label();
        node.focus();
      });
      // Neighbours would cover a mark's own outline, so the ring is drawn over them all.
      this.ring = element("div", { class: "chart-ring", hidden: "" });
      this.canvas.append(this.ring);
      this.canvas.addEventListener("focusin", () => this.placeRing());
      this.canvas.addEventListener("focusout", () => (this.ring.hidden = true));
    }

    /* Round the mark that has the keyboard's focus. */
    placeRing() {
      const focused = document.activeElement;
      if (!byKeyboard || !this.canvas.contains(focused)) return;
      // In large letters the picture is wider than a phone; of a mark that shows an edge, browsers think that it is seen.
      const stage = this.canvas.parentElement;
      const [sight, place] = [stage.getBoundingClientRect(), focused.getBoundingClientRect()];
      stage.scrollLeft += Math.max(0, place.right + 8 - sight.right) - Math.max(0, sight.left + 8 - place.left);
      const box = focused.getBoundingClientRect();
      const frame = this.canvas.getBoundingClientRect();
      this.ring.hidden = false;
      Object.assign(this.ring.style, {
        left: `${box.left - frame.left - 3}px`,
        top: `${box.top - frame.top - 3}px`,
        width: `${box.width + 6}px`,
        height: `${box.height + 6}px`,
      });
    }

    /* Comes alive; what rolls does so once, to show that it can. */
    async greet() {
      if (this.failed) return; // then it is for the reader to try again
      const first = !this.greeted;
      this.greeted = true;
      if ((await this.draw()) && first && !this.picked) this.roll();
    }

    /* Whoever lets go by the list goes back to the picture: the list is gone. */
    connectList() {
      if (!this.select) return;
      this.select.addEventListener("change", () => {
        const { picked, select } = this;
        this.pick(select.value);
        if (!select.value) (this.option(picked) || this.canvas).focus();
      });
    }

    /* One button changes the picture and then is the way back. */
    connectChange() {
      const box = this.figure.querySelector(".chart-change");
      const [button, situations] = [box.querySelector("button"), box.querySelectorAll(".chart-situation")];
      const show = (at) => situations.forEach((words, i) => (words.hidden = i !== at));
      let at = 0;
      show(at);
      button.addEventListener("click", async () => {
        at = 1 - at;
        show(at);
        const { label, quote } = this.change.situations[at];
        button.textContent = this.change.situations[1 - at].action;
        this.pick("");
        this.status.textContent = `${label}。原文：“${quote}”`;
        this.greeted = true; // it moves now: that is greeting enough
        const goal = at;
        if (!byKeyboard) this.reveal(this.canvas);
        await this.draw();
        await this.glide(this.change.param, goal, 900);
        if (goal === 0 && at === 0) this.roll();
      });
    }

    /* A tour of some marks, one step a press; its buttons stand again beside the words, for on a phone the others may
       be out of sight. */
    connectTour() {
      const bar = this.figure.querySelector(".chart-tour");
      const inWords = element("p", { class: "chosen-steps", hidden: "" });
      for (const button of bar.querySelectorAll("button")) inWords.append(button.cloneNode(true));
      this.chosen.append(inWords);
      this.bars = [bar, inWords];
      this.steps = bar.querySelector("span");
      for (const button of this.buttonsOf(1).concat(this.buttonsOf(-1))) {
        button.addEventListener("click", () => {
          const goal = this.tour.indexOf(this.picked) + Number(button.dataset.step);
          if (goal < 0) return;
          this.pick(this.tour[goal % this.tour.length]);
          if (this.sheet) inWords.querySelector(`[data-step="${button.dataset.step}"]`).focus();
        });
      }
      this.showStep();
    }

    buttonsOf(step) {
      return this.bars.map((bar) => bar.querySelector(`[data-step="${step}"]`));
    }

    showStep() {
      if (!this.steps) return;
      const step = this.tour.indexOf(this.picked);
      this.steps.textContent = this.step(this.picked);
      this.bars[1].hidden = step < 0;
      // Not `disabled`, which would throw the focus off.
      for (const button of this.buttonsOf(-1)) button.setAttribute("aria-disabled", String(step < 1));
      const words = step < 0 ? "一步一步看" : step + 1 < this.tour.length ? "下一步" : "从头再看";
      for (const button of this.buttonsOf(1)) button.textContent = words;
    }

    /* Which step of the tour a mark is; nothing for the others. */
    step(key) {
      const at = this.tour.indexOf(key);
      return at < 0 ? "" : `第${at + 1}步，共${this.tour.length}步`;
    }

    /* Moving -------------------------------------------------------------------------------------------- */

    /* Takes a param to its goal, gently unless the reader wants no motion; resolves when it is there. */
    glide(name, goal, time) {
      const from = this.signals[name] || 0;
      const start = performance.now();
      cancelAnimationFrame(this.frames[name]);
      return new Promise((resolve) => {
        const step = (now) => {
          const done = STILL.matches || !this.view ? 1 : Math.min(1, Math.max(0, now - start) / time);
          this.set(name, done < 1 ? from + (goal - from) * (1 - (1 - done) ** 3) : goal, done === 1);
          if (done < 1) this.frames[name] = requestAnimationFrame(step);
          else resolve();
        };
        step(start);
      });
    }

    /* Once round, and all stands as it stood. */
    async roll() {
      const name = this.change && this.change.rolls;
      if (!name || STILL.matches || this.signals[this.change.param]) return;
      await this.glide(name, 360, 2600);
      this.set(name, 0);
    }

    /* A PNG of the chart as it stands now, in the page's colours, made here: no font need be shipped for it. */
    async savePng() {
      if (!(await this.draw())) return;
      const css = getComputedStyle(document.documentElement);
      const coloured = (text) => text.replace(/var\((--[a-z-]+)\)/g, (_, name) => css.getPropertyValue(name).trim());
      const spec = JSON.parse(coloured(JSON.stringify(this.specs[this.drawn])));
      spec.config.background = css.getPropertyValue("--paper").trim();
      spec.padding = 20;
      for (const [name, value] of Object.entries(this.signals)) {
        spec.params.find((param) => param.name === name).value = value;
      }
      const { view } = await window.vegaEmbed(element("div"), spec, { ...QUIET, renderer: "none", tooltip: false });
      const image = await view.toImageURL("png", 2);
      view.finalize();
      element("a", { href: image, download: `figure-${this.name}.png` }).click();
    }
  }

  /* As much room at the page's foot as the words take that lie over it: all of the page can be scrolled above them. */
  const makeRoom = () => {
    const chart = charts.find(({ sheet }) => sheet);
    document.documentElement.style.setProperty("--sheet", `${chart ? chart.chosen.offsetHeight : 0}px`);
  };

  /* A key in the address, #task-9 say, chooses its mark. */
  const pickFromAddress = () => {
    const key = location.hash.slice(1);
    const chart = charts.find((chart) => chart.has(key));
    if (!chart) return;
    if (chart.fold) chart.fold.open = true;
    if (chart.usable) chart.pick(key);
    if (chart.shape === "wide" || !chart.usable) chart.figure.scrollIntoView();
  };

  const start = () => {
    document.body.append(tip.box);
    for (const figure of document.querySelectorAll("figure.chart")) charts.push(new Chart(figure));
    const near = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      fetchVega();
    }, { rootMargin: "300px" });
    // Only for who does something here: on a slow line the words come first, and who leaves has not paid for it.
    const signs = ["scroll", "pointermove", "pointerdown", "keydown"];
    const watch = () => {
      for (const sign of signs) removeEventListener(sign, watch);
      charts.forEach((chart) => near.observe(chart.canvas));
    };
    for (const sign of signs) addEventListener(sign, watch, { passive: true });

    document.addEventListener("keydown", () => (byKeyboard = true), true);
    document.addEventListener("pointerdown", () => (byKeyboard = false), true);
    document.addEventListener("focusin", keepInSight);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.target.matches("select")) return;
      if (!tip.box.hidden) return tip.hide();
      const chart = charts.find((chart) => chart.picked);
      if (chart) chart.close();
    });
    addEventListener("beforeprint", () => charts.forEach((chart) => chart.rest()));
    const fit = () => {
      for (const chart of charts) {
        if (simple()) chart.rest();
        else if (chart.drawn) chart.draw();
        else chart.label();
      }
      makeRoom();
    };
    document.addEventListener("reading", fit);
    let waiting;
    addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(fit, 150);
    });
    addEventListener("hashchange", pickFromAddress);
    pickFromAddress();
  };

  if (CAPABLE) document.addEventListener("DOMContentLoaded", start);
})();
