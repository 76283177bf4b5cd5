"""Random chapters out of what the checks allow, in whatever order and depth."""

from __future__ import annotations

from random import Random

WORDS = ("一句话", "另一句话", "说明", "例子", "很长的一段话，说了又说，还没有说完，再说一遍", "“引号里的话”", "《书名》", "（括号）", "编者的话——破折号")
LATIN = ("WPS", "Excel", "abcdefghij" * 7, "GDP", "https", "a_b_c", "x*y", "A&B", "C++")
NOTES = ("note", "warning", "tip", "important", "hint", "caution", "attention", "danger", "error", "seealso")
LANGUAGES = ("python", "text", "", "json", "bash", "css")
TARGETS = (
    "https://a.cn/?x=1&y=2", "https://a.cn/甲", "mailto:a@b.cn", "tel:12345", "source.md", "glossary.md", "index.md", "images/circle.svg",
    "https://a.cn/" + "b" * 90, "https://a.cn/(a)", "<https://a.cn/a b>",
)


class Chapter:
    """Writes one chapter, and remembers its labels and footnotes."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.labels: list[str] = []
        self.notes: list[str] = []

    def text(self) -> str:
        body = "\n\n".join(self.section(level) for level in self.levels())
        used = [name for name in self.notes if f"[^{name}]" in body]
        notes = "".join(f"\n\n[^{name}]: {self.phrase()}。{self.of('', '', self.after_note())}" for name in used)
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
        return blocks if level == 1 else f"{self.label()}{'#' * level} {self.phrase()}{self.of('', self.mark())}\n\n{blocks}"

    def label(self) -> str:
        if self.random.random() < 0.5:
            return ""
        name = self.of("l", "a-b", "label") + str(self.random.getrandbits(30))
        self.labels.append(name)
        return f"({name})=\n\n"

    # ---- words

    def phrase(self) -> str:
        return self.of(*WORDS)

    def line(self) -> str:
        return "".join(self.some(lambda: self.of(self.phrase, self.mark, self.phrase)(), 5)) + "。"

    def mark(self) -> str:
        return self.of(
            lambda: f" **{self.of(*WORDS[:4])}** ", lambda: f"*{self.phrase()}*", lambda: f"`{self.of(*LATIN)}`", lambda: self.of(*LATIN),
            lambda: f"[{self.phrase()}]({self.of(*TARGETS)})", lambda: f"<{TARGETS[0]}>", lambda: f"[{self.phrase()}](#{self.some_label()})",
            lambda: "{quote}`没有制度创新，科技创新就无从依附`", lambda: "{gloss}`产业链`", lambda: f"{{kbd}}`{self.phrase()}`",
            lambda: f"{{only-html}}`{self.phrase()}`", lambda: f"{{only-meeting}}`{self.phrase()}`", lambda: f"{{sub}}`{self.phrase()}`",
            lambda: f"{{abbr}}`GDP ({self.phrase()})`", lambda: f"{{bdg-primary}}`{self.phrase()}`", lambda: "{doc}`source`",
            lambda: f"{{ref}}`{self.phrase()} <{self.some_label()}>`", lambda: f"![{self.phrase()}](images/{self.image()})", self.note,
            lambda: f"[**{self.phrase()}**]({self.of(*TARGETS)})", lambda: f"**[{self.phrase()}]({self.of(*TARGETS)})**",
            lambda: f"\\{self.of(*'*_`#[')}", lambda: f"{{strong}}`{self.phrase()}`", lambda: f"{{code}}`{self.of(*LATIN)}`",
            lambda: f"[![{self.phrase()}](images/{self.image()})](https://a.cn/)",
        )()

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
            self.line, self.line, self.listed, self.drawn_table, self.code, self.quoted, self.definitions, self.image_block, self.figure,
            self.list_table, self.csv_table, self.rubric, lambda: ":::{quote} 3.1\n:::", lambda: f"{self.line()}\n\n---\n\n{self.line()}", lambda: "```{data-table} positionings\n```",
            lambda: "% 注释", lambda: "[^x]: 没有人引用的脚注。" if self.random.random() < 0.02 else self.line(),
        )
        boxes = (self.admonition, self.card, self.grid, self.tabs, self.steps, self.dropdown, self.only, self.div)
        return self.of(*simple, *(lambda box=box: box(depth - 1) for box in boxes if depth))()

    def fenced(self, head: str, body: str) -> str:
        """With more colons than any block inside has."""
        most = max((len(line) - len(line.lstrip(":")) for line in body.split("\n")), default=0)
        marks = ":" * max(3, most + 1)
        return f"{marks}{head}\n{body}\n{marks}"

    def inside(self, depth: int) -> str:
        return "\n\n".join(self.some(lambda: self.block(depth), 2))

    def options(self, *choices: str) -> str:
        chosen = [choice for choice in choices if self.random.random() < 0.25]
        return "".join(f"{choice}\n" for choice in chosen) + ("\n" if chosen else "")

    def admonition(self, depth: int) -> str:
        if self.random.random() < 0.3:
            return self.fenced(f"{{admonition}} {self.phrase()}", self.options(":class: tip") + self.inside(depth))
        return self.fenced(f"{{{self.of(*NOTES)}}}", self.options(":class: dropdown") + self.inside(depth))

    def card(self, depth: int) -> str:
        picture = f":img-top: images/{self.image()}\n:img-alt: {self.phrase()}\n" if self.random.random() < 0.3 else ""
        link = self.of("", "", ":link: https://a.cn/?x=1&copy=2\n", ":link: source\n:link-type: doc\n")
        return self.fenced(f"{{card}} {self.of('', self.phrase())}", f"{picture}{link}{self.options(':shadow: none', ':text-align: center')}\n{self.inside(depth)}")

    def grid(self, depth: int) -> str:
        def item() -> str:
            return self.fenced(self.of("{grid-item}", f"{{grid-item-card}} {self.phrase()}"), self.inside(depth))

        return self.fenced(f"{{grid}} {self.of('', '2', '1 2 3 4')}", self.options(":gutter: 2") + "\n\n".join(self.some(item)))

    def tabs(self, depth: int) -> str:
        return self.fenced("{tab-set}", "\n\n".join(self.some(lambda: self.fenced(f"{{tab-item}} {self.phrase()}", self.options(":sync: a") + self.inside(depth)))))

    def steps(self, depth: int) -> str:
        return self.fenced("{steps}", "\n\n".join(self.some(lambda: self.fenced(f"{{step}} {self.phrase()}", self.inside(depth)))))

    def dropdown(self, depth: int) -> str:
        return self.fenced(f"{{dropdown}} {self.of('', self.phrase())}", self.options(":open:", ":color: primary", ":icon: info") + self.inside(depth))

    def only(self, depth: int) -> str:
        return self.fenced(f"{{only}} {self.of('html', 'meeting', 'not html')}", self.inside(depth))

    def div(self, depth: int) -> str:
        name = self.of("{div}", "{topic} " + self.phrase(), "{sidebar} " + self.phrase())
        return self.fenced(name, self.inside(depth))

    def listed(self) -> str:
        mark = self.of("- ", "1. ", "7. ", "* ")
        indent = " " * len(mark)
        items = []
        for _ in range(self.random.randint(1, 4)):
            inner = self.of("", "", "- " + self.phrase(), self.code(), self.line(), self.drawn_table())
            lines = f"{self.line()}\n\n{inner}".strip().split("\n")
            items.append(mark + f"\n{indent}".join(lines).replace(f"\n{indent}\n", "\n\n"))
        return "\n".join(items)

    def drawn_table(self) -> str:
        columns = self.random.randint(1, 12)
        rows = [[self.of("", self.phrase(), self.mark().replace("\n", "").replace("|", "").replace("\\", "")) for _ in range(columns)] for _ in range(self.random.randint(1, 4))]
        lines = [rows[0], [self.of("---", ":-:", "--:")] * columns, *rows[1:]]
        return "\n".join("| " + " | ".join(row) + " |" for row in lines)

    def code(self) -> str:
        info = self.of(self.of(*LANGUAGES), f"{{code-block}} {self.of('python', 'text')}\n:caption: {self.phrase()}\n:linenos:\n")
        return f"```{info}\n{self.of(*LATIN)} = 1\n\n    {self.phrase()}\n```"

    def quoted(self) -> str:
        return "\n".join("> " + line if line else ">" for line in f"{self.line()}\n\n- {self.phrase()}".replace("\\\n", "").split("\n"))

    def definitions(self) -> str:
        return "\n\n".join(self.some(lambda: f"{self.phrase()}\n: {self.line()}".replace("\\\n", "")))

    def image_block(self) -> str:
        return f"```{{image}} images/{self.image()}\n:alt: {self.phrase()}\n{self.options(':width: 50%', ':align: center', ':height: 2em')}```"

    def figure(self) -> str:
        return f"```{{figure}} images/{self.image()}\n:alt: {self.phrase()}\n{self.options(':width: 120px', ':name: f%d' % self.random.getrandbits(30))}\n{self.phrase()}\n\n{self.of('', self.line())}\n```"

    def list_table(self) -> str:
        columns = self.random.randint(2, 5)
        rows = [[self.of(self.phrase(), self.mark().replace("\n", "").replace("\\", ""), "") for _ in range(columns)] for _ in range(self.random.randint(2, 4))]
        body = "\n".join("* - " + "\n  - ".join(row) for row in rows)
        return f"```{{list-table}} {self.of('', self.phrase())}\n{self.options(':header-rows: 1', ':stub-columns: 1')}\n{body}\n```"

    def csv_table(self) -> str:
        return f"```{{csv-table}} {self.of('', self.phrase())}\n:header: 甲,乙\n\n{self.phrase()},二\n```".replace("，", "、")

    def rubric(self) -> str:
        return f"```{{rubric}} {self.phrase()}\n```"
