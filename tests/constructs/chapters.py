"""Random chapters out of what the checks allow, in whatever order and depth; and chapters that a slip has damaged."""

from __future__ import annotations

import re
from random import Random

from explainer.checks import blocks

# None of them two times in a row, and none that says who is speaking: other rules have a word on these.
WORDS = (
    "一句话",
    "另一段",
    "名目",
    "例子",
    "很长的一段话，念了又念，还没有念完，再念一遍",
    "“引号里的话”",
    "《书名》",
    "（括号）",
    "编者的话——破折号",
)
LATIN = ("WPS", "Excel", "abcdefghij" * 7, "GDP", "https", "a_b_c", "x*y", "A&B", "C++")
NOTES = (
    "note",
    "warning",
    "tip",
    "important",
    "hint",
    "caution",
    "attention",
    "danger",
    "error",
    "seealso",
)
LANGUAGES = ("python", "text", "", "json", "bash", "css")
SAMPLES = {
    blocks.FLAG: ("",),
    blocks.CLASS: ("wide", "tip", "a b"),
    blocks.PERCENT: ("50", "50%"),
    blocks.WIDTH: ("50%", "300px", "20"),
    blocks.HEIGHT: ("2em", "40"),
    blocks.NUMBER: ("1",),
    blocks.SPACE: ("0", "2", "1 2 3 4"),
    blocks.COLUMNS: ("2", "auto", "1 2 3 4"),
    blocks.WIDTHS: ("auto",),
    blocks.FILE: ("images/circle.svg", "images/dot.png"),
}
# What must agree with something else is written where that is.
APART = (
    "link",
    "link-type",
    "link-alt",
    "header-rows",
    "stub-columns",
    "header",
    "icon",
    "subtitle",
    "emphasize-lines",
    "alt",
    "tags",
    "columns",
)
# What a slip of the hand may leave anywhere.
SLIPS = (
    "", " ", "    ", "\t", "- ", "1. ", "> ", ": ", "# ", "### ", "+++", "^^^", "```", "````", ":::", ":::::", "---", "===", "***", "|", "|---|", "% x", "\\", "*", "**", "_", "`",
    "``", "$", "&", "<", ">", "!", "![", "](", "[", "]", "(", ")", ":", "::", "{", "}", "{}", '"', "'", "~", "=", "[^x]", "[^b]: y", "(b)=", ":class: a", ":name: b", ":alt:", ":width: x",
    "{note}", "{only} html", "{quote}`x`", "{ref}`z`", "{kbd}``", "https://a.cn/", "images/no.png", "images/circle.svg", "source.md", "甲", "0", "\u00a0", "\u200b", "\ue000", "\0", "\r", "\x0b", "\u2028", "\ufeff", "&#0;",
)  # fmt: skip
TARGETS = (
    "https://a.cn/?x=1&y=2",
    "https://a.cn/甲",
    "mailto:a@b.cn",
    "tel:12345",
    "source.md",
    "glossary.md",
    "index.md",
    "images/circle.svg",
    "https://a.cn/" + "b" * 90,
    "https://a.cn/(a)",
    "<https://a.cn/a b>",
)


