/* Reading aloud, by the voice of the reader's own machine; fetched when the settings are opened (reading.js). */
(() => {
  "use strict";
  const root = document.documentElement;
  const settings = document.querySelector(".settings");
  const STILL = matchMedia("(prefers-reduced-motion: reduce)");

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /* How fast, from the last time. A browser may forbid storage; the choice then lasts for the page. */
  const rate = (chosen) => {
    try {
      if (chosen) localStorage.setItem("rate", chosen);
      return localStorage.getItem("rate");
    } catch {
      return chosen;
    }
  };

  /* Words as they are spoken -------------------------------------------------------------------------------- */

  const READABLE = "h1, h2, h3, h4, p, li, tr";
  const SILENT =
    ".chart-canvas, .chart-words, .chart-tour, .chart-source, " +
    ".chart-downloads, .chart-failure, [role=status], [aria-live], .headerlink, .permalink, .voice-label, .source-tools, .quotation-source, summary, " +
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
        ((node.matches(STORY) && !node.closest(".chart-fold:not([open])")) || (!node.closest("details:not([open])") && node.getClientRects().length > 0)) &&
        (node.matches("tr") || !(node.closest("tr") || node.querySelector(READABLE))) &&
        breaths(node).length > 0,
    );

  const isCell = (node) => node.matches("td, th");
  const bare = (text) => text.replace(/[“”\s]/g, "");

  /* 3.1.2(4): the third chapter's first paragraph's second sentence's fourth clause. */
  const place = (id) => id.match(/\d+/g).map((number, i) => `第${number}${PARTS[i]}`).join("");

  const asSaid = (text) =>
    text
      .replace(/\s+/g, " ")
      .replace(/(\d{4})[-–—](\d{4})/g, "$1至$2")
      .replace(/^(原文 ?)?(\d{1,2}(?:\.\d{1,2}){1,3}(?:\(\d{1,2}\))?)$/, (_, before, id) => (before || "") + place(id))
      .replace(/((?:原文|段落|[段句]) ?)(\d{1,2}(?:\.\d{1,2}){1,3}(?:\(\d{1,2}\))?)/g, (_, before, id) => before + place(id))
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
      this.rate = RATES[rate()] ? rate() : "常速";
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
      if (tries === 1) this.mark(this.pieces[at]); // a voice that is tried again does not move the page
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
      if (focused) settings.querySelector("summary").focus();
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
      const rates = element("select", { autocomplete: "off", "aria-label": "语速" }, ...Object.keys(RATES).map((name) => new Option(name, name)));
      rates.value = this.rate;
      rates.addEventListener("change", () => {
        this.rate = rates.value;
        rate(rates.value);
        if (!this.paused) this.say(this.at, this.breath);
      });
      this.state = element("p", { "aria-live": "polite" });
      this.bar = element(
        "div",
        { class: "aloud-bar", role: "region", "aria-label": "朗读" },
        this.state,
        button("上一段", () => this.say(Math.max(this.at - 1, 0), 0)),
        this.pausing,
        button("下一段", () => this.say(this.at + 1, 0)),
        button("停止", () => this.stop()),
        rates,
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
      this.makeRoom();
    }

    /* As much at the page's foot as the bar takes, which grows with what it says: nothing that has the focus lies under it. */
    makeRoom() {
      if (this.bar) root.style.setProperty("--bar", `${this.bar.offsetHeight}px`);
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

  const reader = new Reader();
  const fieldset = settings.querySelector(".aloud");
  const show = () => (fieldset.hidden = !reader.voice); // some browsers learn of their voices only after a while
  show();
  if (speechSynthesis.addEventListener) speechSynthesis.addEventListener("voiceschanged", show);
  fieldset.querySelector("[data-read-aloud]").addEventListener("click", () => {
    settings.open = false;
    reader.start();
  });
  document.querySelector("article").addEventListener("click", (event) => reader.tap(event));
  document.addEventListener("keydown", (event) => reader.key(event));
  addEventListener("resize", () => reader.makeRoom());
  addEventListener("pagehide", () => reader.stop());
})();
