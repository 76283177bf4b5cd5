"""Scripts made smaller and older still say the same."""

from __future__ import annotations

import pytest

from explainer.sphinx.script import lowered, parsed, shortened
from explainer.sphinx.site import THEME


def leaves(script: str) -> list[str]:
    """The words of a script in order, comments left out."""

    def visit(node):
        if node.type == "comment":
            return
        if not node.children:
            yield node.text.decode()
        for child in node.children:
            yield from visit(child)

    return [word for word in visit(parsed(script.encode())) if word.strip()]


@pytest.mark.parametrize(
    "path", sorted((THEME / "static").glob("*.js")), ids=lambda path: path.name
)
def test_a_shortened_script_has_the_same_words(path) -> None:
    script = path.read_text("utf-8")
    short = shortened(script)
    assert leaves(short) == leaves(script) and len(short) < 0.8 * len(script)


def test_what_only_looks_like_a_comment_or_a_blank_stays() -> None:
    script = 'const a = "//  x", b = /[/*  ]/, c = `/*  ${a /* y */}  */`; // z\nlet d = a + +b;\nreturn\nd'
    short = shortened(f"() => {{ {script} }}")
    assert (
        '"//  x"' in short
        and "/[/*  ]/" in short
        and "`/*  ${a /* y */}  */`" in short
        and "z" not in short
    )
    assert "a+ +b" in short and "return\nd" in short


def test_what_is_no_script_is_refused() -> None:
    with pytest.raises(ValueError):
        shortened("const = ;")


def test_newer_words_are_replaced_by_older_ones() -> None:
    script = b"class A { #x = 1; get x() { return this.#x } } a.b[c] ??= d ? e : f; g ??= h ??= [];"
    old = lowered(script)
    assert b"??=" not in old and b"#" not in old
    assert b"(a.b[c]??(a.b[c]=d ? e : f));" in old and b"(g??(g=(h??(h=[]))));" in old
    assert lowered(b"const a = '??=#x';") == b"const a = '??=#x';"
