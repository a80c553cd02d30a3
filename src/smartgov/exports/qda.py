"""The codes of definitions as a codebook that qualitative software reads (REFI-QDA, ``.qdc``).

Rotterdam Exchange Format Initiative, REFI-QDA Standard 1.5 (2019), section 5.2: a root
``CodeBook`` in the namespace ``urn:QDA-XML:codebook:1.0`` with ``Codes`` and then ``Sets``; a code
has ``guid``, ``name`` and ``isCodable``, a ``Description`` and then codes below it; a set has
``guid``, ``name``, a ``Description`` and then its members. Identifiers are made from the codes'
names, so that the file is the same whenever it is written.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from xml.etree import ElementTree as ET

from smartgov.article.published import table

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_STUDY = uuid.uuid5(uuid.NAMESPACE_URL, "smartgov/definition-codes")
DIFFICULTIES = (
    "Difficulties of definitions: what Table 1 of the article finds wanting in a definition."
)
TERMS = (
    "Terms of the study: headings under which Table 1 of the article files definitions, and what"
    " they speak of."
)


def article_difficulties() -> dict[str, str]:
    """The article's code for each difficulty, and the words it prints for it in Table 1."""
    printed: dict[str, str] = {}
    for row in table(1).itertuples():
        codes, words = row.difficulty.split(";"), row.difficulty_printed.split(";")
        for code, said in zip(codes, words, strict=True):
            printed.setdefault(code.strip(), said.strip())
    return printed


def write_qdc(rules: dict, path: Path | str) -> Path:
    """Write the definition codes of Table 1 and of the second coder's rules.

    Parameters
    ----------
    rules : dict
        As :func:`smartgov.article.definitions.read_rules` returns them: ``codes`` and ``terms``.
    path : Path or str

    Raises
    ------
    ValueError
        If the path does not end in ``.qdc``.
    """
    path = Path(path)
    if path.suffix != ".qdc":
        raise ValueError(f"{path.name}: a REFI-QDA codebook ends in .qdc.")
    ET.register_namespace("", NAMESPACE)
    book = ET.Element(_tag("CodeBook"), origin="smartgov")
    codes = ET.SubElement(book, _tag("Codes"))
    difficulties, terms = _difficulties(rules), _terms(rules)
    for group, about, entries in (
        ("difficulty", DIFFICULTIES, difficulties),
        ("term", TERMS, terms),
    ):
        above = _code(codes, group, about, codable=False)
        for name, description in entries.items():
            _code(above, name, description, codable=True)
    sets = ET.SubElement(book, _tag("Sets"))
    _set(sets, "article", "Codes that the article gives in Table 1.", article_difficulties())
    _set(sets, "rules", "Codes that the rule-based second coder can give.", rules["codes"])
    ET.indent(book)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ET.tostring(book, encoding="utf-8", xml_declaration=True) + b"\n")
    return path


def _difficulties(rules: dict) -> dict[str, str]:
    printed = article_difficulties()
    by_rule = {name: f"Rule: {rule}." for name, rule in rules["codes"].items()}
    described = {n: f"Printed: {said}. {by_rule.get(n, 'No rule.')}" for n, said in printed.items()}
    return described | {name: rule for name, rule in by_rule.items() if name not in described}


def _terms(rules: dict) -> dict[str, str]:
    return {name: f"Written: {'; '.join(words)}." for name, words in rules["terms"].items()}


def _code(above: ET.Element, name: str, description: str, codable: bool) -> ET.Element:
    about = {"guid": _guid("code", name), "name": name, "isCodable": str(codable).lower()}
    code = ET.SubElement(above, _tag("Code"), about)
    ET.SubElement(code, _tag("Description")).text = description
    return code


def _set(above: ET.Element, name: str, description: str, members) -> None:
    group = ET.SubElement(above, _tag("Set"), guid=_guid("set", name), name=name)
    ET.SubElement(group, _tag("Description")).text = description
    for member in members:
        ET.SubElement(group, _tag("MemberCode"), guid=_guid("code", member))


def _guid(kind: str, name: str) -> str:
    return str(uuid.uuid5(_STUDY, f"{kind}/{name}")).upper()


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
