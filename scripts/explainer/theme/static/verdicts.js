/* The page that says of each sentence whether it is the source's. It goes the same way, step by step, as
   explainer/verdicts.py, which says why; tests/test_verdicts.py holds the two together. */
(() => {
  "use strict";
  const DATA = new URL("verdicts-data.js", document.currentScript.src).href;
  const [VERBATIM, CHANGED, FOREIGN] = ["一字不差", "与原文不同", "不在原文"];
  const MARKS = { [VERBATIM]: ["verbatim", "✓"], [CHANGED]: ["changed", "≠"], [FOREIGN]: ["foreign", "✕"] };
  const QUOTES = "“”„‟\"‘’‚‛'「」『』〝〞〟«»‹›";
  const WIDE = { ",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）" };
  const UNSEEN = /[\s\p{C}]/u;
  const WORD = /[\p{L}\p{N}]/u;
  const NUMBER = /^\s*[（(]?\d+\.\d+\.\d+(?:[（(]\d+[）)])?[）)]?\s*(?![\d.])/;
  const CANDIDATES = 3;
  const SHARED = 0.75;
  const LONG = 12;
  const PAUSE = 300; // ms without a key

  const folded = (text) => {
    let plain = "";
    const at = [];
    let place = 0;
    for (const character of text) {
      for (const c of character.normalize("NFKC")) {
        if (!UNSEEN.test(c) && !QUOTES.includes(c)) {
          plain += WIDE[c] || c;
          for (let unit = 0; unit < c.length; unit += 1) at.push(place);
        }
      }
      place += character.length;
    }
    return { plain, at };
  };

  const unnumbered = (words) => words.replace(NUMBER, "");

  const pairs = (plain) => {
    const found = new Set();
    for (let i = 0; i + 1 < plain.length; i += 1) found.add(plain.slice(i, i + 2));
    return found;
  };

  const common = (some, others) => {
    let count = 0;
    for (const pair of some) count += others.has(pair);
    return count;
  };

  const mostLike = (own, units) => {
    let [best, most] = [null, -1];
    for (const unit of units) {
      const count = common(own, unit.pairs);
      if (count > most) [best, most] = [unit, count];
    }
    return [best, most];
  };

  const distances = (words, text, anywhere) => {
    let row = Uint32Array.from({ length: text.length + 1 }, (_, i) => (anywhere ? 0 : i));
    for (let i = 1; i <= words.length; i += 1) {
      const next = new Uint32Array(text.length + 1);
      next[0] = i;
      const letter = words[i - 1];
      for (let j = 1; j <= text.length; j += 1) {
        next[j] = Math.min(row[j - 1] + (text[j - 1] !== letter), row[j] + 1, next[j - 1] + 1);
      }
      row = next;
    }
    return row;
  };

  const longest = (row) => {
    let least = row.indexOf(Math.min(...row));
    while (least + 1 < row.length && row[least + 1] === row[least]) least += 1;
    return least;
  };

  const reversed = (text) => [...text].reverse().join("");

  const nearest = (words, text) => {
    const row = distances(words, text, true);
    const end = longest(row);
    const back = distances(reversed(words), reversed(text.slice(0, end)), false);
    return { distance: Math.min(...row), start: end - longest(back), end };
  };

  /* Piece by piece what is in both, what only in the words (`less`) and what only in the source (`more`). */
  const pieces = (words, source) => {
    const rows = [Uint32Array.from({ length: source.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= words.length; i += 1) {
      const row = new Uint32Array(source.length + 1);
      row[0] = i;
      for (let j = 1; j <= source.length; j += 1) {
        const cost = rows[i - 1][j - 1] + (words[i - 1] !== source[j - 1]);
        row[j] = Math.min(cost, rows[i - 1][j] + 1, row[j - 1] + 1);
      }
      rows.push(row);
    }
    const list = [];
    const add = (both, less, more) => {
      const last = list[0];
      if (last && Boolean(last.both) === Boolean(both)) {
        last.both = both + last.both;
        last.less = less + last.less;
        last.more = more + last.more;
      } else list.unshift({ both, less, more });
    };
    let [i, j] = [words.length, source.length];
    while (i || j) {
      const here = rows[i][j];
      if (i && j && words[i - 1] === source[j - 1] && here === rows[i - 1][j - 1]) add(words[(j -= 1, i -= 1)], "", "");
      else if (i && j && here === rows[i - 1][j - 1] + 1) add("", words[(i -= 1)], source[(j -= 1)]);
      else if (i && here === rows[i - 1][j] + 1) add("", words[(i -= 1)], "");
      else add("", "", source[(j -= 1)]);
    }
    return list;
  };

  const element = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /* The text with what is not in the other one marked; `side` says which of the two it is. */
  const marked = (text, at, parts, side, tag) => {
    const nodes = [];
    let [from, plain] = [0, 0];
    for (const part of parts) {
      const length = (part.both || part[side]).length;
      if (!part.both && length) {
        const to = at[plain + length - 1] + 1;
        nodes.push(text.slice(from, at[plain]), element(tag, {}, text.slice(at[plain], to)));
        from = to;
      }
      plain += length;
    }
    return [...nodes, text.slice(from)];
  };

  const told = ({ less, more }) => (less && more ? `“${less}”应为“${more}”` : less ? `多了“${less}”` : `少了“${more}”`);

  /* The smallest unit around a stretch of its paragraph. */
  const smallest = (unit, first, last) => {
    const inside = unit.parts.find((part) => part.start <= first && last <= part.start + part.text.length);
    return inside ? smallest(inside, first, last) : unit;
  };

  class Judge {
    constructor(data) {
      const unit = ([id, text, start, parts]) => ({ id, text, start, parts: parts.map(unit) });
      const paragraphs = data.paragraphs.map(unit);
      const texts = [...paragraphs.map((p) => [p, p.text]), ...data.headings.map((heading) => [null, heading])];
      this.texts = texts.map(([paragraph, text]) => {
        const { plain, at } = folded(text);
        return { paragraph, text, plain, at, pairs: pairs(plain) };
      });
      this.sentences = paragraphs.flatMap(({ parts }) => parts);
      this.leaves = this.sentences.flatMap((sentence) => (sentence.parts.length ? sentence.parts : [sentence]));
      for (const leaf of [...this.sentences, ...this.leaves]) leaf.pairs = pairs(folded(leaf.text).plain);
    }

    judge(text) {
      return this.blocks(text)
        .flatMap((block) => block.match(/[^。！？!?｡]*[。！？!?｡]+[”’」』）)》"']*|[^。！？!?｡]+/gu) || [])
        .filter((sentence) => WORD.test(sentence))
        .map((sentence) => this.verdict(sentence.trim()));
    }

    blocks(text) {
      const blocks = [""];
      for (const line of text.match(/[^\r\n\u2028\u2029]+/gu) || []) {
        const joint = folded(blocks[blocks.length - 1].slice(-8)).plain.slice(-2) + folded(line.slice(0, 8)).plain.slice(0, 2);
        if (joint.length === 4 && this.texts.some(({ plain }) => plain.includes(joint))) blocks[blocks.length - 1] += `\n${line}`;
        else blocks.push(line);
      }
      return blocks;
    }

    verdict(words) {
      const { plain } = folded(unnumbered(words));
      const found = [];
      for (const known of this.texts) {
        for (let i = known.plain.indexOf(plain); i !== -1; i = known.plain.indexOf(plain, i + 1)) found.push([known, i]);
      }
      if (found.length) {
        const [known, start] = found[0];
        const { unit, source } = this.stretch(known, start, start + plain.length);
        const whole = plain === folded(unit ? unit.text : known.text).plain;
        return { words, kind: VERBATIM, source, unit, whole, elsewhere: found.length - 1, forgiven: words !== source };
      }
      const own = pairs(plain);
      const likely = this.texts.map((known) => ({ known, shared: common(own, known.pairs) }));
      likely.sort((a, b) => b.shared - a.shared);
      let best = null;
      for (const { known } of likely.slice(0, CANDIDATES)) {
        const near = nearest(plain, known.plain);
        if (!best || near.distance < best.near.distance) best = { near, known };
      }
      const { distance, start, end } = best.near;
      if (distance <= Math.max(1, Math.floor(plain.length / 3)) && start < end) {
        return { words, kind: CHANGED, ...this.stretch(best.known, start, end) };
      }
      const [sentence, shared] = mostLike(own, this.sentences);
      if (plain.length >= LONG && shared >= SHARED * own.size) return { words, kind: CHANGED, source: sentence.text, unit: sentence };
      const [leaf, count] = mostLike(own, this.leaves);
      return count > 1 ? { words, kind: FOREIGN, source: leaf.text, unit: leaf } : { words, kind: FOREIGN, source: "", unit: null };
    }

    stretch({ paragraph, text, at }, start, end) {
      let first = at[start];
      let last = at[end - 1] + 1;
      const count = (mark) => text.slice(first, last).split(mark).length;
      const unpaired = count("“") - count("”");
      if (unpaired < 0 && text[first - 1] === "“") first -= 1;
      if (unpaired > 0 && text[last] === "”") last += 1;
      return { unit: paragraph && smallest(paragraph, first, last), source: text.slice(first, last) };
    }
  }

  const shown = (id) => id.replace(/^(\d+\.\d+\.\d+)\.(\d+)$/, "$1($2)");

  const start = (box) => {
    const judge = new Judge(window.verdictsData);
    const input = box.querySelector("textarea");
    const sum = box.querySelector(".verdicts-sum");
    const list = box.querySelector(".verdicts");
    const link = ({ id }) => element("a", { href: `${box.dataset.verdicts}#s${id}` }, `原文${shown(id)}`);

    const explained = ({ words, kind, source, unit, whole, elsewhere, forgiven }) => {
      const where = unit ? link(unit) : "原文的标题";
      let said = [words];
      const lines = [];
      if (kind === VERBATIM) {
        const more = elsewhere ? `，原文里另外还有${elsewhere}处` : "";
        lines.push([where, unit ? (whole ? "的整句" : "里的一段") : "", more, "。"]);
        if (forgiven) lines.push(["引号、空格、换行、全角半角或编号与原文不一样，没有计较。原文写作：", element("q", {}, source)]);
      } else if (kind === CHANGED) {
        const own = unnumbered(words);
        const [written, right] = [folded(own), folded(source)];
        const parts = pieces(written.plain, right.plain);
        said = marked(own, written.at, parts, "less", "del");
        const quoted = marked(source, right.at, parts, "more", "ins");
        lines.push([`${parts.filter(({ both }) => !both).map(told).join("，")}。`]);
        lines.push([where, "写作：", element("q", {}, ...quoted)]);
      } else {
        lines.push(unit ? ["最接近的是", where, "：", element("q", {}, source)] : ["原文里没有与它相近的句子。"]);
      }
      const [name, mark] = MARKS[kind];
      return element(
        "li",
        { "data-kind": name },
        element("p", { class: "verdicts-kind" }, element("span", { "aria-hidden": "true" }, mark), kind),
        element("p", {}, ...said),
        ...lines.map((line) => element("p", {}, ...line)),
      );
    };

    let pausing;
    const show = () => {
      clearTimeout(pausing);
      const verdicts = judge.judge(input.value);
      const number = (kind) => verdicts.filter((verdict) => verdict.kind === kind).length;
      const counts = [VERBATIM, CHANGED, FOREIGN].filter(number).map((kind) => `${kind}${number(kind)}句`);
      sum.textContent = verdicts.length ? `共${verdicts.length}句：${counts.join("，")}。` : "请先贴上要核对的话。";
      list.textContent = "";
      list.append(...verdicts.map(explained));
      return verdicts.length ? sum : input;
    };

    box.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      show().focus();
    });
    // What is pasted is judged at once; the button is for who looks for one, and takes the listener to the answer.
    const later = (event) => {
      clearTimeout(pausing);
      if (!event.isComposing) pausing = setTimeout(show, PAUSE);
    };
    input.addEventListener("input", later);
    input.addEventListener("compositionend", later);
    window.judge = (text) => judge.judge(text); // for the tests, which compare it with the program's
    if (input.value.trim()) show(); // what was typed before the source was there
  };

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-verdicts]");
    if (!box) return;
    box.parentElement.classList.add("ready");
    const script = element("script", { src: DATA });
    script.onload = () => start(box);
    script.onerror = () => (box.querySelector(".verdicts-sum").textContent = "原文没有载入，请检查网络，再打开这一页。");
    document.head.append(script);
  });
})();
