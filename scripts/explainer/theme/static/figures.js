/* Brings the charts of a page to life: loads Vega once, when a chart comes near, and joins each chart
   with the controls and the words beside it. The chart itself is drawn by Vega from the page's own JSON. */
(() => {
  "use strict";
  const NARROW = 700; // px of column: below it the narrow shape is drawn
  const VEGA = new URL("vega.js", document.currentScript.src).href;
  let loading;

  const loadVega = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = VEGA;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    }));

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const sourceLink = (mark) =>
    element("a", { class: "source-link", href: `source.html#${mark.anchor}` }, `原文 ${mark.source}`);

  class LiveChart {
    constructor(figure) {
      this.figure = figure;
      this.canvas = figure.querySelector(".chart-canvas");
      this.select = figure.querySelector(".chart-pick select");
      this.chosen = figure.querySelector(".chart-chosen");
      this.hint = this.chosen?.firstElementChild;
      const { specs, marks } = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      Object.assign(this, { specs, marks });
      this.signals = {};
      this.connectControls();
    }

    get shape() {
      return this.canvas.clientWidth >= NARROW ? "wide" : "narrow";
    }

    async draw() {
      await loadVega();
      const shape = this.shape;
      if (this.drawn === shape) return;
      this.drawn = shape;
      const host = element("div", { class: "chart-live" });
      const result = await window.vegaEmbed(host, this.specs[shape], {
        ast: true, // no unsafe-eval: expressions run in Vega's interpreter
        renderer: "svg",
        actions: false,
        tooltip: { theme: "page", disableDefaultStyle: true, formatTooltip: (value) => this.tooltip(value) },
      });
      this.view?.finalize();
      this.view = result.view;
      const svg = host.querySelector("svg");
      svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
      svg.setAttribute("aria-hidden", "true"); // the words are in the canvas's label, the list and the table
      svg.removeAttribute("width");
      svg.removeAttribute("height");
      this.canvas.replaceChildren(host);
      for (const [name, value] of Object.entries(this.signals)) this.view.signal(name, value);
      await this.view.runAsync();
      this.view.addEventListener("click", (event, item) => {
        if (this.dragged) return;
        const key = item?.datum?.key;
        this.pick(key in this.marks ? key : "");
      });
      this.figure.dataset.alive = shape;
    }

    tooltip(value) {
      const text = document.createElement("div");
      text.textContent = typeof value === "string" ? value : Object.values(value).join("\n");
      return text.innerHTML;
    }

    set(name, value) {
      this.signals[name] = value;
      this.view?.signal(name, value).run();
    }

    pick(key) {
      if (!this.select) return;
      this.select.value = key;
      this.set("picked", key);
      this.figure.dataset.picked = key;
      this.chosen.replaceChildren(key ? this.words(this.marks[key]) : this.hint);
      const turn = this.marks[key]?.turn;
      if (turn) this.turnTo(turn[this.drawn ?? this.shape]);
    }

    /* Turns the shorter way round until the chosen mark stands at the front. */
    turnTo(goal) {
      const slider = this.figure.querySelector("input[data-drag]");
      const from = Number(slider.value);
      const way = ((goal - from + 540) % 360) - 180;
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const start = performance.now();
      cancelAnimationFrame(this.turning);
      const step = (now) => {
        const done = still ? 1 : Math.min(1, (now - start) / 600);
        this.slide(slider, from + way * (1 - (1 - done) ** 3));
        if (done < 1) this.turning = requestAnimationFrame(step);
      };
      step(start);
    }

    /* Sets a slider whose two ends are the same place, and tells the chart. */
    slide(slider, value) {
      const low = Number(slider.min);
      const span = Number(slider.max) - low;
      slider.value = low + ((((value - low) % span) + span) % span);
      slider.dispatchEvent(new Event("input"));
    }

    words(mark) {
      const box = element("div");
      box.append(element("p", { class: "chosen-name" }, mark.name));
      box.append(
        element(
          "p",
          { class: "chosen-quote" },
          element("q", { "data-source": mark.source }, mark.quote),
          " ",
          sourceLink(mark),
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
          const other = this.marks[link.to];
          const button = element("button", { type: "button" }, other.name);
          button.addEventListener("click", () => {
            this.pick(link.to);
            this.chosen.focus(); // the button is gone, and its focus with it
          });
          list.append(
            element("li", {}, button, element("span", { class: "basis" }, link.basis), ` ${link.reason}`),
          );
        }
        box.append(element("p", { class: "chosen-heading" }, "与它相连的："), list);
      }
      return box;
    }

    connectControls() {
      this.select?.addEventListener("change", () => this.pick(this.select.value));
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.figure.dataset.picked) this.pick("");
      });
      for (const group of this.figure.querySelectorAll("fieldset[data-param]")) {
        group.addEventListener("change", (event) => {
          this.set(group.dataset.param, event.target.value);
          for (const words of group.querySelectorAll(".chart-situation")) {
            words.hidden = words.dataset.value !== event.target.value;
          }
        });
      }
      for (const slider of this.figure.querySelectorAll('input[type="range"]')) {
        slider.addEventListener("input", () => this.set(slider.dataset.param, Number(slider.value)));
        if ("drag" in slider.dataset) this.connectDrag(slider);
      }
    }

    /* A pointer dragged sideways over the chart moves the slider, round and round. */
    connectDrag(slider) {
      let from;
      this.canvas.addEventListener("pointerdown", (event) => {
        from = { x: event.clientX, value: Number(slider.value) };
        this.dragged = false;
      });
      this.canvas.addEventListener("pointermove", (event) => {
        if (!from || !event.buttons) return;
        const moved = event.clientX - from.x;
        if (Math.abs(moved) < 6) return;
        this.dragged = true;
        this.slide(slider, from.value + moved / 2);
      });
      for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
        this.canvas.addEventListener(end, () => (from = undefined));
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const charts = new Map();
    const near = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (entry.isIntersecting) charts.get(entry.target)?.draw();
        }
      },
      { rootMargin: "400px" },
    );
    for (const figure of document.querySelectorAll("figure.chart")) {
      charts.set(figure, new LiveChart(figure));
      near.observe(figure);
    }
    let waiting;
    addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        for (const chart of charts.values()) if (chart.drawn) chart.draw();
      }, 150);
    });
    addEventListener("beforeprint", () => charts.forEach((chart) => chart.draw()));
  });
})();
