"""The built files against the promise: nothing newer than the browsers named in book/accessibility.md, unless there is
something older beside it. Reading files proves less than running engines (tests/browsers), but runs always.

Everything works from Chromium 86, Safari 14.1 and Firefox 78; text, pictures, tables, navigation and links from
Chromium 69 and Safari 12. So sheets and the site's own scripts are read by the older three, Vega by the newer three.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tinycss2
from tree_sitter import Query, QueryCursor

from explainer.sphinx.script import LANGUAGE, parsed

# What came later than the older three (Chromium 69, Safari 12, Firefox 78), and the versions that brought it.
SYNTAX = {
    "(optional_chain)": "?. (80 / 13.1 / 74)",
    '(binary_expression operator: "??")': "?? (80 / 13.1 / 72)",
    "(field_definition)": "class fields (72 / 14 / 69)",
    "(call_expression function: (import))": "import() (63 / 11.1 / 67), never needed here",
    '((number) @it (#match? @it "[_n]$|_"))': "1n, 1_000 (75 / 14 / 70)",
}
# What came later than the newer three as well.
SYNTAX_FOR_VEGA = {
    '(augmented_assignment_expression operator: ["??=" "||=" "&&="])': "??= (85 / 14 / 79)",
    "(private_property_identifier)": "#x (84 / 15 / 90)",
    "(class_static_block)": "static {} (94 / 16.4 / 93)",
    '((regex_pattern) @it (#match? @it "[(][?]<[=!]"))': "lookbehind (62 / 16.4 / 78)",
    '((regex_flags) @it (#match? @it "[dv]"))': "regex flags d, v (90 / 15 / 88)",
    "(program (expression_statement (await_expression)))": "top-level await (89 / 15 / 89)",
}
NAMES = {
    r"\.replaceChildren\b": "86 / 14 / 78",
    r"\bObject\.hasOwn\b": "93 / 15.4 / 92",
    r"\bstructuredClone\b": "98 / 15.4 / 94",
    r"\.(?:at|findLast|findLastIndex)\(": "92 / 15.4 / 90",
    r"\.(?:toSorted|toReversed|toSpliced|with)\(": "110 / 16 / 115",
    r"\.replaceAll\(": "85 / 13.1 / 77",
    r"\.matchAll\(": "73 / 13 / 67",
    r"\bObject\.(?:fromEntries|groupBy)\b": "73 / 12.1 / 63",
    r"\bPromise\.(?:allSettled|any|withResolvers)\b": "76 / 13 / 71",
    r"\bglobalThis\b": "71 / 12.1 / 65",
    r"\bqueueMicrotask\b": "71 / 12.1 / 69",
    r"\bResizeObserver\b": "64 / 13.1 / 69",
    r"\bIntl\.(?:Segmenter|ListFormat)\b": "87 / 14.1 / 125",
    r"\bAbortSignal\.": "103 / 16 / 100",
    r"\bCSS\.highlights\b": "105 / 17.2 / 140",
    r"\.checkVisibility\(": "105 / 17.4 / 106",
    r":is\(": "88 / 14 / 78",
    r":where\(": "88 / 14 / 78",
    r":has\(": "105 / 15.4 / 121",
    r":focus-visible": "86 / 15.4 / 85",
}
SELECTORS = {
    ":where(": "88 / 14 / 78",
    ":has(": "105 / 15.4 / 121",
    "::details-content": "131 / 18.4 / 143",
    "::marker": "86 / 11.1 / 68",
    "::highlight(": "105 / 17.2 / 140",
    "::target-text": "89 / 18.2 / 131",
    ":user-invalid": "119 / 16.5 / 88",
    ":popover-open": "114 / 17 / 125",
    ":modal": "105 / 15.6 / 103",
    ":dir(": "120 / 16.4 / 49",
}
# Properties that place things: without them what readers see falls apart. The rest (text-wrap, accent-color …) may lack.
PROPERTIES = {
    "inset": "87 / 14.1 / 66",
    "aspect-ratio": "88 / 15 / 89",
    "translate": "104 / 14.1 / 72",
    "scale": "104 / 14.1 / 72",
    "rotate": "104 / 14.1 / 72",
    "zoom": "1 / 4 / 126",
    "field-sizing": "123 / – / –",
}
LOGICAL = re.compile(
    r"(?:margin|padding|border|inset)-(?:inline|block)|(?:inline|block)-size"
)  # 69–87 / 12.1–14.1
VALUES = {
    r"\b(?:min|max|clamp)\(": "79 / 11.1 / 75",
    r"\b(?:color-mix|light-dark|oklch|oklab|lab|lch)\(": "111 / 15 / 113",
    r"\d[dsl]v[hw]\b": "108 / 15.4 / 101",
    r"(?<!-)\bfit-content\b": "46 / 11 / 94",
    r"(?:^|\s)clip(?:\s|$)": "overflow: clip, 90 / 16 / 81",
    r"\bsubgrid\b": "117 / 16 / 71",
    r"\b(?:round|mod|rem)\(": "125 / 15.4 / 118",
}
AT_RULES = {
    "container": "105 / 16 / 110",
    "layer": "99 / 15.4 / 97",
    "scope": "118 / 17.4 / 128",
    "starting-style": "117 / 17.5 / 129",
}


def newer_syntax(script: bytes, queries: dict[str, str]) -> list[str]:
    root = parsed(script)
    return [
        f"{what}: {node.text.decode()[:60]}"
        for query, what in queries.items()
        for nodes in QueryCursor(Query(LANGUAGE, query if "@it" in query else f"{query} @it"))
        .captures(root)
        .values()
        for node in nodes
    ]


def newer_names(script: str) -> list[str]:
    """APIs and selectors that a script uses, unless it asks first whether they are there (`"x" in y`, `y.x ?`)."""
    found = []
    for pattern, versions in NAMES.items():
        for match in re.finditer(pattern, script):
            name = re.sub(r"\W", "", match[0])
            if not re.search(rf'"{name}" ?in |{name} ?(?:\?|&&|\|\|)|typeof [\w.]*{name}', script):
                found.append(
                    f"{match[0]} ({versions}): {script[match.start() - 30 : match.end() + 30]!r}"
                )
    return found


def newer_css(sheet: str) -> list[str]:
    """What the sheet says in words that the oldest browsers do not know, where nothing older stands beside it."""
    rules = list(_rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)))
    selectors = {part for prelude, _ in rules for part in _parts(prelude)}
    grids = {
        prelude
        for prelude, declarations in rules
        if "grid" in dict(declarations or ()).get("display", "")
    }
    found = [rule for rule, declarations in rules if declarations is None]
    for prelude, declarations in rules:
        if declarations is not None:
            found += [f"{problem} in {prelude[:80]}" for problem in _selector(prelude, selectors)]
            found += [
                f"{problem} in {prelude[:80]}"
                for problem in _declarations(declarations, prelude in grids)
            ]
    return found


def _rules(nodes):
    """(selector, declarations) of every rule; (what is wrong, None) for what the oldest browsers skip as a whole."""
    for node in nodes:
        if node.type == "at-rule":
            prelude = tinycss2.serialize(node.prelude)
            if node.lower_at_keyword in AT_RULES:
                yield f"@{node.lower_at_keyword} ({AT_RULES[node.lower_at_keyword]})", None
            if node.lower_at_keyword == "media":
                if re.search("[<>]", prelude):
                    yield f"@media {prelude} (104 / 16.4 / 63)", None
                yield from _rules(
                    tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                )
            # What stands under @supports is there for those who know it.
        elif node.type == "qualified-rule":
            yield (
                tinycss2.serialize(node.prelude).strip(),
                [
                    (item.lower_name, tinycss2.serialize(item.value).strip())
                    for item in tinycss2.parse_declaration_list(
                        node.content, skip_comments=True, skip_whitespace=True
                    )
                    if item.type == "declaration"
                ],
            )


def _parts(prelude: str) -> list[str]:
    """The selectors of a list; commas in brackets part none."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", prelude)]


