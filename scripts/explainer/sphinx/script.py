"""JavaScript made smaller, and older: what it means stays the same."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

LANGUAGE = Language(tree_sitter_javascript.language())

# Blanks in them belong to what they say.
_WHOLE = {"string", "template_string", "regex"}
_NEWER = Query(
    LANGUAGE,
    '(augmented_assignment_expression operator: "??=") @assignment (private_property_identifier) @private',
)


def parsed(script: bytes) -> Node:
    """The syntax tree. Raises ValueError where the script is none."""
    root = Parser(LANGUAGE).parse(script).root_node
    if root.has_error:
        raise ValueError("not JavaScript")
    return root


def shortened(script: str) -> str:
    """The script without comments and without the blanks and line ends that nothing needs."""
    short, before, end = "", "", 0
    code = script.encode()
    for leaf in _leaves(parsed(code)):
        words = code[leaf.start_byte : leaf.end_byte].decode()
        broken = b"\n" in code[end : leaf.start_byte]
        if before:
            short += _between(before[-1], words[0], broken)
        short, before, end = short + words, words, leaf.end_byte
    return short + "\n"


def _leaves(node: Node) -> Iterator[Node]:
    if node.type == "comment":
        return
    if node.child_count == 0 or node.type in _WHOLE:
        yield node
        return
    for child in node.children:
        yield from _leaves(child)


def _between(before: str, after: str, broken: bool) -> str:
    """What has to stand between two characters of the code, where a line may have ended between them."""
    if before in "{([,;" or after in "}]),;":
        return ""
    if broken:
        return "\n"  # it may end a statement
    word = (_in_word(before) and _in_word(after)) or (before in "+-/" and after in "+-/")
    return " " if word else ""


def _in_word(character: str) -> bool:
    return character.isalnum() or character in "_$"


def lowered(script: bytes) -> bytes:
    """The script without `??=` (Firefox 79) and private names (Firefox 90), which Vega uses here and there."""
    changes = []
    for name, nodes in QueryCursor(_NEWER).captures(parsed(script)).items():
        for node in nodes:
            if name == "private":
                changes.append((node.start_byte, node.start_byte + 1, b"_private_"))
                continue
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            target = script[left.start_byte : left.end_byte]
            changes.append((left.start_byte, left.start_byte, b"("))
            changes.append((left.end_byte, right.start_byte, b"??(" + target + b"="))
            changes.append((right.end_byte, right.end_byte, b"))"))
    for start, end, words in sorted(changes, reverse=True):
        script = script[:start] + words + script[end:]
    return script
