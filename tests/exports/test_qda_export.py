"""The codebook of definition codes, held against the structure that REFI-QDA 1.5, section 5.2,
fixes.

The standard's schema file is not part of this repository; what it demands of a codebook is
written out here: order of elements, required attributes, patterns of identifiers.
"""

import re
from xml.etree import ElementTree as ET

import pytest

from smartgov.article.definitions import article_codes, read_rules
from smartgov.exports import write_qdc

NAMESPACE = "{urn:QDA-XML:codebook:1.0}"
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CHILDREN = {
    "CodeBook": "Codes Sets?",
    "Codes": "Code+",
    "Sets": "Set+",
    "Code": "Description? Code*",
    "Set": "Description? MemberCode*",
}
ATTRIBUTES = {
    "CodeBook": (set(), {"origin"}),
    "Code": ({"guid", "name", "isCodable"}, {"color"}),
    "Set": ({"guid", "name"}, set()),
    "MemberCode": ({"guid"}, set()),
}


@pytest.fixture
def book(tmp_path):
    return ET.parse(write_qdc(read_rules(), tmp_path / "codes.qdc")).getroot()


def kind(element) -> str:
    assert element.tag.startswith(NAMESPACE)
    return element.tag.removeprefix(NAMESPACE)


def check_structure(element) -> None:
    name = kind(element)
    pattern = "".join(
        f"(?:{part.rstrip('?*+')} ){part[-1] if part[-1] in '?*+' else ''}"
        for part in CHILDREN.get(name, "").split()
    )
    assert re.fullmatch(pattern, "".join(kind(child) + " " for child in element)), name
    required, optional = ATTRIBUTES.get(name, (set(), set()))
    assert required <= set(element.attrib) <= required | optional
    if "guid" in element.attrib:
        assert GUID.fullmatch(element.attrib["guid"])
    if "isCodable" in element.attrib:
        assert element.attrib["isCodable"] in ("true", "false")
    for child in element:
        check_structure(child)


def test_structure_of_the_standard(book):
    assert kind(book) == "CodeBook"
    check_structure(book)


def test_the_check_itself_refuses_a_wrong_structure(book):
    codes = book.find(f"{NAMESPACE}Codes")
    code = codes[0][1]
    description = code[0]
    code.remove(description)
    code.append(ET.Element(f"{NAMESPACE}Code", code.attrib))
    code.append(description)  # a description behind the codes below it
    with pytest.raises(AssertionError):
        check_structure(book)


def test_every_code_of_table_1_and_of_the_rules_is_there(book):
    codable = {
        code.attrib["name"]
        for code in book.iter(f"{NAMESPACE}Code")
        if code.attrib["isCodable"] == "true"
    }
    rules = read_rules()
    assert codable == set(article_codes().columns) | set(rules["codes"]) | set(rules["terms"])
    described = {
        code.attrib["name"]: code.findtext(f"{NAMESPACE}Description")
        for code in book.iter(f"{NAMESPACE}Code")
    }
    assert (
        rules["codes"]["circularity"] in described["circularity"]
        and "Шеңберлік" in described["circularity"]
    )
    assert described["concept_and_order"].endswith("No rule.")


def test_members_of_sets_are_codes_and_identifiers_are_unique(book):
    codes = [code.attrib["guid"] for code in book.iter(f"{NAMESPACE}Code")]
    assert len(set(codes)) == len(codes)
    assert {member.attrib["guid"] for member in book.iter(f"{NAMESPACE}MemberCode")} <= set(codes)


def test_the_file_is_the_same_whenever_it_is_written(tmp_path):
    first, second = (
        write_qdc(read_rules(), tmp_path / name).read_bytes() for name in ("a.qdc", "b.qdc")
    )
    assert first == second and first.startswith(b"<?xml version='1.0' encoding='utf-8'?>")


def test_other_endings_are_refused(tmp_path):
    with pytest.raises(ValueError, match="ends in .qdc"):
        write_qdc(read_rules(), tmp_path / "codes.xml")