def _selector(prelude: str, all_selectors: set[str]):
    parts = _parts(prelude)
    for words, versions in SELECTORS.items():
        if words in prelude:
            yield f"{words} ({versions})"
    for part in parts:
        if ":is(" in part and part.replace(":is(", ":-webkit-any(") not in all_selectors:
            yield ":is( (88 / 14 / 78)"
        ring = part.replace(":focus-visible", ":focus")
        if ring != part and ":not(:focus-visible)" not in part and ring not in all_selectors:
            yield ":focus-visible (86 / 15.4 / 85)"
        if re.search(r":not\([^()]*,", part):
            yield ":not(a, b) (88 / 9 / 84)"
    # A browser that does not know one member drops the whole list.
    known = [
        part
        for part in parts
        if not re.search(r"::?-(?:webkit|moz)-|:focus-visible|::marker", part)
    ]
    if known and len(known) < len(parts):
        yield "a list that some browsers drop as a whole"


def _declarations(declarations: list[tuple[str, str]], grid: bool):
    for at, (name, value) in enumerate(declarations):
        before = [words for other, words in declarations[:at] if other == name]
        if name in PROPERTIES:
            yield f"{name} ({PROPERTIES[name]})"
        if LOGICAL.match(name):
            yield f"{name} (69–87 / 12.1–14.1 / 41–66)"
        for pattern, versions in VALUES.items():
            if re.search(pattern, value) and not any(
                not re.search(pattern, words) for words in before
            ):
                yield f"{name}: {value} ({versions})"
        if name in ("gap", "row-gap", "column-gap") and not grid:
            yield f"{name} outside a grid (84 / 14.1 / 63)"


