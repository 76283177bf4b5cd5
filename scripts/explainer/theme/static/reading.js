/* How the reader wants to read: the settings in the header, reading aloud, links to copy, what is folded on paper. */
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

  const remembered = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return "";
    }
  };

  /* Settings ---------------------------------------------------------------------------------------------- */

  const startSettings = (settings) => {
    for (const input of settings.querySelectorAll("input[type=radio]")) {
      input.checked = input.value === (root.dataset[input.name] || "");
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
    settings.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !settings.open) return;
      event.preventDefault();
      close(true);
    });
    // It lies over the page: who goes on reading, by key or by finger, shall see what is beneath.
    settings.addEventListener("focusout", (event) => event.relatedTarget && !settings.contains(event.relatedTarget) && close());
    for (const kind of ["pointerdown", "mousedown"]) {
      document.addEventListener(kind, (event) => !settings.contains(event.target) && close());
    }
    settings.parentElement.classList.add("ready");
    return close;
  };

  /* Words as they are spoken -------------------------------------------------------------------------------- */

  const READABLE = "h1, h2, h3, h4, p, li, tr";
  const SILENT =
    ".chart-canvas, .chart-words, .chart-choice legend, .chart-choice label, .chart-slider, .chart-tour, .chart-source, " +
    ".chart-downloads, .chart-failure, .headerlink, .permalink, .voice-label, .source-tools, .quotation-source, summary, " +
    "thead, caption, script, style, .script-only, .without-script";
  const SOURCE = ".quotation, .source-paragraph";
  const STORY = ".chart [id$='-story']"; // what a chart says, in words: folded away from the eye alone
  const BREATH = 55; // characters; with the announcement of who speaks at most 60
  const CUT = new RegExp(`.{1,${BREATH}}`, "gu");
  const PARTS = ["章", "段", "句", "分句"];

  /* What can be read now, in order: the innermost pieces that are on show, and a table's rows as a whole. */
  const pieces = () =>
    [...document.querySelector("article").querySelectorAll(READABLE)].filter(
      (node) =>
        !node.closest(SILENT) &&
        (node.matches(STORY) || (!node.closest("details:not([open])") && node.getClientRects().length > 0)) &&
        (node.matches("tr") || !(node.closest("tr") || node.querySelector(READABLE))) &&
        breaths(node).length > 0,
    );

  const isCell = (node) => node.matches("td, th");
  const bare = (text) => text.replace(/[“”\s]/g, "");

  /* 3.1.2: the third chapter's first paragraph's second sentence. */
  const place = (id) => id.split(".").map((number, i) => `第${number}${PARTS[i]}`).join("");

  const asSaid = (text) =>
    text
      .replace(/\s+/g, " ")
      .replace(/(\d{4})[-–—](\d{4})/g, "$1至$2")
      .replace(/^(原文 ?)?(\d{1,2}(?:\.\d{1,2}){1,3})$/, (_, before, id) => (before || "") + place(id))
      .replace(/((?:原文|段落|[段句]) ?)(\d{1,2}(?:\.\d{1,2}){1,3})/g, (_, before, id) => before + place(id))
      .trim();

  /* Among the editors' words a quotation is announced, and its end where they go on: nobody hears the line under it. */
  const spokenText = (node) => {
    const copy = node.cloneNode(true);
    for (const silent of copy.querySelectorAll(SILENT)) silent.remove();
    const whole = bare(copy.textContent);
    for (const quotation of copy.querySelectorAll("q")) {
      if (bare(quotation.textContent) === whole) continue;
      const after = document.createRange();
      after.setStartAfter(quotation);
      after.setEndAfter(copy.lastChild);
      const ends = /^[”’）》]*([。！？；]|$)/.test(after.toString().trim());
      quotation.textContent = `引文：${quotation.textContent}${ends ? "" : "，引文完"}`;
    }
    for (const link of copy.querySelectorAll("a.source-link")) link.textContent = asSaid(link.textContent);
    return asSaid(copy.textContent);
  };

  const words = (node) => {
    const cells = [...node.children].filter(isCell);
    if (node.matches("tr") && cells.length) {
      return cells.map((cell) => [cell.dataset.label, spokenText(cell)]).filter(([, said]) => said)
        .map(([label, said]) => (label ? `${label}：${said}` : said)).join("，");
    }
    const item = node.closest("ol > li");
    const first = item && (item === node || [...item.querySelectorAll(READABLE)].find((part) => !part.querySelector(READABLE)) === node);
    const number = first ? `第${item.parentElement.start + [...item.parentElement.children].indexOf(item)}，` : "";
    const said = spokenText(node);
    return said && number + said;
  };

  /* A piece in breaths of a sentence each, a long one in several: some browsers fall silent in the midst. */
  const breaths = (node) => {
    const result = [];
    for (const sentence of words(node).match(/[^。！？；]+[。！？；]*”?/gu) || []) {
      if (!/[\p{L}\p{N}]/u.test(sentence)) continue;
      let breath = "";
      for (const part of sentence.length > BREATH ? sentence.match(/[^，、：]+[，、：]*|[，、：]+/g) : [sentence]) {
        if (breath && breath.length + part.length > BREATH) {
          result.push(breath);
          breath = "";
        }
        breath += part;
      }
      for (const piece of breath.match(CUT)) result.push(piece);
    }
    return result;
  };

  /* Whose words they are; headings, rows and the line that says so itself need no announcement. */
  const speaker = (node) => {
    if (node.closest(".remark")) return "编者说明";
    const quotation = [...node.children].find((child) => child.matches("q"));
    if (node.closest(SOURCE) || (quotation && bare(node.textContent) === bare(quotation.textContent))) return "原文";
    return node.matches("h1, h2, h3, h4, tr, .chart-title, .whole-page") ? "" : "编者说明";
  };

  /* Reading aloud ----------------------------------------------------------------------------------------- */

  const RATES = { 慢速: 0.75, 常速: 1, 快速: 1.35 };
  const TRIES = 3; // of a breath that a voice, one from the network above all, does not finish
  const FAILED = "念不出来，可能是网络断了，或者浏览器的声音出了问题。点“继续”再试。";

  class Reader {
    constructor() {
      this.run = 0; // each start or stop makes what is still being said a thing of the past
      this.rate = RATES[remembered("rate")] ? remembered("rate") : "常速";
    }

    /* A Chinese voice, one of this machine's own before one that sends the words to a server. */
    get voice() {
      const voices = speechSynthesis.getVoices().filter(({ lang }) => /^(zh|cmn)/i.test(lang));
      const rank = ({ lang, localService }) => (/^(zh|cmn)[-_](Hans[-_])?CN/i.test(lang) ? 0 : 2) + (localService ? 0 : 1);
      return voices.sort((a, b) => rank(a) - rank(b))[0];
    }

    startAt(node) {
      this.openBar();
      const at = this.pieces.findIndex((piece) => piece === node || piece.contains(node));
      this.said = "";
      this.say(Math.max(at, 0), 0);
    }

    /* From the first piece that is on the screen. */
    start() {
      const top = document.querySelector(".site-header").getBoundingClientRect().bottom;
      const all = pieces();
      const seen = all.filter((piece) => piece.getClientRects().length);
      this.startAt(seen.find((piece) => piece.getBoundingClientRect().bottom > Math.max(top, 0) + 8) || all[0]);
    }

    say(at, breath, tries = 1) {
      const run = (this.run += 1);
      this.hush();
      Object.assign(this, { at, breath, paused: false });
      this.mark(this.pieces[at]);
      this.showState();
      if (!this.pieces[at]) return this.stop();
      const parts = breaths(this.pieces[at]);
      const who = speaker(this.pieces[at]);
      const announced = who && who !== this.said && breath === 0 ? `${who}。` : "";
      const utterance = new SpeechSynthesisUtterance(announced + parts[breath]);
      Object.assign(utterance, { lang: "zh-CN", rate: RATES[this.rate], voice: this.voice || null });
      const mine = (act) => () => run === this.run && act();
      const fail = mine(() => (tries < TRIES ? this.say(at, breath, tries + 1) : this.pause(FAILED)));
      // Time enough to say it twice over; each word that is heard to begin gives it anew.
      const watch = mine(() => {
        clearTimeout(this.watch);
        this.watch = setTimeout(fail, 5000 + (500 * utterance.text.length) / RATES[this.rate]);
      });
      utterance.onstart = utterance.onboundary = watch;
      utterance.onend = mine(() => {
        this.said = who; // said again after a heading
        if (breath + 1 < parts.length) this.say(at, breath + 1);
        else this.say(at + 1, 0);
      });
      utterance.onerror = mine(() => this.pause(FAILED));
      watch();
      speechSynthesis.speak(utterance);
    }

    hush() {
      clearTimeout(this.watch);
      speechSynthesis.cancel();
    }

    mark(node) {
      const before = document.querySelector(".spoken");
      if (before) before.classList.remove("spoken");
      if (!node) return;
      node.classList.add("spoken");
      const folded = node.closest("details");
      if (folded) folded.open = true;
      const { top, bottom } = node.getBoundingClientRect();
      if (top < 90 || bottom > innerHeight - 110) {
        node.scrollIntoView({ block: bottom - top < innerHeight / 2 ? "center" : "start", behavior: STILL.matches ? "auto" : "smooth" });
      }
    }

    /* Not the browser's own pause, which on phones cannot be taken back: the breath is said again. */
    pause(why = "") {
      this.run += 1;
      this.hush();
      this.paused = true;
      this.showState(why);
    }

    stop() {
      this.run += 1;
      this.hush();
      this.mark();
      if (!this.bar) return;
      for (const piece of this.stops) {
        if (piece === document.activeElement) piece.setAttribute("tabindex", "-1"); // it keeps the focus
        else piece.removeAttribute("tabindex");
      }
      const focused = this.bar.contains(document.activeElement);
      this.bar.remove();
      this.bar = undefined;
      root.classList.remove("aloud");
      if (focused) document.querySelector(".settings summary").focus();
    }

    openBar() {
      this.pieces = pieces();
      if (this.bar) return;
      const button = (label, act) => {
        const node = element("button", { type: "button" }, label);
        node.addEventListener("click", act);
        return node;
      };
      this.pausing = button("暂停", () => (this.paused ? this.say(this.at, this.breath) : this.pause()));
      const rate = element("select", { autocomplete: "off", "aria-label": "语速" }, ...Object.keys(RATES).map((name) => new Option(name, name)));
      rate.value = this.rate;
      rate.addEventListener("change", () => {
        this.rate = rate.value;
        remember("rate", rate.value);
        if (!this.paused) this.say(this.at, this.breath);
      });
      this.state = element("p", { role: "status" });
      this.bar = element(
        "div",
        { class: "aloud-bar", role: "region", "aria-label": "朗读" },
        this.state,
        button("上一段", () => this.say(Math.max(this.at - 1, 0), 0)),
        this.pausing,
        button("下一段", () => this.say(this.at + 1, 0)),
        button("停止", () => this.stop()),
        rate,
      );
      document.body.append(this.bar);
      root.classList.add("aloud");
      // What a finger can tap, a key can go to, as long as the reader is being read to.
      this.stops = this.pieces;
      for (const piece of this.stops) piece.setAttribute("tabindex", "0");
      this.pausing.focus();
    }

    showState(why = "") {
      if (!this.bar) return;
      this.pausing.textContent = this.paused ? "继续" : "暂停";
      this.state.textContent = why;
    }

    /* A tapped paragraph is read next, and one on which Enter is pressed. */
    tap(event) {
      if (!this.bar || event.target.closest("a, button, input, select, label, summary, .chart-canvas")) return;
      const node = pieces().find((piece) => piece.contains(event.target));
      if (node) this.startAt(node);
    }

    key(event) {
      if (!this.bar || event.defaultPrevented || event.isComposing) return;
      if (event.key === "Escape" && !event.target.matches("select")) this.stop();
      if (event.key === "Enter" && this.stops.indexOf(event.target) >= 0) this.startAt(event.target);
    }
  }

  const startReadingAloud = (fieldset, closeSettings) => {
    if (!("speechSynthesis" in window && "SpeechSynthesisUtterance" in window)) return;
    const reader = new Reader();
    const show = () => (fieldset.hidden = !reader.voice); // some browsers learn of their voices only after a while
    show();
    if (speechSynthesis.addEventListener) speechSynthesis.addEventListener("voiceschanged", show);
    fieldset.querySelector("[data-read-aloud]").addEventListener("click", () => {
      closeSettings();
      reader.start();
    });
    document.querySelector("article").addEventListener("click", (event) => reader.tap(event));
    document.addEventListener("keydown", (event) => reader.key(event));
    addEventListener("pagehide", () => reader.stop());
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
      if (focused) focused.focus();
    }
  };

  const startCopying = (cite) => {
    const notice = element("p", { class: "notice", role: "status" });
    document.body.append(notice);
    let waiting;
    const copied = async (words, what) => {
      clearTimeout(waiting);
      notice.textContent = "";
      await copy(words);
      // After the browser has gone to the link: what is read out there would cut this short.
      waiting = setTimeout(() => {
        notice.textContent = `已复制${what}`;
        waiting = setTimeout(() => (notice.textContent = ""), 4000);
      }, 300);
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.copy-link, a.permalink, a.headerlink");
      if (!link || !ON_A_SERVER || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (link.matches(".copy-link")) event.preventDefault();
      copied(link.href, "链接");
    });
    if (!cite) return;
    const words = cite.querySelector("[data-cite]");
    const address = words.querySelector(".address");
    if (!address.textContent && ON_A_SERVER) address.textContent = `，${location.origin}${location.pathname}`;
    cite.querySelector("[data-copy-cite]").addEventListener("click", () => copied(words.textContent, "引用"));
    cite.classList.add("ready");
  };

  /* On paper nothing is folded ------------------------------------------------------------------------------ */

  const startPrinting = () => {
    let opened = [];
    const unfold = () => {
      opened = opened.concat([...document.querySelectorAll("main details:not([open])")]);
      for (const details of opened) details.open = true;
    };
    const fold = () => {
      for (const details of opened) details.open = false;
      opened = [];
    };
    if ("onbeforeprint" in window) {
      addEventListener("beforeprint", unfold);
      addEventListener("afterprint", fold);
    } else {
      matchMedia("print").addListener(({ matches }) => (matches ? unfold() : fold())); // Safari before 13
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const settings = document.querySelector(".settings");
    const close = startSettings(settings);
    startReadingAloud(settings.querySelector(".aloud"), close);
    startCopying(document.querySelector(".cite"));
    startPrinting();
  });
})();
