/* Brings a page's charts to life. Each stands in the page as a static SVG; Vega, one file for the whole site,
   is fetched when a chart comes near and draws it from the page's own JSON at the reader's first touch. */
(() => {
  "use strict";
  const WIDE = 700; // px of column from which the wide shape is drawn
  const PATIENCE = 20000; // ms for Vega to arrive; on a slow line it takes ten seconds
  const VEGA = new URL("vega.js", document.currentScript.src).href;
  const STILL = matchMedia("(prefers-reduced-motion: reduce)");
  // For the strict policy: expressions run in Vega's interpreter, and no style sheet is put into the page.
  const QUIET = { ast: true, defaultStyle: false, actions: false };
  const charts = [];
  const simple = () => document.documentElement.dataset.view === "simple"; // the pictures stay pictures
  let byKeyboard = false; // how the reader last acted: only keys need to see where the focus is
  let loading;

  /* Vega, once for all charts; after a failure or too long a wait the next touch tries again. */
  const loadVega = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = element("script", { src: VEGA });
      const fail = () => {
        loading = undefined;
        script.remove();
        reject(new Error("vega"));
      };
      const patience = setTimeout(fail, PATIENCE);
      script.onload = () => {
        clearTimeout(patience);
        resolve();
      };
      script.onerror = () => {
        clearTimeout(patience);
        fail();
      };
      document.head.append(script);
    }));

  const prefetchVega = () => {
    if (!document.querySelector(`link[href="${VEGA}"]`)) {
      document.head.append(element("link", { rel: "prefetch", as: "script", href: VEGA }));
    }
  };

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /* A mark may be drawn of several shapes; the largest of each key stands for it. */
  const largest = (nodes) => {
    const best = new Map();
    for (const node of nodes) {
      const { key } = node.dataset;
      if (!key || node.tagName === "text") continue;
      const { width, height } = node.getBoundingClientRect();
      if (!best.has(key) || width * height > best.get(key).area) best.set(key, { node, area: width * height });
    }
    return [...best.values()].map(({ node }) => node);
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
        select: find(".chart-pick select"),
        chosen: find(".chart-chosen"),
        slider: find(".chart-slider input"),
        failure: find(".chart-failure"),
        signals: {},
        picked: "",
      });
      this.still = [...this.canvas.children];
      this.hint = this.chosen?.firstElementChild;
      this.connectCanvas();
      this.connectChoices();
      if (this.slider) this.connectTurning();
      if (this.tour.length) this.connectTour();
      find("[data-png]").addEventListener("click", () => this.savePng());
    }

    /* Drawing ------------------------------------------------------------------------------------------- */

    get shape() {
      return this.canvas.clientWidth >= WIDE ? "wide" : "narrow";
    }

    /* Draws the chart, or draws it anew when its column has changed shape; resolves to whether it can be used. */
    draw() {
      if (simple()) return Promise.resolve(false);
      if (this.drawn !== this.shape) {
        this.drawn = this.shape;
        this.drawing = this.drawShape(this.shape).then(
          () => this.tellFailure(false),
          () => {
            this.drawn = undefined;
            return this.tellFailure(true);
          },
        );
      }
      return this.drawing;
    }

    /* Is a picture again: on paper, and for who wants the simple view. */
    rest() {
      this.view?.finalize();
      this.view = this.drawn = this.buttons = undefined;
      this.canvas.replaceChildren(...this.still);
      delete this.figure.dataset.alive;
    }

    tellFailure(failed) {
      this.failure.hidden = !failed;
      return !failed;
    }

    async drawShape(shape) {
      await loadVega();
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
      if (shape !== this.drawn) return view.finalize(); // the column has changed shape meanwhile
      this.view?.finalize();
      this.view = view;
      for (const [name, value] of Object.entries(this.signals)) view.signal(name, value);
      await view.runAsync();
      const svg = host.querySelector("svg");
      svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
      svg.removeAttribute("width");
      svg.removeAttribute("height");
      view.addEventListener("click", (event, item) => {
        if (!this.dragged) this.toggle(item?.datum?.key);
      });
      const focused = this.canvas.contains(document.activeElement) && document.activeElement.dataset.key;
      this.canvas.replaceChildren(host);
      this.label();
      if (focused) this.button(focused)?.focus();
      this.figure.dataset.alive = shape;
    }

    /* Names the marks for the keyboard and for screen readers. Vega described each by its key (see static.py),
       and does so again whenever it redraws one, so this follows every change. */
    label() {
      const nodes = [...this.canvas.querySelectorAll("[role], svg text")];
      for (const node of nodes) {
        const described = node.getAttribute("aria-label");
        if (this.has(described)) node.dataset.key = described;
        node.removeAttribute("aria-roledescription");
        node.removeAttribute("aria-label");
        node.removeAttribute("role");
        if (node.tagName === "text" || node.dataset.key) node.setAttribute("aria-hidden", "true");
      }
      if (!this.buttons?.every((node) => node.isConnected)) this.buttons = largest(nodes);
      // One stop for the Tab key; from there the arrow keys go from mark to mark.
      if (!this.button(this.stop)) this.stop = this.buttons[0]?.dataset.key;
      for (const node of this.buttons) {
        const { key } = node.dataset;
        node.removeAttribute("aria-hidden");
        node.setAttribute("role", "button");
        node.setAttribute("tabindex", key === this.stop ? "0" : "-1");
        node.setAttribute("aria-label", this.marks[key].name);
        node.setAttribute("aria-pressed", String(key === this.picked));
      }
      requestAnimationFrame(() => this.placeRing()); // Vega draws a moment later
    }

    set(name, value, last = true) {
      this.signals[name] = value;
      if (!this.view) return;
      this.view.signal(name, value).run();
      if (last && this.figure.dataset.alive) this.label();
    }

    /* Choosing ------------------------------------------------------------------------------------------ */

    /* Chooses a mark ("" lets go), here and in every chart of the page that has it. */
    pick(key) {
      for (const chart of charts) chart.show(chart.has(key) ? key : "", chart === this);
      const address = key ? `#${key}` : location.pathname + location.search;
      try {
        history.replaceState(history.state, "", address);
      } catch {
        // From disk some browsers forbid it; only the address to send is lost.
      }
    }

    has(key) {
      return Object.hasOwn(this.marks, key);
    }

    toggle(key) {
      if (this.has(key)) this.pick(key === this.picked ? "" : key);
      else if (this.picked) this.pick("");
    }

    show(key, spoken) {
      if (!this.select || key === this.picked) return;
      this.picked = key;
      this.select.value = key;
      this.chosen.setAttribute("aria-live", spoken ? "polite" : "off");
      this.chosen.replaceChildren(key ? this.words(this.marks[key]) : this.hint);
      this.set("picked", key);
      const turn = this.marks[key]?.turn;
      if (turn && !this.slider.disabled) this.turnTo(turn[this.shape]);
      this.showStep();
      this.figure.classList.toggle("asked", Boolean(key) && spoken);
      const turned = turn && !STILL.matches ? 650 : 0;
      if (key) this.draw().then((alive) => alive && spoken && setTimeout(() => this.reveal(this.button(key)), turned));
    }

    button(key) {
      return this.buttons?.find((node) => node.dataset.key === key);
    }

    /* On a small screen the words stand at its foot: what they speak of comes into view above them. */
    reveal(node) {
      const box = node?.getBoundingClientRect();
      const sheet = this.chosen && getComputedStyle(this.chosen).position === "fixed";
      if (!box || (this.shape === "wide" && !sheet)) return;
      const [top, bottom] = [64, sheet ? this.chosen.getBoundingClientRect().top : innerHeight];
      if (box.top > top && box.bottom < bottom) return;
      const behavior = STILL.matches ? "instant" : "smooth";
      scrollBy({ top: box.top + Math.min(box.height, bottom - top) / 2 - (top + bottom) / 2, behavior });
    }

    /* What stands beside the chart: the quotation, the editors' note, the links with reason and basis. */
    words(mark) {
      const box = element("div");
      const close = element("button", { type: "button", class: "chosen-close" }, "关闭");
      close.addEventListener("click", () => this.pick(""));
      box.append(
        element("p", { class: "chosen-name" }, element("span", {}, this.step(mark.key), mark.name), close),
        element(
          "p",
          { class: "chosen-quote" },
          element("q", { "data-source": mark.source }, mark.quote),
          " ",
          element("a", { class: "source-link", href: `source.html#${mark.anchor}` }, `原文 ${mark.source}`),
        ),
      );
      if (mark.note) {
        box.append(
          element("p", { class: "chosen-note" }, element("span", { class: "voice-label" }, "编者说明"), mark.note),
        );
      }
      if (mark.links.length) {
        const list = element("ul", { class: "chosen-links" });
        for (const link of mark.links) {
          const button = element("button", { type: "button" }, this.marks[link.to].name);
          button.addEventListener("click", () => {
            this.pick(link.to);
            this.chosen.focus(); // the button is gone, and its focus with it
          });
          list.append(element("li", {}, button, element("span", { class: "basis" }, `依据：${link.basis}`), " ", link.reason));
        }
        box.append(element("p", { class: "chosen-heading" }, "与它相连的："), list);
      }
      if (this.tour.includes(mark.key)) box.append(this.stepButtons(mark.key));
      return box;
    }

    connectCanvas() {
      // Anything that shows that the reader turns to this chart.
      for (const kind of ["pointerenter", "pointerdown", "focusin"]) {
        this.figure.addEventListener(kind, () => this.greet(), { once: true });
      }
      // Until Vega is there, a mark is a link to its sentence; with scripts it is chosen instead.
      this.canvas.addEventListener("click", (event) => {
        const link = event.target.closest(".chart-static a");
        if (!link || simple() || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.pick(link.dataset.key);
      });
      this.canvas.addEventListener("keydown", (event) => {
        const key = event.target.dataset?.key;
        const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!key || !this.buttons || !(way || event.key === "Enter" || event.key === " ")) return;
        event.preventDefault();
        if (!way) return this.toggle(key);
        const order = Object.keys(this.marks).map((mark) => this.button(mark)).filter(Boolean);
        const at = order.findIndex((node) => node.dataset.key === key);
        this.stop = order[(at + way + order.length) % order.length].dataset.key;
        this.label();
        this.button(this.stop).focus();
      });
      // Neighbours would cover a mark's own outline, so the ring is drawn over them all.
      this.ring = element("div", { class: "chart-ring", hidden: "" });
      this.canvas.after(this.ring);
      this.canvas.addEventListener("focusin", () => this.placeRing());
      this.canvas.addEventListener("focusout", () => (this.ring.hidden = true));
    }

    /* Round the mark that has the keyboard's focus, which may have moved with its wheel. */
    placeRing() {
      const focused = document.activeElement;
      if (!byKeyboard || !this.canvas.contains(focused)) return;
      const box = focused.getBoundingClientRect();
      const frame = this.ring.parentElement.getBoundingClientRect();
      this.ring.hidden = false;
      Object.assign(this.ring.style, {
        left: `${box.left - frame.left - 3}px`,
        top: `${box.top - frame.top - 3}px`,
        width: `${box.width + 6}px`,
        height: `${box.height + 6}px`,
      });
    }

    /* Comes alive; wheels turn a little the first time, to show that they can. */
    async greet() {
      const first = !this.drawn;
      if (!(await this.draw()) || !first || !this.slider) return;
      if (STILL.matches || this.picked || this.signals[this.turn.param] || this.slider.disabled) return;
      this.turnTo(24, 1200);
      setTimeout(() => !this.picked && Math.round(this.slider.value) === 24 && this.turnTo(0, 1200), 1300);
    }

    connectChoices() {
      this.select?.addEventListener("change", () => this.pick(this.select.value));
      const choice = this.figure.querySelector(".chart-choice");
      const show = (value) => {
        for (const words of choice.querySelectorAll(".chart-situation")) words.hidden = words.dataset.value !== value;
      };
      if (!choice) return;
      show(choice.querySelector("input").value);
      choice.querySelector("input").checked = true;
      const [first] = choice.querySelectorAll("input");
      choice.addEventListener("change", (event) => {
        show(event.target.value);
        this.pick("");
        this.set(choice.dataset.param, event.target.value);
        if (this.slider) this.slider.disabled = event.target !== first; // a wheel alone turns nothing
        this.draw().then(() => this.figure.dataset.alive === "narrow" && this.reveal(this.canvas));
      });
    }

    /* A tour of some marks, one step a press. */
    connectTour() {
      const bar = this.figure.querySelector(".chart-tour");
      [this.back, this.next] = bar.querySelectorAll("button");
      this.steps = bar.querySelector("span");
      for (const button of [this.back, this.next]) {
        button.addEventListener("click", () => {
          const goal = this.tour.indexOf(this.picked) + Number(button.dataset.step);
          this.pick(this.tour[goal % this.tour.length] ?? "");
        });
      }
    }

    /* The tour's buttons again, where the words stand: on a phone the others may be out of sight. */
    stepButtons(key) {
      const bar = element("p", { class: "chosen-steps" });
      const at = this.tour.indexOf(key);
      for (const [words, step] of [["上一步", -1], ["下一步", 1]]) {
        const button = element("button", { type: "button" }, words);
        button.disabled = !this.tour[at + step];
        button.addEventListener("click", () => {
          this.pick(this.tour[at + step]);
          this.chosen.focus();
        });
        bar.append(button);
      }
      return bar;
    }

    showStep() {
      if (!this.steps) return;
      const step = this.tour.indexOf(this.picked);
      this.steps.replaceChildren(this.step(this.picked));
      this.back.disabled = step < 1;
      this.next.textContent = step < 0 ? "一步一步看" : step + 1 < this.tour.length ? "下一步" : "从头再看";
    }

    /* Which step of the tour a mark is; nothing for the others. */
    step(key) {
      const at = this.tour.indexOf(key);
      return at < 0 ? "" : element("small", { class: "chosen-step" }, `第${at + 1}步，共${this.tour.length}步`);
    }

    /* Turning ------------------------------------------------------------------------------------------- */

    connectTurning() {
      this.slider.addEventListener("input", () => {
        cancelAnimationFrame(this.turning);
        this.turnAt(Number(this.slider.value));
        this.draw();
      });
      let grip;
      // From a pivot to the pointer, in the chart's own pixels.
      const way = (event, [x, y]) => {
        const svg = this.canvas.querySelector(".chart-live svg");
        const box = svg.getBoundingClientRect();
        const scale = box.width / svg.viewBox.baseVal.width;
        return [(event.clientX - box.left) / scale - x, (event.clientY - box.top) / scale - y];
      };
      const distance = (event, pivot) => Math.hypot(...way(event, pivot));
      const angle = (event, pivot) => {
        const [x, y] = way(event, pivot);
        return (Math.atan2(y, x) * 180) / Math.PI;
      };
      this.canvas.addEventListener("pointerdown", (event) => {
        this.dragged = false;
        if (!event.isPrimary) grip = undefined; // two fingers make it larger
        if (!event.isPrimary || !this.view || this.slider.disabled) return;
        const pivot = [...this.turn.pivots[this.drawn]].sort((a, b) => distance(event, a) - distance(event, b))[0];
        grip = { pivot, at: angle(event, pivot), turned: 0, from: Number(this.slider.value) };
      });
      this.canvas.addEventListener("pointermove", (event) => {
        if (!grip || !event.buttons) return;
        const now = angle(event, grip.pivot);
        grip.turned += ((now - grip.at + 540) % 360) - 180;
        grip.at = now;
        if (Math.abs(grip.turned) < 3 && !this.dragged) return;
        this.dragged = true;
        tip.hide();
        cancelAnimationFrame(this.turning);
        this.turnAt(grip.from + grip.turned * grip.pivot[2]);
      });
      for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
        this.canvas.addEventListener(end, () => (grip = undefined));
      }
    }

    turnAt(angle, last = true) {
      const value = ((((angle + 180) % 360) + 360) % 360) - 180;
      this.slider.value = value;
      this.set(this.turn.param, value, last);
    }

    /* Turns the shorter way round, gently unless the reader wants no motion. */
    turnTo(goal, time = 600) {
      const from = Number(this.slider.value);
      const way = ((goal - from + 540) % 360) - 180;
      const start = performance.now();
      cancelAnimationFrame(this.turning);
      const step = (now) => {
        const done = STILL.matches ? 1 : Math.min(1, Math.max(0, now - start) / time);
        this.turnAt(from + way * (1 - (1 - done) ** 3), done === 1);
        if (done < 1) this.turning = requestAnimationFrame(step);
      };
      step(start);
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

  /* A key in the address, #task-9 say, chooses its mark. */
  const pickFromAddress = () => {
    const key = location.hash.slice(1);
    const chart = charts.find((chart) => chart.has(key));
    if (!chart) return;
    chart.pick(key);
    chart.figure.scrollIntoView();
    charts.filter((chart) => chart.picked).forEach((chart) => chart.draw());
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(tip.box);
    for (const figure of document.querySelectorAll("figure.chart")) charts.push(new Chart(figure));
    const near = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && prefetchVega(), {
      rootMargin: "300px",
    });
    // Only once the page stands: on a slow line its words come first.
    const watch = () => charts.forEach((chart) => near.observe(chart.canvas));
    addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(watch));

    document.addEventListener("keydown", () => (byKeyboard = true), true);
    document.addEventListener("pointerdown", () => (byKeyboard = false), true);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.target.matches("select")) return;
      if (!tip.box.hidden) return tip.hide();
      const chart = charts.find((chart) => chart.picked);
      const inWords = chart?.chosen.contains(document.activeElement);
      chart?.pick("");
      if (inWords) chart.chosen.focus();
    });
    addEventListener("beforeprint", () => charts.forEach((chart) => chart.rest()));
    document.addEventListener("reading", () => simple() && charts.forEach((chart) => chart.rest()));
    let waiting;
    addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => charts.filter((chart) => chart.drawn).forEach((chart) => chart.draw()), 150);
    });
    addEventListener("hashchange", () => pickFromAddress());
    pickFromAddress();
  });
})();
