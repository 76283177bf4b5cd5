"""This book with many more chapters, to see how the time to build it grows with them.

    .venv/bin/python tests/scale.py 10 50 200            text only
    .venv/bin/python tests/scale.py --charts 10 50 200   a chart in each

Prints for each number the seconds of a first build and of one with nothing changed, and in brackets the
seconds of processor time, which a busy machine does not lengthen.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from charts import FIGURES
from explainer.paths import ROOT
from explainer.project import current

PARTS = ("_config.yml", "_toc.yml", "CHANGELOG.md", "book", "data", "requirements.txt", "scripts")
FRONT_MATTER = """---
description: 试验的一章，只用来量时间。
file_format: mystnb
kernelspec:
  display_name: Python 3
  name: python3
---

"""
CHAPTER = """(trial-{n})=
# 试验的第{n}章

这一章只用来量时间，没有别的意思。下面引一段原文，再说几句话。

(trial-{n}-first)=
## 原文怎么说？

:::{{quote}} {paragraph}
:::

这一段写的是{{quote}}`{words} <{sentence}>`。上一章见[前面](trial-{before}.md)。

- 第一件事：先读原文。
- 第二件事：再读编者的话。

(trial-{n}-second)=
## 还有什么？

{chart}

没有别的了。这句话写得长一些，好让这一页与书里别的页差不多长，读的、写的、查的时间也就差不多。
"""
# No two cells are alike (`apart`: so many blank lines), or their outputs would be shared.
CHART = """```{{code-cell}} python
:tags: [remove-input]
import charts
{apart}charts.{name}()
```"""


def make(root: Path, chapters: int, *, charts: bool = False) -> None:
    """Writes the book with so many chapters more into `root`."""
    root.mkdir(parents=True)
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, root / part)
    for n in range(1, chapters + 1):
        (root / "book" / f"trial-{n}.md").write_text(_chapter(n, charts), encoding="utf-8")
    with (root / "_toc.yml").open("a", encoding="utf-8") as toc:
        toc.write("  - caption: 试验\n    chapters:\n")
        toc.writelines(f"      - file: trial-{n}\n" for n in range(1, chapters + 1))


def _chapter(n: int, charts: bool) -> str:
    paragraphs = list(current().source.paragraphs.values())
    sentence = paragraphs[n % len(paragraphs)].parts[0]
    names = [name.replace("-", "_") for name in FIGURES]
    chart = CHART.format(name=names[n % len(names)], apart="\n" * n) if charts else "这里没有图。"
    text = CHAPTER.format(
        n=n,
        before=max(1, n - 1),
        paragraph=paragraphs[n % len(paragraphs)].id,
        words=sentence.text[:12],
        sentence=sentence.id,
        chart=chart,
    )
    return FRONT_MATTER + text


def build(root: Path) -> subprocess.CompletedProcess[str]:
    """As `book.py build` does, with the code of that book and the environment of this one."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "explainer.cli", "build"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(root / "scripts"), "PYTHONUTF8": "1"},
    )


def _measured(root: Path) -> str:
    started, before = time.monotonic(), os.times()
    result = build(root)
    if result.returncode:
        raise SystemExit(result.stdout + result.stderr)
    after = os.times()
    spent = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return f"{time.monotonic() - started:7.1f} ({spent:5.1f})"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--charts", action="store_true")
    parser.add_argument("numbers", nargs="+", type=int)
    arguments = parser.parse_args()
    print("chapters           first           again")
    for number in arguments.numbers:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder, "book")
            make(root, number, charts=arguments.charts)
            print(f"{number:8} {_measured(root)} {_measured(root)}", flush=True)


if __name__ == "__main__":
    main()
