/* Goes into each page of the copy that the browsers are tested with, before all other scripts: what goes wrong
   is kept, and what the tests ask often is answered. As old as the oldest of those browsers. */
(() => {
  "use strict";
  const troubles = [];
  const say = (what) => troubles.push(String(what).slice(0, 300));
  addEventListener(
    "error",
    (event) =>
      event.target === window || !event.target
        ? say(`脚本出错：${event.message}（${(event.filename || "").split("/").pop()}:${event.lineno}）`)
        : say(`没有载入：${event.target.src || event.target.href}`),
    true,
  );
  addEventListener("unhandledrejection", (event) => say(`脚本出错：${event.reason && (event.reason.stack || event.reason)}`));
  document.addEventListener("securitypolicyviolation", (event) => say(`违反安全策略：${event.violatedDirective} ${event.blockedURI}`));
  for (const kind of ["error", "warn"]) {
    const original = console[kind];
    console[kind] = function (...words) {
      say(`console.${kind}：${words.join(" ")}`);
      return original.apply(console, words);
    };
  }
  /* A download is asked for by a link that stands nowhere; it is counted, not done. */
  HTMLAnchorElement.prototype.click = function () {
    smoke.downloads += 1;
  };

  const smoke = {
    troubles,
    downloads: 0,
    /* Whether a reader sees it. */
    seen(node) {
      for (let inner = node, outer = node.parentElement; outer; inner = outer, outer = outer.parentElement) {
        if (outer.tagName === "DETAILS" && !outer.open && inner.tagName !== "SUMMARY") return false;
      }
      const box = node.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && getComputedStyle(node).visibility === "visible";
    },
    /* How it is told of. */
    name(node) {
      const words = (node.getAttribute("aria-label") || node.textContent || node.value || "").trim().replace(/\s+/g, " ");
      const place = node.closest("[id]");
      return `${node.tagName.toLowerCase()} ${node.type || ""}“${words.slice(0, 16)}”${place ? ` #${place.id}` : ""}`;
    },
    box(node) {
      const { left, top, right, bottom, width, height } = node.getBoundingClientRect();
      return { left, top, right, bottom, width, height };
    },
    /* Where a press hits it: the middle, or else a place of it that nothing covers. */
    spot(node) {
      const { left, top, width, height } = node.getBoundingClientRect();
      for (const across of [0.5, 0.3, 0.7, 0.1, 0.9]) {
        for (const down of [0.5, 0.3, 0.7, 0.1, 0.9]) {
          const [x, y] = [Math.round(left + width * across), Math.round(top + height * down)];
          const hit = document.elementFromPoint(x, y);
          if (hit && node.contains(hit)) return [x, y];
        }
      }
      return null;
    },
    /* Resolves once the page, and the element in it, have stood still for a while. */
    still(node) {
      let [last, count] = ["", 0];
      return new Promise((resolve) => {
        const look = () => {
          const { left, top } = node ? node.getBoundingClientRect() : { left: 0, top: 0 };
          const now = `${scrollX} ${scrollY} ${document.documentElement.scrollHeight} ${left} ${top}`;
          count = now === last ? count + 1 : 0;
          last = now;
          if (count > 7) resolve(true);
          else requestAnimationFrame(look);
        };
        look();
      });
    },
    /* The controls on show that nothing happens at. Each is used as by a click or a choice; what it does is seen in
       the page (but not in another chart, which may still be turning), in the address, in the focus or in a download. */
    async dead(patience) {
      const tried = new Set();
      const wrong = [];
      const left = () => {
        const all = [...document.querySelectorAll("button, select, input, textarea, summary")];
        const open = all.filter((node) => !tried.has(node) && !node.disabled && node.getAttribute("aria-disabled") !== "true" && smoke.seen(node));
        // A choice that stands already can only be made again after another one.
        return open.find((node) => !node.checked) || open[0];
      };
      for (let node = left(); node && wrong.length < 4; node = left()) {
        tried.add(node);
        if (!(await smoke.acts(node, patience))) wrong.push(smoke.name(node));
      }
      return wrong;
    },
    async acts(node, patience) {
      const chart = node.closest("figure.chart");
      const state = () => `${location.href} ${smoke.downloads} ${smoke.troubles.length}`;
      const before = state();
      let done = false;
      const observer = new MutationObserver((changes) => {
        if (changes.some(({ target }) => {
          const other = target.nodeType === 1 && target.closest(".chart-canvas");
          return !other || (chart && chart.contains(other));
        })) done = true;
      });
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      const changed = () => {
        for (const kind of ["input", "change"]) node.dispatchEvent(new Event(kind, { bubbles: true }));
      };
      if (node.tagName === "SELECT") {
        node.selectedIndex = (node.selectedIndex + 1) % node.options.length;
        changed();
      } else if (node.type === "range") {
        node.value = Number(node.value) + 20;
        changed();
      } else if (["search", "text"].includes(node.type) || node.tagName === "TEXTAREA") {
        node.value = "创新";
        changed();
      } else {
        node.click();
      }
      const end = performance.now() + patience;
      while (!done && state() === before && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 15));
      observer.disconnect();
      return done || state() !== before;
    },
  };
  window.smoke = smoke;
})();
