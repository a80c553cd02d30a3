"""Whole files of every kind that is read, each with its reader and a known place in it."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import yaml
from panels.conftest import kobo_table, limesurvey_table, side_and_intensity, tidy_table, wide_table

from smartgov.app.notebooks import find_notebook, parameters, read_settings
from smartgov.article import published
from smartgov.article.definitions import article_codes, read_coder
from smartgov.audit.table import UnreadableRow, read_table
from smartgov.files.layout import MODEL, PUBLISHED
from smartgov.instruments.data_entry import write_data_entry
from smartgov.instruments.names import asked_questions
from smartgov.instruments.orders import fixed_copy
from smartgov.model import Model, questionnaire, read_model
from smartgov.panels import read_answers
from smartgov.panels.mapping import read_mapping

EXPERTS = ("KZ-07", "KZ-03", "KZ-11", "KZ-01", "KZ-09")
EXPERT, QUESTION = 1, 2  # whose answer is damaged, and to which question, counted from 0


@dataclass(frozen=True)
class Seed:
    """A file that is read, and what it says.

    `rows` are its cells, of a workbook those of the first sheet; `pack` makes a file of such rows;
    `answer` and `code` are places in them (row, column), counted from 0: an answer, 5, and whose it
    is. `beside` are other files of its folder.
    """

    name: str
    tags: frozenset[str]
    read: Callable[[Path], object]
    content: bytes
    rows: tuple[tuple, ...] = ()
    pack: Callable[[list], bytes] | None = None
    answer: tuple[int, int] = (0, 0)
    code: tuple[int, int] = (0, 0)
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def write(self, folder: Path, content: bytes) -> Path:
        """The file with this content, in a folder with what belongs beside it."""
        for name, raw in {**self.beside, self.name: content}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(raw)
        return folder / self.name


@cache
def model() -> Model:
    """The model with three components in either ring: 18 questions, so that reading is quick."""
    whole = read_model()
    kept = whole.ring("middle")[:3] + whole.ring("inner")
    return replace(whole, components=whole.components.loc[kept])


@cache
def asked() -> list[tuple[str, str, str]]:
    questions = questionnaire(model())[["context", "left", "right"]]
    return list(questions.itertuples(index=False, name=None))


def values(answer: int) -> np.ndarray:
    """Signed values of the experts; `answer` at the place that is damaged."""
    drawn = np.random.default_rng(5).integers(-8, 9, size=(len(EXPERTS), len(asked())))
    drawn[EXPERT, QUESTION] = answer
    return drawn


# What a file says, in a form that does not depend on the codes that are issued anew


def panel_read(path: Path, **options) -> dict[tuple, int]:
    """The answers by expert (the digits of the code, however it is spelt) and question."""
    answers = read_answers(path, model(), **options)
    old = {new: re.sub(r"\D", "", code) for code, new in answers.key.items()}
    sign = {"left": 1, "equal": 0, "right": -1}
    return {
        (old[row.expert], row.round, row.context, *sorted((row.left, row.right))): (
            sign[row.favours] * (1 if row.left < row.right else -1) * (row.intensity - 1)
        )
        for row in answers.panel.itertuples()
    }


def published_read(path: Path) -> list:
    """Claims, and with them the tables, of a folder; the study's own are read once and kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "PUBLISHED", path.parent)
        for name in ("table", "claims", "claim_places"):
            patch.setattr(published, name, cache(getattr(published, name).__wrapped__))
        return [published.claims().to_dict("records"), published.table(1).to_dict("records")]


def audit_read(path: Path) -> list:
    rows = read_table(path)
    for row in rows:
        if isinstance(row, UnreadableRow):
            raise ValueError(f"{path.name}, line {row.line}: {row.reason}")
    return rows


def model_read(path: Path) -> tuple:
    found = read_model(path)
    return questionnaire(found).to_dict("records"), found.components.to_dict("index")


def coder_read(path: Path) -> dict:
    return read_coder(path).to_dict("index")


# Files


def packed_csv(separator: str = ",") -> Callable[[list], bytes]:
    def pack(rows: list) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
        return text.getvalue().encode()

    return pack


def packed_workbook(first: str = "Answers", **others: list) -> Callable[[list], bytes]:
    """A workbook of the rows given, in its first sheet, and of other sheets."""

    def pack(rows: list) -> bytes:
        book, file = openpyxl.Workbook(), io.BytesIO()
        book.remove(book.active)
        for title, sheet in {first: rows, **others}.items():
            to = book.create_sheet(title)
            for row in sheet:
                to.append([None if cell == "" else cell for cell in row])
        book.save(file)
        return file.getvalue()

    return pack