class Chapter:
    """Writes one chapter, and remembers its labels and footnotes."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.labels: list[str] = []
        self.notes: list[str] = []
        self.said = ""
        self.hidden = 0  # how many blocks around are for one medium only

    def text(self) -> str:
        body = "\n\n".join(self.section(level) for level in self.levels())
        used = [name for name in self.notes if f"[^{name}]" in body]
        notes = "".join(
            f"\n\n[^{name}]: {self.phrase()}。{self.of('', '', self.after_note())}" for name in used
        )
        return f"---\ndescription: 试验的一章。\n---\n\n# 试验{self.phrase()}\n\n{body}{notes}\n"

    def of(self, *choices):
        return self.random.choice(choices)

    def some(self, make, most: int = 3) -> list:
        return [make() for _ in range(self.random.randint(1, most))]

    def levels(self) -> list[int]:
        levels = [1]
        while self.random.random() < 0.7 and len(levels) < 8:
            levels.append(self.random.randint(2, min(levels[-1] + 1, 6)))
        return levels

    def section(self, level: int) -> str:
        blocks = "\n\n".join(self.some(lambda: self.block(3), 4))
        return blocks if level == 1 else f"{self.label()}{'#' * level} {self.title()}\n\n{blocks}"

    def label(self) -> str:
        if self.hidden or self.random.random() < 0.5:
            return ""
        name = self.of("l", "a-b", "label") + str(self.random.getrandbits(30))
        self.labels.append(name)
        return f"({name})=\n\n"

    # ---- words

    def phrase(self) -> str:
        self.said = self.of(*(words for words in WORDS if words != self.said))
        return self.said

    def line(self) -> str:
        return "".join(self.some(lambda: self.of(self.phrase, self.mark, self.phrase)(), 5)) + "。"

    def mark(self) -> str:
        return self.of(
            lambda: f" **{self.of(*WORDS[:4])}** ",
            lambda: f" *{self.phrase()}* ",
            lambda: f"`{self.of(*LATIN)}`",
            lambda: self.of(*LATIN),
            lambda: f"[{self.phrase()}]({self.of(*TARGETS)})",
            lambda: f"<{TARGETS[0]}>",
            lambda: f"[{self.phrase()}](#{self.some_label()})",
            lambda: "{quote}`没有制度创新，科技创新就无从依附`",
            lambda: "{gloss}`产业链`",
            lambda: f"{{kbd}}`{self.phrase()}`",
            lambda: f"{{only-html}}`{self.phrase()}`",
            lambda: f"{{only-meeting}}`{self.phrase()}`",
            lambda: f"{{sub}}`{self.phrase()}`",
            lambda: f"{{abbr}}`GDP ({self.phrase()})`",
            lambda: f"{{bdg-primary}}`{self.phrase()}`",
            lambda: "{doc}`source`",
            lambda: f"{{ref}}`{self.phrase()} <{self.some_label()}>`",
            lambda: f"![{self.phrase()}](images/{self.image()})",
            self.note,
            lambda: f"[**{self.phrase()}**]({self.of(*TARGETS)})",
            lambda: f" **[{self.phrase()}]({self.of(*TARGETS)})** ",
            lambda: f"\\{self.of(*'*_`#[')}",
            lambda: f"{{strong}}`{self.phrase()}`",
            lambda: f"{{code}}`{self.of(*LATIN)}`",
            lambda: f"[![{self.phrase()}](images/{self.image()})](https://a.cn/)",
        )()

    def inline(self) -> str:
        """A mark that may stand in a cell or a title."""
        return next(
            mark for mark in iter(self.mark, "") if not re.search(r"[|\\,\n]", mark)
        ).rstrip()

    def some_label(self) -> str:
        return self.of(*self.labels) if self.labels else "index"

    def image(self) -> str:
        return self.of("circle.svg", "dot.png")

    def note(self) -> str:
        self.notes.append(self.of("n", "注", "n.") + str(len(self.notes)))
        return f"[^{self.notes[-1]}]"

    def after_note(self) -> str:
        return "\n\n    - " + self.phrase() + "\n    - " + self.phrase()

    # ---- blocks

    def block(self, depth: int) -> str:
        simple = (
            self.line,
            self.line,
            self.listed,
            self.drawn_table,
            self.code,
            self.quoted,
            self.definitions,
            self.image_block,
            self.figure,
            self.list_table,
            self.csv_table,
            self.rubric,
            lambda: ":::{quote} 3.1\n:::",
            lambda: f"{self.line()}\n\n---\n\n{self.line()}",
            lambda: "```{data-table} positionings\n```",
            lambda: "% 注释",
            lambda: "[^x]: 没有人引用的脚注。" if self.random.random() < 0.02 else self.line(),
        )
        boxes = (
            self.admonition,
            self.card,
            self.grid,
            self.tabs,
            self.steps,
            self.dropdown,
            self.only,
            self.div,
        )
        block = self.of(*simple, *(lambda box=box: box(depth - 1) for box in boxes if depth))()
        return f"{self.label()}{block}" if self.random.random() < 0.1 else block

    def fenced(self, head: str, body: str) -> str:
        """With more colons than any block inside has."""
        most = max((len(line) - len(line.lstrip(":")) for line in body.split("\n")), default=0)
        marks = ":" * max(3, most + 1)
        return f"{marks}{head.strip()}\n{body}\n{marks}"

    def inside(self, depth: int) -> str:
        return "\n\n".join(self.some(lambda: self.block(depth), 2))

    def options(self, name: str, *more: str) -> str:
        """Some of all that a block may have, and `more`."""
        chosen = [
            f":{key}: {self.value(value)}".strip()
            for key, value in blocks.BLOCKS[name].options.items()
            if self.random.random() < 0.15 and key not in (*APART, *["name"] * self.hidden)
        ]
        chosen += [option for option in more if self.random.random() < 0.25]
        return "".join(f"{option}\n" for option in chosen) + ("\n" if chosen else "")

    def value(self, value: blocks.Value) -> str:
        if value == blocks.WORDS:
            return self.phrase()
        if value == blocks.NAME:
            return f"n{self.random.getrandbits(40)}"
        return self.of(
            *SAMPLES.get(value)
            or [re.sub(r"\\(.)", r"\1", word) for word in value.pattern.split("|")]
        )

    def admonition(self, depth: int) -> str:
        if self.random.random() < 0.3:
            return self.fenced(
                f"{{admonition}} {self.title()}", self.options("admonition") + self.inside(depth)
            )
        name = self.of(*NOTES)
        return self.fenced(
            f"{{{name}}}", self.options(name, ":class: dropdown") + self.inside(depth)
        )

    def title(self) -> str:
        return self.of(self.phrase(), self.phrase(), self.phrase() + self.inline())

    def card(self, depth: int) -> str:
        return self.fenced(
            f"{{card}} {self.of('', self.title())}", self.card_options("card") + self.inside(depth)
        )

    def card_options(self, name: str) -> str:
        link = self.of(
            "",
            "",
            "",
            ":link: https://a.cn/?x=1&copy=2\n",
            ":link: source\n:link-type: doc\n",
            f":link: {self.some_label()}\n:link-type: ref\n:link-alt: {self.phrase()}\n",
        )
        return (
            f":img-alt: {self.phrase()}\n{link}"
            + self.options(name).replace("\n:img-alt: ", "\n:link-alt: ")
            + "\n"
        )

    def grid(self, depth: int) -> str:
        def item() -> str:
            if self.random.random() < 0.5:
                return self.fenced("{grid-item}", self.options("grid-item") + self.inside(depth))
            return self.fenced(
                f"{{grid-item-card}} {self.of('', self.title())}",
                self.card_options("grid-item-card") + self.inside(depth),
            )

        return self.fenced(
            f"{{grid}} {self.of('', '2', '1 2 3 4')}",
            self.options("grid") + "\n\n".join(self.some(item)),
        )

    def tabs(self, depth: int) -> str:
        return self.fenced(
            "{tab-set}",
            self.options("tab-set")
            + "\n\n".join(
                self.some(
                    lambda: self.fenced(
                        f"{{tab-item}} {self.title()}",
                        self.options("tab-item") + self.inside(depth),
                    )
                )
            ),
        )

    def steps(self, depth: int) -> str:
        return self.fenced(
            "{steps}",
            self.options("steps")
            + "\n\n".join(
                self.some(
                    lambda: self.fenced(
                        f"{{step}} {self.title()}", self.options("step") + self.inside(depth)
                    )
                )
            ),
        )

    def dropdown(self, depth: int) -> str:
        return self.fenced(
            f"{{dropdown}} {self.of('', self.title())}",
            self.options("dropdown", ":icon: info") + self.inside(depth),
        )

    def only(self, depth: int) -> str:
        self.hidden += 1
        block = self.fenced(
            f"{{only}} {self.of('html', 'meeting', 'not html')}", self.inside(depth)
        )
        self.hidden -= 1
        return block

    def div(self, depth: int) -> str:
        name = self.of("div", "topic", "sidebar")
        title = "" if name == "div" else self.title()
        more = [f":subtitle: {self.phrase()}"] if name == "sidebar" else []
        return self.fenced(f"{{{name}}} {title}", self.options(name, *more) + self.inside(depth))

    def listed(self) -> str:
        mark = self.of("- ", "1. ", "7. ", "* ")
        indent = " " * len(mark)
        items = []
        for _ in range(self.random.randint(1, 4)):
            inner = self.of(
                "", "", "- " + self.phrase(), self.code(), self.line(), self.drawn_table()
            )
            lines = f"{self.line()}\n\n{inner}".strip().split("\n")
            items.append(mark + f"\n{indent}".join(lines).replace(f"\n{indent}\n", "\n\n"))
        return "\n".join(items)

    def drawn_table(self) -> str:
        columns = self.random.randint(1, 10)
        rows = [
            [self.of("", self.phrase(), self.inline()) for _ in range(columns)]
            for _ in range(self.random.randint(1, 4))
        ]
        lines = [rows[0], [self.of("---", ":-:", "--:")] * columns, *rows[1:]]
        return "\n".join("| " + " | ".join(row) + " |" for row in lines)

    def code(self) -> str:
        language = self.of(*LANGUAGES)
        name = self.of("", "", "code-block", "code")
        info = (
            f"{{{name}}} {language or 'text'}\n{self.options(name, *[':emphasize-lines: 1,3'] * (name == 'code-block'))}".rstrip()
            if name
            else language
        )
        return f"```{info}\n{self.of(*LATIN)} = 1\n\n    {self.phrase()}\n```"

    def quoted(self) -> str:
        return "\n".join(
            "> " + line if line else ">"
            for line in f"{self.line()}\n\n- {self.phrase()}".replace("\\\n", "").split("\n")
        )

    def definitions(self) -> str:
        return "\n\n".join(
            self.some(lambda: f"{self.phrase()}\n: {self.line()}".replace("\\\n", ""))
        )

    def image_block(self) -> str:
        return (
            f"```{{image}} images/{self.image()}\n:alt: {self.phrase()}\n{self.options('image')}```"
        )

    def figure(self) -> str:
        return f"```{{figure}} images/{self.image()}\n:alt: {self.phrase()}\n{self.options('figure')}\n{self.title()}\n\n{self.of('', self.line())}\n```"

    def list_table(self) -> str:
        columns = self.random.randint(2, 5)
        rows = [
            [self.of(self.phrase(), self.inline(), "") for _ in range(columns)]
            for _ in range(self.random.randint(2, 4))
        ]
        body = "\n".join("* - " + "\n  - ".join(row) for row in rows).replace("- \n", "-\n")
        widths = f":widths: {' '.join('1' for _ in range(columns))}"
        return self.fenced(
            f"{{list-table}} {self.of('', self.title())}",
            self.options("list-table", ":header-rows: 1", ":stub-columns: 1").replace(
                ":widths: auto", widths
            )
            + body.rstrip(),
        )

    def csv_table(self) -> str:
        rows = f"{self.of(self.phrase(), self.inline())},二"
        return self.fenced(
            f"{{csv-table}} {self.of('', self.title())}",
            self.options("csv-table", ":header: 甲,乙") + rows,
        )

    def rubric(self) -> str:
        return self.fenced(f"{{rubric}} {self.title()}", self.options("rubric").rstrip("\n"))


def damaged(random: Random, text: str) -> str:
    """A chapter after one slip or a few: lines and characters lost, doubled, moved, or put where they do not belong."""
    lines = text.split("\n")
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        place, other = random.randrange(len(lines)), random.randrange(len(lines))
        line, slip = lines[place], random.choice(SLIPS)
        at = random.randrange(len(line) + 1)
        lines[place : place + 1] = random.choice((
            [], [slip, line], [lines[other], line], [line[:at] + slip + line[at:]], [line[:at] + line[at + 1 :]], [slip + line], [line.lstrip()], [line[:at], line[at:]],
        )) or [""] * (len(lines) == 1)  # fmt: skip
    return "\n".join(lines)
