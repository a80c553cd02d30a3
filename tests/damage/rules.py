"""Rules that damage a whole file, each with what must come of it.

A rule takes a seed and gives the damaged bytes (a :class:`Beside` stands for what is no file). What
must come of it is ``REFUSED`` (in a sentence that names the file and, where the rule knows it, the
row), ``SAME`` (read as the undamaged file is) or a function of what the undamaged file says.
"""

from __future__ import annotations

import datetime
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

import openpyxl

from damage.seeds import EXPERT, EXPERTS, QUESTION, Seed, asked, packed_csv, zipped

REFUSED, SAME = "refused", "same"


class Beside(Enum):
    """What stands at a path in place of the file."""

    FOLDER = "folder"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Rule:
    """A way to damage files with these tags; what is expected is looked up by tag, else ``""``.

    `row` is the row that a refusal must name.
    """

    name: str
    tags: frozenset[str]
    damage: Callable[[Seed], object]
    expected: Mapping[str, object]
    row: Callable[[Seed], int] | None = None

    def of(self, seed: Seed) -> object:
        """What must come of a seed so damaged."""
        tags = {*seed.tags, seed.name.replace(".", "_")}
        return next((self.expected[tag] for tag in self.expected if tag in tags), self.expected[""])


RULES: list[Rule] = []


def rule(tags: str, expected: object = REFUSED, row=None, **others: object) -> Callable:
    """Register a function of a seed as a rule for seeds with all these tags."""

    def register(damage: Callable) -> Callable:
        name = damage.__name__.replace("_", " ")
        RULES.append(Rule(name, frozenset(tags.split()), damage, others | {"": expected}, row))
        return damage

    return register


def variants(tags: str, table: Mapping[str, object], expected=REFUSED, row=None, **others):
    """Register a function of a seed and a value as one rule for each value of a table."""

    def register(damage: Callable) -> Callable:
        for name, value in table.items():

            def of_seed(seed, value=value):
                return damage(seed, value)

            of_seed.__name__ = f"{damage.__name__} {name}"
            rule(tags, expected, row, **others)(of_seed)
        return damage

    return register


def through(unpack: Callable[[Seed], tuple]) -> Callable:
    """A way to register functions that change what `unpack` finds in a file, before it is packed.

    `unpack` gives the arguments of such a function, and a function that packs what it returns.
    """

    def registering(tags: str, expected: object = REFUSED, row=None, **others) -> Callable:
        def register(damage: Callable) -> Callable:
            def of_seed(seed):
                found, pack = unpack(seed)
                return pack(damage(*found))

            of_seed.__name__ = damage.__name__
            rule(tags, expected, row, **others)(of_seed)
            return damage

        return register

    return registering


# Any file


WHOLE = {
    "empty": b"",
    "blank lines only": b"\n \n\n",
    "a folder": Beside.FOLDER,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "a web page": b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>",
    "random bytes": bytes((31 * k * k + 7) % 251 for k in range(3000)),
    "a document": zipped({"word/document.xml": b"<w/>"}),
    "a locked workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024),
}


@variants("file", WHOLE)
def in_its_place(seed, what):
    return what


def without_the_expert(seed: Seed, said: dict) -> dict:
    number = EXPERTS[EXPERT][-2:]
    return {key: value for key, value in said.items() if key[0] != number}


@rule("file", one=without_the_expert)
def no_such_file(seed):
    return Beside.NOTHING


@rule("file")
def compressed(seed):
    return gzip.compress(seed.content, mtime=0)


# Text


@rule("csv")
def utf_16(seed):
    return seed.content.decode().encode("utf-16")


@rule("csv", SAME, published=REFUSED)
def byte_order_mark(seed):
    return b"\xef\xbb\xbf" + seed.content


@rule("csv", SAME)
def lines_end_as_in_windows(seed):
    return seed.content.replace(b"\n", b"\r\n")


@rule("csv", SAME)
def lines_end_as_on_old_macs(seed):
    return seed.content.replace(b"\n", b"\r")


