"""The result of a comparison: pages to read in _build/compare/, and a summary for a pull request."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from .. import security, style
from ..sphinx.site import THEME
from ..text import Unit
from . import paper
from .changes import Changes, ChartChange, Passage
from .paper import Paper
from .product import FRAME_TITLE, Product

MOST = 12  # passages in the summary
CONTEXT = 24  # characters of unchanged words beside a change in the summary
LONGEST = 160  # characters of one passage there

LOOK = "网站的样式或脚本有变化：文字对照里看不出来，请打开前后两个网站，手机和电脑的宽度都看一看"

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write(
    changes: Changes,
    before: Product,
    after: Product,
    base: str,
    folder: Path,
    sentences: dict[str, Unit],
) -> Path:
    """Puts index.html, summary.md, and both books into `folder`; an earlier result stays until this one is whole."""
    staging = folder.with_name(".compare")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    printed = None
    if before.pdf and after.pdf:
        printed = paper.compare(before.pdf, after.pdf, staging / "pages")
    for side, product in (("before", before), ("after", after)):
        if product.html:
            shutil.copytree(product.html, staging / side)
    for chart in changes.charts:
        _drawings(chart, staging / "charts")
    sheet = style.css() + (THEME / "site.css").read_text("utf-8")
    (staging / "site.css").write_text(sheet, "utf-8")
    shutil.copy(Path(__file__).parent / "compare.css", staging)
    context = {"changes": changes, "before": before, "after": after, "base": base, "paper": printed}
    context |= {"sentences": sentences, "security": security.CONTENT}
    page = _TEMPLATES.get_template("compare.html").render(**context)
    (staging / "index.html").write_text(page, "utf-8")
    (staging / "summary.md").write_text(summary(changes, before, printed, base), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    return staging.rename(folder)


def begin(findings: list[str], folder: Path) -> None:
    """Puts what `check` says into a summary that is there before anything is built; an earlier result goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    said = _findings("检查意见", findings) or ["检查没有发现问题。", ""]
    lines = [
        "## 这次改动，读者会看到什么",
        "",
        *said,
        "对照还没有做好；一直停在这里的，就是没有做成，原因在运行记录里。",
        "",
    ]
    (folder / "summary.md").write_text("\n".join(lines), "utf-8")


