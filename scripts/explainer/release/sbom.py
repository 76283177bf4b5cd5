"""What a release is made of, as a CycloneDX bill of materials: the libraries of the lock, and what they put into the product."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import vl_convert
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

_LICENSES = LicenseFactory()
# What stands in the site and the PDF themselves, beyond the editors' own: name, version, licence, how it got there.
_IN_PRODUCT = (
    ("vega", vl_convert.get_vega_version(), "BSD-3-Clause", "npm"),
    ("vega-lite", vl_convert.get_vegalite_versions()[-1], "BSD-3-Clause", "npm"),
    ("vega-embed", vl_convert.get_vega_embed_version(), "BSD-3-Clause", "npm"),
    ("fandol", "0.3", "GPL-3.0-only WITH Font-exception-2.0", "generic"),
    ("noto-serif-cjk-sc", "2.001", "OFL-1.1", "generic"),
    ("libertinus-serif", "", "OFL-1.1", "generic"),
)


def write(target: Path, lock: Path, name: str, version: str, epoch: int) -> None:
    """Same lock, same edition, same bytes."""
    book = Component(name=name, version=version, type=ComponentType.APPLICATION, bom_ref=name)
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{name}@{version}"))
    bom.metadata.component = book
    bom.metadata.timestamp = datetime.fromtimestamp(epoch, UTC)
    components = [*_libraries(lock), *_parts_of_the_product()]
    bom.components.update(components)
    bom.register_dependency(book, components)
    written = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    target.write_text(written + "\n", "utf-8", newline="\n")


def _libraries(lock: Path) -> Iterator[Component]:
    """The locked libraries that this computer's environment has; others are for other systems."""
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)==([^ \\;]+)", lock.read_text("utf-8"), re.MULTILINE
    ):
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        url = PackageURL("pypi", name=name.lower(), version=version)
        yield _component(name, version, _license(found), url, "生成时用到")


def _parts_of_the_product() -> Iterator[Component]:
    for name, version, license, registry in _IN_PRODUCT:
        url = PackageURL(registry, name=name, version=version or None)
        yield _component(name, version, license, url, "在成品里")


def _component(name: str, version: str, license: str, url: PackageURL, role: str) -> Component:
    licenses = [_LICENSES.make_from_string(license)] if license else []
    return Component(
        name=name,
        version=version or None,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=str(url),
        licenses=licenses,
        properties=[Property(name="explainer:role", value=role)],
    )


def _license(found: metadata.PackageMetadata) -> str:
    """An expression where the package gives one; else the name of its licence, not the whole text of it."""
    if expression := found.get("License-Expression"):
        return expression
    names = [
        line.rpartition(" :: ")[2]
        for line in found.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    short = (found.get("License") or "").strip()
    return short if short and "\n" not in short and len(short) < 60 else ", ".join(names)