def packed_parquet(rows: list) -> bytes:
    import duckdb
    import pandas as pd

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as engine:
        place = f"{folder}/a.parquet"
        engine.register("t", pd.DataFrame(rows[1:], columns=rows[0]).astype(str))
        engine.execute(f"COPY t TO '{place}' (FORMAT parquet)")
        return Path(place).read_bytes()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def packed_zip(rows: list) -> bytes:
    return zipped({"form.csv": packed_csv()(rows)})


def seed(name: str, tags: str, read: Callable, rows: list, pack: Callable, answer, code=0, **more):
    """A file of a table; `code` is a column, or a place as `answer` is."""
    rows = tuple(map(tuple, rows))
    code = code if isinstance(code, tuple) else (answer[0], code)
    tags = frozenset(f"file {tags}".split())
    return Seed(name, tags, read, pack(list(rows)), rows, pack, answer, code, **more)


def _panels() -> list[Seed]:
    of = {"asked": asked(), "experts": EXPERTS}
    (tidy, long), (wide, broad) = tidy_table(values(4), **of), wide_table(values(5), **of)
    (kobo, told), lime = (
        kobo_table(values(4), **of),
        limesurvey_table(values(4), **of, style="single"),
    )
    tidy, wide, kobo = [tidy, *long], [wide, *broad], [kobo, *told]
    in_tidy, in_wide = (EXPERT * len(asked()) + QUESTION + 1, 6), (EXPERT + 1, QUESTION + 1)
    in_kobo, in_lime = (EXPERT + 1, 10 + 2 * QUESTION), (EXPERT + 1, 9 + 2 * QUESTION)
    plain = [["No.", "Code", *(f"C{n}" for n in range(len(asked())))]]
    plain += [[n, *row] for n, row in enumerate(broad, start=1)]
    saved = {f"saved/{n}.csv": packed_csv()([wide[0], row]) for n, row in enumerate(broad)}
    own = saved.pop(f"saved/{EXPERT}.csv") and [wide[0], broad[EXPERT]]
    mapping = {"mapping.yaml": mapping_text().encode()}

    def mapped(path: Path) -> dict:
        return panel_read(path, mapping=path.parent / "mapping.yaml")

    def in_folder(path: Path) -> dict:
        return panel_read(path.parent)

    def panel(name: str, tags: str, *table, read=panel_read, **more) -> Seed:
        return seed(name, f"panel {tags}", read, *table, **more)

    book, wide_tool = packed_workbook(), "table wide tool"
    return [
        panel("tidy.csv", "csv table long", tidy, packed_csv(), in_tidy),
        panel("tidy.xlsx", "xlsx table long", tidy, book, in_tidy),
        panel("tidy.parquet", "parquet table long", tidy, packed_parquet, in_tidy),
        panel("wide.csv", "csv table wide", wide, packed_csv(), in_wide),
        panel("wide.tsv", "csv table wide", wide, packed_csv("\t"), in_wide),
        panel("wide.xlsx", "xlsx table wide", wide, book, in_wide),
        panel("kobo.csv", f"csv {wide_tool}", kobo, packed_csv(";"), in_kobo, 5),
        panel("kobo.xlsx", f"xlsx {wide_tool}", kobo, book, in_kobo, 5),
        panel("odk.csv.zip", f"zip {wide_tool}", kobo, packed_zip, in_kobo, 5),
        panel("lime.csv", f"csv {wide_tool}", [lime[0], *lime[1]], packed_csv(), in_lime, 7),
        panel("qualtrics.csv", "csv wide", _qualtrics(), packed_csv(), (4, 6 + 2 * QUESTION), 4),
        panel(
            *("mapped.csv", "csv table wide", plain, packed_csv(), (in_wide[0], in_wide[1] + 1), 1),
            read=mapped,
            beside=mapping,
        ),
        panel(
            *("saved/1.csv", "csv one", own, packed_csv(), (1, in_wide[1])),
            read=in_folder,
            beside=saved,
        ),
        panel("entry.xlsx", "xlsx sheets code", *_entry(), (7 + QUESTION, 6), (3, 5)),
        panel("matrices.xlsx", "xlsx sheets", *_matrices()),
    ]


def mapping_text() -> str:
    questions = [
        {"column": f"C{n}", **dict(zip(("context", "left", "right"), question, strict=True))}
        for n, question in enumerate(asked())
    ]
    return yaml.safe_dump({"expert": "Code", "questions": questions}, sort_keys=False)