def test_the_sites_own_scripts_are_of_the_oldest_dialect(site: Path) -> None:
    scripts = [path for path in site.glob("_static/*.js") if not path.name.startswith("vega.")]
    assert len(scripts) >= 4
    for path in scripts:
        script = path.read_bytes()
        assert newer_syntax(script, SYNTAX | SYNTAX_FOR_VEGA) == [], path.name
        if not path.name.startswith("search-data."):
            assert newer_names(script.decode()) == [], path.name


def test_vega_can_be_read_wherever_everything_is_promised(site: Path) -> None:
    (vega,) = site.glob("_static/vega.*.js")
    assert newer_syntax(vega.read_bytes(), SYNTAX_FOR_VEGA) == []


def test_the_style_sheet_says_nothing_that_the_oldest_browsers_skip(site: Path) -> None:
    (sheet,) = site.glob("_static/site.*.css")
    assert newer_css(sheet.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "a?.b",
        "a ?? b",
        "a ??= b",
        "a ||= b",
        "class A { x = 1 }",
        "class A { #x() {} }",
        "class A { static { f() } }",
        "/(?<=a)b/",
        "/a/v",
        "1_000",
        "10n",
    ],
)
def test_newer_syntax_is_found(code: str) -> None:
    assert newer_syntax(
        f"f({code});".encode() if "class" not in code else code.encode(), SYNTAX | SYNTAX_FOR_VEGA
    )


@pytest.mark.parametrize(
    "code",
    [
        "a.replaceChildren(b)",
        "Object.hasOwn(a, b)",
        "structuredClone(a)",
        "a.at(-1)",
        'a.matches(":is(b, c)")',
        'document.querySelector("a:has(b)")',
        "a.replaceAll(b, c)",
        "a.checkVisibility()",
    ],
)
def test_newer_names_are_found(code: str) -> None:
    assert newer_names(code)


def test_a_name_that_is_asked_for_first_is_no_fault() -> None:
    assert newer_names('if ("checkVisibility" in node) node.checkVisibility()') == []


@pytest.mark.parametrize(
    "css",
    ["@media (width<=40rem){a{color:red}}", "@container (min-width:9px){a{color:red}}", "@layer x{a{color:red}}",
     ":is(h1,h2){color:red}", ":where(h1){color:red}", "label:has(:checked){color:red}", "a:focus-visible{outline:1px solid}",
     "details::details-content{display:block}", "p:not(.a,.b){color:red}", "a,b::-webkit-x{color:red}", "a{inset:0}",
     "a{width:min(1px,2px)}", "a{font-size:max(1rem,2vw)}", "a{width:clamp(1px,2px,3px)}", "a{display:flex;gap:1px}",
     "a{column-gap:1px}", "a{margin-inline:auto}", "a{height:100dvh}", "a{color:color-mix(in srgb,red,blue)}",
     "a{aspect-ratio:1}", "a{overflow:clip}", "a{width:fit-content}", "@media print{a{inset:0}}", "a,b{display:grid}a{gap:1px}"],
)  # fmt: skip
def test_newer_css_without_anything_older_is_found(css: str) -> None:
    assert newer_css(css)


@pytest.mark.parametrize(
    "css",
    ["@media (max-width:40rem){a{color:red}}", ":-webkit-any(h1,h2){x:y}:is(h1,h2){x:y}", "a{width:9px;width:min(9px,100%)}",
     "a:focus{outline:1px solid}a:focus-visible{outline:1px solid}a:focus:not(:focus-visible){outline:none}",
     "a{display:grid;gap:1px}", "@supports (inset:0){a{inset:0}}", "a{width:-moz-fit-content;width:fit-content}",
     "p:not(.a):not(.b),h1:not([x]){text-wrap:balance}"],
)  # fmt: skip
def test_newer_css_beside_something_older_is_no_fault(css: str) -> None:
    assert newer_css(css) == []