def _drawings(chart: ChartChange, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for side, drawn in (("before", chart.old), ("after", chart.new)):
        if drawn:
            (folder / f"{drawn.name}-{side}.svg").write_text(drawn.drawing, "utf-8")


def headline(changes: Changes, printed: Paper | None) -> str:
    """One line: how much of what."""
    counts = [
        (len(changes.pages), "页文字"),
        (len(changes.charts), "张图"),
        (len(changes.tables), "个表格"),
        (len(printed.changes) if printed else 0, "页 PDF"),
    ]
    if changes.fault:
        return "改动以后的书没有生成成功，请先改好下面各处。"
    parts = [f"{number} {what}" for number, what in counts if number] + (
        ["网站的样式或脚本"] if changes.look else []
    )
    return f"有变化：{'、'.join(parts)}。" if parts else "读者看到的没有变化。"


def summary(changes: Changes, before: Product, printed: Paper | None, base: str) -> str:
    """Short Markdown; what comes from the book stands in code blocks, where nothing of it can act."""
    lines = ["## 这次改动，读者会看到什么", "", f"与 {base}相比，{headline(changes, printed)}", ""]
    lines += _findings("新出现的检查意见", changes.findings)
    if changes.fault and not changes.findings:
        lines += [*_fenced(changes.fault.splitlines()[:MOST]), ""]
    if before.fault:
        lines += [
            "改动前的书没有生成成功，所以只比较了表格和检查结果：",
            *_fenced(before.fault.splitlines()[:3]),
            "",
        ]
    lines += _pages(changes)
    for chart in changes.charts:
        lines.append(f"- 图 {_code(chart.title)}：{chart_kind(chart)}")
    for table in changes.tables:
        counts = [
            (kind, sum(row.kind == kind for row in table.rows)) for kind in ("新增", "删去", "改动")
        ]
        said = "、".join(f"{kind} {number} 行" for kind, number in counts if number) or "各列有变化"
        lines.append(f"- 表格 {_code(table.file)}：{said}")
    if printed:
        lines.append(f"- {paper_kind(printed)}")
    if changes.look:
        lines.append(f"- {LOOK}")
    used = [use.id for use in changes.uses if not use.before]
    unused = [use.id for use in changes.uses if not use.after]
    if used:
        lines.append(f"- 新用到的原文：{'、'.join(used)}")
    if unused:
        lines.append(f"- **不再用到的原文**：{'、'.join(unused)}")
    if changes.mended:
        lines.append(f"- 改好了 {len(changes.mended)} 条检查意见")
    return "\n".join(
        [*lines, "", "逐段对照、图和 PDF 的前后样子，见附件“compare”里的 `index.html`。", ""]
    )


def _findings(title: str, findings: list[str]) -> list[str]:
    if not findings:
        return []
    more = [f"……另有 {len(findings) - MOST} 条"] if len(findings) > MOST else []
    return [f"**{title}（{len(findings)} 条）**", *_fenced([*findings[:MOST], *more]), ""]


def _pages(changes: Changes) -> Iterator[str]:
    shown = 0
    for page in changes.pages:
        name = (
            FRAME_TITLE
            if page.title == FRAME_TITLE
            else _code(f"{(page.new or page.old).name}.html")
        )
        if page.old is None:
            yield f"**新增一页：{name}**，共 {len(page.passages)} 段"
        elif page.new is None:
            yield f"**删去一页：{name}**，共 {len(page.passages)} 段"
        else:
            yield f"**{name}，{len(page.passages)} 处**" if page.passages else f"**{name}**"
            if page.renamed:
                reminder = (
                    "旧网址已经转过来" if page.redirected else "记得在 `_config.yml` 里写转址"
                )
                yield f"网址从 {_code(page.old.name + '.html')} 改成了 {name}：{reminder}。"
            passages = page.passages[: max(0, MOST - shown)]
            shown += len(passages)
            if passages:
                yield from _fenced(
                    [line for passage in passages for line in _difference(passage)], "diff"
                )
            if len(passages) < len(page.passages):
                yield f"……另有 {len(page.passages) - len(passages)} 处，见附件。"
        yield ""


def _difference(passage: Passage) -> Iterator[str]:
    """A passage as lines of a diff, with as much of the unchanged words as tells where it is."""
    for mark, own, text in (("-", "gone", passage.before), ("+", "new", passage.after)):
        if not text:
            continue
        parts = [
            _abridged(piece.text)
            if piece.kind == "same" and passage.before and passage.after
            else piece.text
            for piece in passage.pieces
            if piece.kind in ("same", own)
        ]
        line = "".join(parts)
        yield f"{mark} {line[:LONGEST]}{'……' if len(line) > LONGEST else ''}"


def _abridged(text: str) -> str:
    return text if len(text) <= 2 * CONTEXT else f"{text[:CONTEXT]}……{text[-CONTEXT:]}"


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"


def _fenced(lines: list[str], language: str = "text") -> list[str]:
    return [f"```{language}", *(line.replace("```", "'''") for line in lines), "```"]


def chart_kind(chart: ChartChange) -> str:
    """What about a chart changed."""
    if chart.old is None:
        return "新增"
    if chart.new is None:
        return "删去"
    if chart.only_live:
        return "图面没有变，点开以后的互动有变化"
    parts = [(chart.drawn_anew, "图面"), (chart.words, "文字"), (chart.rows, "数据表")]
    return f"{'、'.join(name for changed, name in parts if changed)}有变化"


def paper_kind(printed: Paper) -> str:
    """What about the PDF changed."""
    before, after = printed.pages
    length = f"共 {after} 页" if before == after else f"从 {before} 页变为 {after} 页"
    if not printed.changes:
        return f"会议版 PDF 没有变化（{length}）"
    moved = f"，另有 {printed.renumbered} 页只是页码变了" if printed.renumbered else ""
    return f"会议版 PDF {length}，{len(printed.changes)} 页的样子有变化{moved}"


_TEMPLATES.globals |= {
    "LOOK": LOOK,
    "headline": headline,
    "chart_kind": chart_kind,
    "paper_kind": paper_kind,
}