def _qualtrics() -> list:
    """Three rows of headings (names, texts, ids) and the answers."""
    names = ["StartDate", "Status", "Progress", "ResponseId", "Q0"]
    texts = ["Start Date", "Response Type", "Progress", "Response ID", "Your expert code"]
    for n, (context, left, right) in enumerate(asked()):
        about, one, other = (model().label(each) for each in (context, left, right))
        texts += [f"With regard to “{about}”: {one} or {other}?"]
        texts += [f"{texts[-1]} - how much"]
        names += [f"Q{n + 1}_1", f"Q{n + 1}_2"]
    rows = [names, texts, [f'{{"ImportId":"QID{n}_TEXT"}}' for n in range(len(names))]]
    for n, (expert, row) in enumerate(zip(EXPERTS, values(4), strict=True)):
        cells = [f"2026-03-{n + 1:02d} 09:00:00", "IP Address", "100", f"R_{n}abc", expert]
        for question, value in zip(asked(), row, strict=True):
            side, size = side_and_intensity(value)
            label = model().label(question[1 if side == "left" else 2])
            cells += ["Both equal", ""] if side == "equal" else [label, str(size)]
        rows.append(cells)
    return rows


def _entry() -> tuple[list, Callable]:
    """The workbook to type answers on paper into, without its looks; the damaged expert first."""
    with tempfile.TemporaryDirectory() as folder:
        copies = [fixed_copy(asked_questions(model(), ["en"]))] * len(EXPERTS)
        path = write_data_entry(copies, model(), Path(folder) / "a.xlsx", round=1, language="en")
        book = openpyxl.load_workbook(path)
    sheets = {}
    for k, sheet in zip([EXPERT, 0, 2, 3, 4], book.worksheets, strict=True):
        sheet["F4"], sheet["F5"] = EXPERTS[k], 1
        for row, value in enumerate(values(4)[k], start=8):
            side, size = side_and_intensity(value)
            box = {"left": 3, "right": 5}.get(side)
            code = str(sheet.cell(row, box).value).split(" · ")[0] if box else "0"
            sheet.cell(row, 6).value, sheet.cell(row, 7).value = int(code), size if box else None
        sheets[sheet.title] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    title = next(iter(sheets))
    return sheets.pop(title), packed_workbook(title, **sheets)


def _matrices() -> tuple[list, Callable, tuple[int, int]]:
    """A matrix for each expert and context; the damaged one first, and where its answer stands."""
    sheets, ids = {}, {}
    for context, *pair in asked():
        ids.setdefault(context, {}).update(dict.fromkeys(pair))
    for expert, row in zip(EXPERTS, values(4), strict=True):
        for context, names in ids.items():
            cells = {
                (left, right): value + 1 if value >= 0 else f"1/{1 - value}"
                for (about, left, right), value in zip(asked(), row, strict=True)
                if about == context
            }
            table = [[one, *(cells.get((one, other), "") for other in names)] for one in names]
            sheets[f"{expert} {context}"] = [["", *names], *table]
    context, left, right = asked()[QUESTION]
    title, names = f"{EXPERTS[EXPERT]} {context}", list(ids[context])
    at = 1 + names.index(left), 1 + names.index(right)
    return sheets.pop(title), packed_workbook(title, **sheets), at


def _published(name: str, kind: str, answer: tuple[int, int]) -> Seed:
    """A table as published, in a folder with the others."""
    beside = {f"published/{path.name}": path.read_bytes() for path in PUBLISHED.iterdir()}
    content = beside.pop(f"published/{name}").decode()
    rows = list(csv.reader(io.StringIO(content, newline="")))
    tags = f"published csv table {kind}"
    return seed(
        f"published/{name}", tags, published_read, rows, packed_csv(), answer, beside=beside
    )


AUDITED = (
    ("id", "m", "n", "W", "chi2", "df", "p", "mean_ranks"),
    ("one", "13", "8", "0.227", "", "7", ".004", ""),
    ("two", "12", "4", "0.5", "18.0", "3", "<0.001", ""),
    ("three", "5", "3", "", "", "", "", "1.20;2.20;2.60"),
)


@cache
def seeds() -> list[Seed]:
    """Every kind of file."""
    codes = [("row", "difficulty"), *((row, "circularity") for row in article_codes().index)]
    accepted = parameters(find_notebook("03"))

    def text(name: str, read: Callable, content: bytes, tags: str = "file") -> Seed:
        return Seed(name, frozenset({*tags.split(), *name.split(".")}), read, content)

    return [
        *_panels(),
        *(
            _published(f"table{n}.csv", "figures" if n > 1 else "words", (2, 3))
            for n in range(1, 5)
        ),
        _published("claims.csv", "ledger", (1, 5)),
        seed("audit.csv", "audit csv table", audit_read, AUDITED, packed_csv(), (2, 3)),
        seed("coder.csv", "coder csv table", coder_read, codes, packed_csv(), (2, 1)),
        seed("coder.xlsx", "coder xlsx table", coder_read, codes, packed_workbook(), (2, 1)),
        text("model.yaml", model_read, (MODEL / "model.yaml").read_bytes()),
        text("mapping.yaml", lambda path: read_mapping(path, model()), mapping_text().encode()),
        text("notebook.ipynb", parameters, find_notebook("03").read_bytes()),
        text("settings", lambda p: read_settings([p.read_text()], accepted), b"alpha=0.05", ""),
    ]