@rule("csv")
def cut_in_the_middle_of_a_line(seed):
    return seed.content[: seed.content.index(b"\n", len(seed.content) // 2) - 9]


@rule("csv")
def other_separator(seed):
    return packed_csv("|")(seed.rows)


@rule("csv panel", SAME)
def semicolons(seed):
    return packed_csv(";")(seed.rows)


def _row(seed: Seed) -> int:
    return seed.answer[0] + 1


lines = through(lambda seed: ((seed, seed.content.split(b"\n"), seed.answer[0]), b"\n".join))
"""Register a function of a seed, its lines and the number of the line with the answer."""


def _mark(line: bytes) -> bytes:
    return next(mark for mark in (b";", b"\t", b",") if mark in line)


@lines("csv", row=_row)
def a_line_with_another_separator(seed, found, at):
    found[at] = found[at].replace(_mark(found[0]), b"|")
    return found


@lines("csv")
def a_quotation_mark_that_is_never_closed(seed, found, at):
    found[at] = b'"' + found[at]
    return found


@lines("csv panel", row=_row)
def a_decimal_comma_without_quotes(seed, found, at):
    found[at] += _mark(found[0]) + b"5"
    return found


@lines("csv panel", row=lambda seed: len(seed.rows) + 1)
def cyrillic_taken_for_latin(seed, found, at):
    return [*found[:-1], "Ответы экспертов".encode().decode("cp1252", "ignore").encode()]


SPOILT = {"NUL": b"\0", "a lost letter": b"\xef\xbf\xbd", "two halves of letters": b"\xd0\xd0"}


@variants("csv panel", {name: SPOILT[name] for name in ("NUL", "a lost letter")})
@variants("csv published", SPOILT | {"bell": b"\x07", "a byte order mark": b"\xef\xbb\xbf"})
def in_a_cell_there_is(seed, what):
    found = seed.content.split(b"\n")
    at = found[seed.answer[0]].index(_mark(found[0]))
    found[seed.answer[0]] = found[seed.answer[0]][:at] + what + found[seed.answer[0]][at:]
    return b"\n".join(found)


# Cells


def _with_cell(seed: Seed, place: tuple[int, int], text: object) -> bytes:
    rows = [list(row) for row in seed.rows]
    rows[place[0]][place[1]] = text
    return seed.pack(rows)


NO_ANSWER = {
    **{text: text for text in ("10", "-10", "99", "5.5", "5,5", "inf", "-Infinity", "1e308")},
    **{text: text for text in ("1e-400", "TRUE", "yes", "5/9", "5?", "3 (or 7)", "3-5", "=1+4")},
    **{text: text for text in ("2026-05-03", "3-May", "#REF!", "0x5", "0_5", "5%", "5e0", "--5")},
    **{text: text for text in ("banana", "<b>5</b>", "5\n7", "a.serik@example.org", "???", "O")},
    "a Cyrillic letter": "З",
    "500 digits": "5" * 500,
    "4,400 digits": "9" * 4400,
    "90,000 letters": "x" * 90_000,
}


@variants("panel", NO_ANSWER, row=_row)
def an_answer_is(seed, text):
    return _with_cell(seed, seed.answer, text)


def inverse(seed: Seed, said: dict) -> dict:
    """What is said once the answer, 5, has become a half."""
    context, *pair = asked()[QUESTION]
    key = (EXPERTS[EXPERT][-2:], 1, context, *sorted(pair))
    return said | {key: -said[key] // 4}


@rule("panel", row=_row, matrices_xlsx=inverse)
def an_answer_is_a_half(seed):
    return _with_cell(seed, seed.answer, "½")


UNSEEN = {"zero-width blank": "\u200b", "mark of direction": "\u200e", "bell": "\x07"}
UNSEEN |= {"blank that does not break": "\u00a0", "byte order mark": "\ufeff", "blank": "  "}
STILL_FIVE = {"a decimal": "5.0", "a decimal comma": "5,0", "wide letters": "５"}
STILL_FIVE |= {name: f"5{mark}" for name, mark in UNSEEN.items() if name != "bell"}


@variants("panel", STILL_FIVE, SAME)
def five_with(seed, text):
    return _with_cell(seed, seed.answer, text)


NO_FIGURE = {
    **{text: text for text in ("banana", "()", "0,5 (0,7)", "3-May", "=1+1", "#REF!", "inf")},
    **{text: text for text in ("O,5", "0,,5", "--0,5", "0,\ufffd5", "0,5\0", "0,5\x07")},
    "4,400 digits": "9" * 4400,
    "140,000 digits": "9" * 140_000,
}


@variants("audit", NO_FIGURE, row=_row)
@variants("figures", NO_FIGURE, row=_row)
def a_figure_is(seed, text):
    return _with_cell(seed, seed.answer, text)


NOBODY = {
    **{name: name for name in ("Total", "Group median", "Итого:", "Мода", "Барлығы", "TEST")},
    "empty": "",
    "a hundred letters": "KZ-03" + "x" * 100,
}
ANOTHER = {
    "": EXPERTS[0],
    "in small letters": EXPERTS[0].lower(),
    "with a Cyrillic letter": "К" + EXPERTS[0][1:],
    **{f"with a {name}": mark + EXPERTS[0] for name, mark in UNSEEN.items()},
}
ANOTHER_IN_A_BOOK = {name: code for name, code in ANOTHER.items() if "\x07" not in code}


@variants("panel wide", NOBODY, row=lambda seed: seed.code[0] + 1)
def a_code_is(seed, text):
    return _with_cell(seed, seed.code, text)


@variants("panel wide csv", ANOTHER, row=lambda seed: seed.code[0] + 1)
@variants("panel xlsx wide", ANOTHER_IN_A_BOOK, row=lambda seed: seed.code[0] + 1)
@variants("panel code", ANOTHER_IN_A_BOOK)
def a_code_is_that_of_another(seed, text):
    return _with_cell(seed, seed.code, text)


SAME_CODE = {"small letters": "kz-03", "a Cyrillic letter": "КZ-03"}


@variants("panel csv", SAME_CODE | {name: f"KZ-03{mark}" for name, mark in UNSEEN.items()}, SAME)
def a_code_with(seed, text):
    return _with_cell(seed, seed.code, text)


# Rows and columns


rows = through(lambda seed: ((seed, [list(row) for row in seed.rows]), seed.pack))
"""Register a function of a seed and its rows."""


@rows("panel table", SAME)
def blank_rows(seed, found):
    blank = [""] * len(found[0])
    return [found[0], blank, found[1], blank, blank, *found[2:], blank]


@rows("panel table", SAME)
def blank_columns_behind(seed, found):
    return [[*row, "", ""] for row in found]


@rows("panel table", SAME)
def columns_from_last_to_first(seed, found):
    return [row[::-1] for row in found]


@rows("panel table", SAME)
def rows_from_last_to_first(seed, found):
    return [found[0], *found[:0:-1]]


@rows("published", ledger=lambda seed, said: [said[0][::-1], said[1]])
def rows_of_a_printed_table_reversed(seed, found):
    return [found[0], *found[:0:-1]]


@rows("table wide", row=lambda seed: len(seed.rows) + 1)
def a_row_twice(seed, found):
    return [*found, found[seed.answer[0]]]


@rows("published")
def a_printed_row_twice(seed, found):
    return [*found, found[seed.answer[0]]]


@rows("published")
def a_printed_row_left_out(seed, found):
    return found[: seed.answer[0]] + found[seed.answer[0] + 1 :]


@rows("table long", SAME)
def a_judgement_twice(seed, found):
    return [*found, found[seed.answer[0]]]


@rows("table long", row=lambda seed: len(seed.rows) + 1)
def a_judgement_twice_and_otherwise(seed, found):
    return [*found, [*found[seed.answer[0]][:-1], 7]]


@rows("table")
def a_heading_twice(seed, found):
    found[0][seed.answer[1]] = found[0][seed.answer[1] - 1]
    return found


@rows("table", parquet=SAME)  # which names the second otherwise, and it is left behind
def a_column_twice(seed, found):
    return [[*row, row[seed.answer[1]]] for row in found]


@rows("table")
def no_headings(seed, found):
    return found[1:]


@rows("table", audit=lambda seed, said: [])
def headings_only(seed, found):
    return found[:1]


@rows("table")
def headings_again_in_the_middle(seed, found):
    return [*found[:3], found[0], *found[3:]]


@rows("table", lime_csv=REFUSED, mapped_csv=REFUSED, wide=SAME)
def a_title_above(seed, found):
    return [["Answers of the first round", *[""] * (len(found[0]) - 1)], *found]


@rows("table")
def turned_on_its_side(seed, found):
    return list(map(list, zip(*found, strict=True)))


@rows("table")
def no_codes(seed, found):
    return [[cell for n, cell in enumerate(row) if n != seed.code[1]] for row in found]


@rows("table panel", lime_csv=SAME)  # there it was never sent off
def a_note_below(seed, found):
    return [*found, ["Note: two experts were asked by telephone", *[""] * (len(found[0]) - 1)]]


@rows("table panel wide")
def a_row_of_sums(seed, found):
    return [*found, ["" if n == seed.code[1] else 7 for n in range(len(found[0]))]]


@rows("table panel")
def a_heading_misspelt(seed, found):
    found[0][seed.answer[1]] = found[0][seed.answer[1]][:-1]
    return found


@rows("table panel", SAME)
def headings_with_unseen_marks(seed, found):
    return [[f"\u200f{heading}\u00a0" for heading in found[0]], *found[1:]]


def of_two_experts(seed: Seed, said: dict) -> dict:
    kept = {code[-2:] for code in EXPERTS[:2]}
    return {key: value for key, value in said.items() if key[0] in kept}


@rows("table panel wide", of_two_experts)
def cut_behind_two_experts(seed, found):
    return found[:3]


# Workbooks


def _opened(seed: Seed) -> tuple:
    book = openpyxl.load_workbook(io.BytesIO(seed.content))
    sheet = book.worksheets[0]

    def pack(_: object) -> bytes:
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    return (book, sheet, sheet.cell(seed.answer[0] + 1, seed.answer[1] + 1)), pack


book = through(_opened)
"""Register a function of a workbook, its first sheet and the cell with the answer."""
CELLS = {"a date": datetime.date(2026, 5, 3), "a truth value": True, "a time": datetime.time(3, 5)}
CELLS |= {"a formula that was never computed": "=2+3", "a fraction": 5.5}


@variants("xlsx panel", CELLS, row=_row)
def a_cell_is(seed, value):
    (_, _, cell), pack = _opened(seed)
    cell.value = value
    return pack(None)


@book("xlsx panel", SAME)
def a_number_stored_as_text(found, sheet, cell):
    cell.value = "5"


@book("xlsx panel table", SAME)
def a_hidden_sheet_before(found, sheet, cell):
    found.create_sheet("hidden", 0).append(["expert", "x"])
    found["hidden"].append(["a", 1])
    found["hidden"].sheet_state = "hidden"


@book("xlsx panel table", SAME)
def a_cover_before(found, sheet, cell):
    found.create_sheet("About", 0).append(["Answers of May", "by us"])


@book("xlsx panel table")
def the_answers_are_hidden(found, sheet, cell):
    found.create_sheet("Other").append(["a", "b"])
    sheet.sheet_state = "hidden"


@book("xlsx panel table")
def a_cover_and_the_answers_twice(found, sheet, cell):
    found.copy_worksheet(sheet)
    found.create_sheet("About", 0).append(["Answers of May", "by us"])


@variants("xlsx panel table", {"of two rows": 4}, row=lambda seed: 4)
def merged_codes(seed, last):
    (found, sheet, _), pack = _opened(seed)
    at = seed.code[1] + 1
    sheet.merge_cells(start_row=3, end_row=last, start_column=at, end_column=at)
    return pack(None)


SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def _with_shared_texts(found: dict[str, bytes]) -> None:
    """Texts in a table of their own, as spreadsheet programs keep them; openpyxl does not."""
    texts = []

    def shared(cell: re.Match) -> bytes:
        texts.append(b"<si>" + cell[1] + b"</si>")
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    for name in [name for name in found if name.startswith("xl/worksheets/sheet")]:
        found[name] = re.sub(rb't="inlineStr"><is>(.*?)</is>', shared, found[name], flags=re.DOTALL)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    found["[Content_Types].xml"] = found["[Content_Types].xml"].replace(b"</Types>", entry)
    space = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    found[TEXTS] = space + b"".join(texts) + b"</sst>"


def _parts(seed: Seed) -> tuple:
    with zipfile.ZipFile(io.BytesIO(seed.content)) as packed:
        found = {name: packed.read(name) for name in packed.namelist()}
    if "xlsx" in seed.tags:
        _with_shared_texts(found)
    return (found,), lambda _: zipped(found)


parts = through(_parts)
"""Register a function that changes the parts of a packed file."""


@parts("xlsx", SAME)
def texts_in_a_table(found):
    """No damage: what the rules below damage is read."""


LOST = {"sheet": SHEET, "texts": TEXTS, "list of sheets": "xl/workbook.xml"}


@variants("xlsx", LOST | {"types": "[Content_Types].xml"})
def a_workbook_without_its(seed, name):
    (found,), pack = _parts(seed)
    del found[name]
    return pack(None)


@variants("xlsx", {name: LOST[name] for name in ("sheet", "texts")})
def a_workbook_with_half_its(seed, name):
    (found,), pack = _parts(seed)
    found[name] = found[name][: len(found[name]) // 2]
    return pack(None)


def _put(part: str, one: bytes, other: bytes) -> tuple[str, bytes, bytes]:
    """A part of a workbook, a pattern in it, and what stands there instead."""
    return part, one, other


ENTITIES = b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 20 if n else b"x" * 20) for n in range(9)
)
STRUCTURE = {
    "no sheets": _put("xl/workbook.xml", rb"<sheets>.*</sheets>", b"<sheets/>"),
    "a text out of range": _put(SHEET, rb't="s"><v>\d+<', b't="s"><v>999999<'),
    "a text of negative number": _put(SHEET, rb't="s"><v>\d+<', b't="s"><v>-1<'),
    "fewer texts": _put(TEXTS, rb"(?s)(<si>.*?</si>).*</sst>", rb"\1</sst>"),
    "a row numbered below zero": _put(SHEET, b'<row r="2"', b'<row r="-3"'),
    "a row numbered a billion": _put(SHEET, b'<row r="3"', b'<row r="1000000000"'),
    "rows out of order": _put(SHEET, b'<row r="3"', b'<row r="1"'),
    "a cell of another row": _put(SHEET, b'r="A3"', b'r="A2"'),
    "a cell beyond the last column": _put(SHEET, b'r="A3"', b'r="XFE3"'),
    "a row of very many cells": _put(
        SHEET, rb'(?s)(<row r="3".*?)</row>', rb"\1" + b"<c><v>1</v></c>" * 100_000 + b"</row>"
    ),
    "a text that unpacks to too much": _put(TEXTS, b"<t>", b"<t>" + b"x" * 120_000_000),
    "very many texts": _put(TEXTS, b"</sst>", b"<si><t>x</t></si>" * 400_000 + b"</sst>"),
    "deep texts": _put(TEXTS, b"<t>", b"<r>" * 50_000 + b"<t>"),
    "entities that multiply": _put(
        TEXTS, rb"(?s)^(.*?<t>)", b"<!DOCTYPE sst [" + ENTITIES + rb"]>\1&e8;"
    ),
    "a text from another file": _put(
        TEXTS,
        rb"(?s)^(.*?<t>)",
        rb'<!DOCTYPE sst [<!ENTITY e SYSTEM "file:///etc/hostname">]>\1&e;',
    ),
}


@variants("xlsx", STRUCTURE)
def a_workbook_with(seed, change):
    (found,), pack = _parts(seed)
    part, one, other = change
    new = re.sub(one, other, found[part], count=1)
    assert new != found[part]
    found[part] = new
    return pack(None)


PACKED = ("xlsx", "zip", "parquet")


def _half(seed: Seed) -> bytes:
    return seed.content[: len(seed.content) // 2]


for kind in PACKED:
    _half.__name__ = f"half_a_file_of_{kind}"
    rule(kind)(_half)


@rule("xlsx")
def a_workbook_overwritten_in_the_middle(seed):
    half = len(seed.content) // 2
    return seed.content[:half] + bytes(400) + seed.content[half + 400 :]


@rule("xlsx")
def a_text_file_renamed(seed):
    return packed_csv()(seed.rows)


@parts("zip")
def two_tables(found):
    found["form-repeat.csv"] = b"a,b\n1,2\n"


@parts("zip")
def a_table_that_unpacks_to_too_much(found):
    found["form.csv"] += b"\n" * 30_000_000


@parts("zip", SAME)
def attachments(found):
    found["media/1.csv"] = b"a,b\n"


@rule("parquet")
def a_parquet_file_overwritten(seed):
    return seed.content[:8] + bytes(300) + seed.content[308:]


@rule("parquet")
def a_parquet_file_without_its_end(seed):
    return seed.content[:-8]


# Files of entries: YAML, notebooks, parameters


def _add(text: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: raw + b"\n" + text


def _change(one: str, other: str) -> Callable[[bytes], bytes]:
    def change(raw: bytes) -> bytes:
        assert one.encode() in raw, one
        return raw.replace(one.encode(), other.encode(), 1)

    return change


def entries(tags: str, changes: Mapping[str, Callable | bytes]) -> None:
    """Register texts, or functions of the whole text, as rules."""

    @variants(tags, changes)
    def entries_are(seed, change):
        return change(seed.content) if callable(change) else change


ALIASES = b"a0: &a0 [x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)
)
entries(
    "yaml",
    {
        "a list": b"- a\n- b\n",
        "a word": b"banana\n",
        "a number": b"12\n",
        "cut": lambda raw: raw[: len(raw) // 2].rsplit(b",", 1)[0],
        "two documents": lambda raw: raw + b"\n---\n" + raw,
        "with a tag of an object": _add(b"x: !!python/object/apply:os.getcwd []\n"),
        "with an unknown tag": _add(b"x: !banana y\n"),
        "with aliases that multiply": _add(ALIASES),
        "with an alias to itself": _add(b"x: &x [*x]\n"),
        "deep lists": _add(b"x: " + b"[" * 3000 + b"]" * 3000),
        "deep entries": _add(b"x: " + b"{a: " * 3000 + b"}" * 3000),
        "with a key twice": lambda raw: raw + raw[raw.rindex(b"\nquestion") :],
        "with an unknown key": _add(b"banana: [a]\n"),
        "with NUL": lambda raw: raw.replace(b"a", b"\0", 1),
        "with a bell": lambda raw: raw.replace(b"a", b"\x07", 1),
        "in UTF-16": lambda raw: raw.decode().encode("utf-16"),
        "half in UTF-16": _add("# Сұрақтар\n".encode("utf-16-le")),
        "large": _add(b"# " + b"x" * 3_000_000),
        "with a merge": _add(b"x: {<<: {a: b}}\n"),
        "with one that has no name": _add(b"? [a, b]\n: c\n"),
    },
)
POLICY = "names: {en: Policy making, kk: Саясатты әзірлеу, ru: Разработка политики}"
COMPONENTS = rb"\ncomponents:(.|\n)*\ncounted"
entries(
    "model",
    {
        "without ids": lambda raw: raw.replace(b"- id: ", b"- name: "),
        "without questions": lambda raw: raw[: raw.index(b"\nquestionnaire")],
        "components, a word": lambda raw: re.sub(COMPONENTS, b"\ncomponents: x\ncounted", raw),
        "no components": lambda raw: re.sub(COMPONENTS, b"\ncomponents: []\ncounted", raw),
        **{
            f"id {text}": _change("id: policy_making", f"id: {text}")
            for text in ("", "no", "12", "2026-05-03", "[a, b]", "policy making", "policy__making")
        },
        "id twice": _change("id: policy_making", "id: economic_growth"),
        "id of a dimension": _change("id: policy_making", "id: E1"),
        "unknown ring": _change("ring: middle\n", "ring: midle\n"),
        "list of rings": _change("ring: middle\n", "ring: [middle]\n"),
        "a text for names": _change(POLICY, "names: Policy"),
        "no names": _change(POLICY, "names: {}"),
        "empty name": _change("en: Policy making", "en: "),
        "number for a name": _change("en: Policy making", "en: 2026"),
        "list for a name": _change("en: Policy making", "en: [Policy]"),
        "bell in a name": _change("en: Policy making", 'en: "Policy\\u0007making"'),
        "name twice": _change("en: Policy making", "en: Economic growth"),
        "unknown language": _change("en: Policy making", "fr: Politique"),
        "rule of an unknown ring": _change("{ring: inner,", "{ring: core,"),
        "rule of an unknown context": _change("contexts: middle", "contexts: centre"),
        "rule without contexts": _change("contexts: middle, ", ""),
        "word for a rule": _change("{ring: inner, contexts: middle, table2_columns: [Q27]}", "in"),
        "text for columns": _change("[Q27]", "Q27"),
        "word for a count": _change("counted: 13", "counted: many"),
    },
)
entries(
    "mapping",
    {
        "without an expert": _change("expert: Code", ""),
        "list of experts": _change("expert: Code", "expert: [Code]"),
        "empty expert": _change("expert: Code", "expert:"),
        "text for questions": b"expert: Code\nquestions: all\n",
        "texts for questions": b"expert: Code\nquestions: [a, b]\n",
        "no questions": b"expert: Code\nquestions: []\n",
        "question without a column": _change("column: C0", "colum: C0"),
        "question of an empty column": _change("column: C0", "column:"),
        "question of a list": _change("column: C0", "column: [C0]"),
        "column twice": _change("column: C0", "column: C1"),
        "unknown context": _change("context: E1", "context: E9"),
        "unknown component": _change("left: economic_growth", "left: banana"),
        "component with itself": _change("left: economic_growth", "left: policy_making"),
        "unknown coding": _add(b"coding: percent\n"),
        "list of codings": _add(b"coding: [signed]\n"),
        "list of words": _add(b"words: [first]\n"),
        "word for two sides": _add(b"words: {left: [first], right: [First]}\n"),
        "text for missing": _add(b"missing: nothing\n"),
        "names in a wide table": _add(b"names: {C1: data}\n"),
    },
)


def _json(change: Callable[[dict], object]) -> Callable[[bytes], bytes]:
    def of(raw: bytes) -> bytes:
        notebook = json.loads(raw)
        return json.dumps(change(notebook) or notebook).encode()

    return of


def _without(key: str) -> Callable[[bytes], bytes]:
    return _json(lambda notebook: {k: v for k, v in notebook.items() if k != key})


def _parameters(text: str) -> Callable[[bytes], bytes]:
    def put(notebook: dict) -> None:
        cells = notebook["cells"]
        (cell,) = (c for c in cells if "parameters" in c["metadata"].get("tags", ()))
        cell["source"] = text

    return _json(put)


entries(
    "notebook",
    {
        "cut": lambda raw: raw[: len(raw) // 2],
        "a list": _json(lambda notebook: [notebook]),
        "without cells": _without("cells"),
        "cells, a text": _json(lambda notebook: notebook.update(cells="x")),
        "without metadata": _without("metadata"),
        "of another version": _json(lambda notebook: notebook.update(nbformat=99)),
        "of a version in words": _json(lambda notebook: notebook.update(nbformat="four")),
        "a cell without source": _json(lambda notebook: notebook["cells"][1].clear()),
        "a number for a cell": _json(lambda notebook: notebook["cells"].insert(0, 7)),
        "a parameter without type": _parameters("alpha = 0.05"),
        "a parameter of another type": _parameters("alpha: list = []"),
        "deep": b"[" * 100_000,
    },
)
PARAMETERS = ("=0.05", "alpha", "alfa=0.05", "alpha=", "alpha=banana", "alpha=0,05", "seed=1.5")
PARAMETERS += ("alpha=float(1)", "alpha=0.05 alpha=0.01", "seed=" + "9" * 4400)
entries("settings", {text[:30]: text.encode() for text in PARAMETERS})
