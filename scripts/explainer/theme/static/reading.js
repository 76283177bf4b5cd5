/* How the reader wants to read: the settings in the header, reading aloud, links to copy. */
(() => {
  "use strict";
  const root = document.documentElement;
  const STILL = matchMedia("(prefers-reduced-motion: reduce)");

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const remember = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Forbidden storage: the choice lasts for the page (see site.js).
    }
  };

  /* Settings ---------------------------------------------------------------------------------------------- */

  const startSettings = (settings) => {
    for (const input of settings.querySelectorAll("input[type=radio]")) {
      input.checked = input.value === (root.dataset[input.name] ?? "");
      input.addEventListener("change", () => {
        if (input.value) root.dataset[input.name] = input.value;
        else delete root.dataset[input.name];
        remember(input.name, input.value);
        document.dispatchEvent(new Event("reading"));
      });
    }
    const close = (back) => {
      settings.open = false;
      if (back) settings.querySelector("summary").focus();
    };
    settings.addEventListener("keydown", (event) => event.key === "Escape" && settings.open && close(true));
    // It lies over the page: who goes on reading, by key or by finger, shall see what is beneath.
    settings.addEventListener("focusout", (event) => event.relatedTarget && !settings.contains(event.relatedTarget) && close());
    document.addEventListener("pointerdown", (event) => !settings.contains(event.target) && close());
    return close;
  };

  /* Reading aloud ----------------------------------------------------------------------------------------- */

  const RATES = { 慢速: 0.75, 常速: 1, 快速: 1.35 };
  const READABLE = "h1, h2, h3, h4, p, li, tr";
  const SILENT =
    ".chart-canvas, .chart-words, .chart-choice legend, .chart-choice label, .chart-slider, .chart-tour, .chart-source, " +
    ".chart-downloads, .chart-failure, .headerlink, .permalink, .voice-label, .source-tools, figcaption, summary, thead, " +
    "script, style, .script-only, .without-script";
  const SOURCE = ".quotation, .source-paragraph";

  /* What can be read now, in order: the innermost pieces that are on show, and a table's rows as a whole. */
  const pieces = () =>
    [...document.querySelectorAll(`article :is(${READABLE})`)].filter(
      (node) =>
        !node.closest(SILENT) &&
        !node.closest("details:not([open])") &&
        (node.matches("tr") || !(node.closest("tr") || node.querySelector(READABLE))) &&
        node.getClientRects().length > 0 &&
        words(node).length > 0,
    );

  const spokenText = (node) => {
    const copy = node.cloneNode(true);
    for (const silent of copy.querySelectorAll(SILENT)) silent.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  /* A piece in breaths of a sentence each: some browsers fall silent in the midst of a long text. */
  const words = (node) => {
    const cells = [...node.querySelectorAll(":scope > :is(td, th)")];
    const text = cells.length
      ? cells.map((cell) => [cell.dataset.label, spokenText(cell)]).filter(([, said]) => said)
          .map(([label, said]) => (label ? `${label}：${said}` : said)).join("，")
      : spokenText(node);
    return (text.match(/[^。！？；]+[。！？；]*”?/gu) ?? []).filter((breath) => /[\p{L}\p{N}]/u.test(breath));
  };

  const bare = (text) => text.replace(/[“”]/g, "");

  /* Whose words they are; headings, rows and the line that says so itself need no announcement. */
  const speaker = (node) => {
    if (node.closest(".remark")) return "编者说明";
    const quotation = node.querySelector(":scope > q");
    if (node.closest(SOURCE) || (quotation && bare(spokenText(node)) === bare(spokenText(quotation)))) return "原文";
    return node.matches("h1, h2, h3, h4, tr, .chart-title, .whole-page") ? "" : "编者说明";
  };

  class Reader {
    constructor() {
      this.run = 0; // each start or stop makes what is still being said a thing of the past
      this.rate = RATES[this.remembered] ? this.remembered : "常速";
    }

    get remembered() {
      try {
        return localStorage.getItem("rate");
      } catch {
        return "";
      }
    }

    /* A Chinese voice, one of this machine's own before one that sends the words to a server. */
    get voice() {
      const voices = speechSynthesis.getVoices().filter(({ lang }) => /^(zh|cmn)/i.test(lang));
      const rank = ({ lang, localService }) => (/^(zh|cmn)[-_](Hans[-_])?CN/i.test(lang) ? 0 : 2) + (localService ? 0 : 1);
      return voices.sort((a, b) => rank(a) - rank(b))[0];
    }

    startAt(node) {
      this.pieces = pieces();
      const at = this.pieces.findIndex((piece) => piece === node || piece.contains(node));
      this.said = "";
      this.openBar();
      this.say(Math.max(at, 0), 0);
    }

    /* From the first piece that is on the screen. */
    start() {
      const top = document.querySelector(".site-header").getBoundingClientRect().bottom;
      const all = pieces();
      this.startAt(all.find((piece) => piece.getBoundingClientRect().bottom > Math.max(top, 0) + 8) ?? all[0]);
    }

    say(at, breath) {
      const run = (this.run += 1);
      speechSynthesis.cancel();
      Object.assign(this, { at, breath, paused: false });
      this.mark(this.pieces[at]);
      this.showState();
      if (!this.pieces[at]) return this.stop();
      const parts = words(this.pieces[at]);
      const who = speaker(this.pieces[at]);
      const announced = who && who !== this.said && breath === 0 ? `${who}。` : "";
      const utterance = new SpeechSynthesisUtterance(announced + parts[breath]);
      Object.assign(utterance, { lang: "zh-CN", rate: RATES[this.rate], voice: this.voice ?? null });
      utterance.onend = () => {
        if (run !== this.run) return;
        this.said = who; // said again after a heading
        if (breath + 1 < parts.length) this.say(at, breath + 1);
        else this.say(at + 1, 0);
      };
      utterance.onerror = () => run === this.run && this.stop();
      speechSynthesis.speak(utterance);
    }

    mark(node) {
      document.querySelector(".spoken")?.classList.remove("spoken");
      if (!node) return;
      node.classList.add("spoken");
      const { top, bottom } = node.getBoundingClientRect();
      if (top < 90 || bottom > innerHeight - 110) {
        node.scrollIntoView({ block: bottom - top < innerHeight / 2 ? "center" : "start", behavior: STILL.matches ? "instant" : "smooth" });
      }
    }

    /* Not the browser's own pause, which on phones cannot be taken back: the breath is said again. */
    pause() {
      if (this.paused) return this.say(this.at, this.breath);
      this.run += 1;
      speechSynthesis.cancel();
      this.paused = true;
      this.showState();
    }

    stop() {
      this.run += 1;
      speechSynthesis.cancel();
      this.mark();
      const focused = this.bar?.contains(document.activeElement);
      this.bar?.remove();
      this.bar = undefined;
      root.classList.remove("aloud");
      if (focused) document.querySelector(".settings summary").focus();
    }

    openBar() {
      if (this.bar) return;
      const button = (label, act) => {
        const node = element("button", { type: "button" }, label);
        node.addEventListener("click", act);
        return node;
      };
      this.pausing = button("暂停", () => this.pause());
      const rate = element("select", { autocomplete: "off", "aria-label": "语速" }, ...Object.keys(RATES).map((name) => new Option(name, name)));
      rate.value = this.rate;
      rate.addEventListener("change", () => {
        this.rate = rate.value;
        remember("rate", rate.value);
        if (!this.paused) this.say(this.at, this.breath);
      });
      this.bar = element(
        "div",
        { class: "aloud-bar", role: "region", "aria-label": "朗读" },
        button("上一段", () => this.say(Math.max(this.at - 1, 0), 0)),
        this.pausing,
        button("下一段", () => this.say(this.at + 1, 0)),
        button("停止", () => this.stop()),
        rate,
      );
      document.body.append(this.bar);
      root.classList.add("aloud");
      this.pausing.focus();
    }

    showState() {
      if (this.bar) this.pausing.textContent = this.paused ? "继续" : "暂停";
    }

    /* A tapped paragraph is read next, as long as the reader is being read to. */
    tap(event) {
      if (!this.bar || event.target.closest("a, button, input, select, label, summary, .chart-canvas")) return;
      const node = pieces().find((piece) => piece.contains(event.target));
      if (node) this.startAt(node);
    }
  }

  const startReadingAloud = (fieldset, closeSettings) => {
    if (!("speechSynthesis" in window)) return;
    const reader = new Reader();
    const show = () => (fieldset.hidden = !reader.voice); // some browsers learn of their voices only after a while
    show();
    speechSynthesis.addEventListener?.("voiceschanged", show);
    fieldset.querySelector("[data-read-aloud]").addEventListener("click", () => {
      closeSettings();
      reader.start();
    });
    document.querySelector("article").addEventListener("click", (event) => reader.tap(event));
    addEventListener("pagehide", () => reader.bar && reader.stop());
  };

  /* Links to copy ----------------------------------------------------------------------------------------- */

  const ON_A_SERVER = location.protocol.startsWith("http");

  const copy = async (words) => {
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      // Without https there is no clipboard but the old way's.
      const box = element("textarea", { class: "off-screen", "aria-hidden": "true" });
      box.value = words;
      const focused = document.activeElement;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      focused?.focus();
    }
  };

  const startCopying = () => {
    const notice = element("p", { class: "notice", role: "status" });
    document.body.append(notice);
    let waiting;
    const copied = async (words, what) => {
      await copy(words);
      notice.textContent = `已复制${what}`;
      clearTimeout(waiting);
      waiting = setTimeout(() => (notice.textContent = ""), 4000);
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a:is(.copy-link, .permalink, .headerlink)");
      if (!link || !ON_A_SERVER || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (link.matches(".copy-link")) event.preventDefault();
      copied(link.href, "链接");
    });
    const cite = document.querySelector("[data-cite]");
    const address = cite?.querySelector(".address");
    if (address && !address.textContent && ON_A_SERVER) address.textContent = `，${location.origin}${location.pathname}`;
    document.querySelector("[data-copy-cite]")?.addEventListener("click", () => copied(cite.textContent, "引用"));
  };

  document.addEventListener("DOMContentLoaded", () => {
    const settings = document.querySelector(".settings");
    const close = startSettings(settings);
    startReadingAloud(settings.querySelector(".aloud"), close);
    startCopying();
  });
})();
