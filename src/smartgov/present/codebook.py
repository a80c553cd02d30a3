"""The codebook `data/README.md`, written from the Frictionless data package."""

from __future__ import annotations

import json
from pathlib import Path

from smartgov.study.layout import ROOT

PACKAGE = ROOT / "data" / "datapackage.json"
CODEBOOK = ROOT / "data" / "README.md"


def read_package() -> dict:
    """The data package as a dictionary."""
    return json.loads(PACKAGE.read_text(encoding="utf-8"))


def codebook_text(package: dict) -> str:
    """The codebook in Markdown: every file, its origin and licence, and every column."""
    parts = [f"# {package['title']}", package["description"]]
    parts.append("This file is written by `make codebook` from `data/datapackage.json`; edit that file instead.")
    licences = "; ".join(f"[{licence['title']}]({licence['path']})" for licence in package["licenses"])
    parts.append(f"Licence of all tables: {licences}.")
    parts += [_resource(resource) for resource in package["resources"]]
    return "\n\n".join(parts) + "\n"


def _resource(resource: dict) -> str:
    sources = "; ".join(source["title"] for source in resource["sources"])
    lines = [
        f"## `{resource['path']}`",
        "",
        resource["description"],
        "",
        f"Origin: {sources}.",
        "",
        "| column | type | meaning | allowed |",
        "|---|---|---|---|",
    ]
    lines += [_field(field) for field in resource["schema"]["fields"]]
    return "\n".join(lines)


def _field(field: dict) -> str:
    rules = field.get("constraints", {})
    allowed = [f"`{value}`" for value in rules.get("enum", [])]
    if "pattern" in rules:
        allowed.append(f"matches `{rules['pattern']}`".replace("|", "\\|"))
    if "minimum" in rules:
        allowed.append(f"{rules['minimum']} to {rules.get('maximum', '…')}")
    return f"| `{field['name']}` | {field['type']} | {field['description']} | {' '.join(allowed)} |"


def write_codebook() -> Path:
    """Write the codebook; returns its path relative to the repository."""
    CODEBOOK.write_text(codebook_text(read_package()), encoding="utf-8")
    return CODEBOOK.relative_to(ROOT)
