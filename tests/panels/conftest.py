"""Answers of an invented panel, written by hand in the shape of each survey tool's export."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from smartgov.model import questionnaire, read_model

EXPERTS = [f"KZ-{number:02d}" for number in (7, 3, 11, 1, 9, 2, 13, 5, 8, 4, 12, 6, 10)]
SENSITIVE = (
    "Aigerim",
    "Nurlanova",
    "aigerim@example.kz",
    "188.0.132.77",
    "43.2389",
    "collect:abc123",
    "+7 701 555 01 02",
    "I think that",
)


@pytest.fixture(scope="session")
def model():
    return read_model()


@pytest.fixture(scope="session")
def asked(model) -> list[tuple[str, str, str]]:
    return list(
        questionnaire(model)[["context", "left", "right"]].itertuples(index=False, name=None)
    )


@pytest.fixture(scope="session")
def values(asked) -> np.ndarray:
    """Signed values of 13 experts, a third of them equal."""
    rng = np.random.default_rng(20240501)
    drawn = rng.integers(-8, 9, size=(len(EXPERTS), len(asked)))
    return np.where(rng.random(drawn.shape) < 0.3, 0, drawn)


def side_and_intensity(value: int) -> tuple[str, int]:
    return ("left" if value > 0 else "right" if value < 0 else "equal"), abs(int(value)) + 1


def write_csv(
    path: Path,
    header: list,
    rows: list,
    separator: str = ",",
    encoding: str = "utf-8",
    quoting=csv.QUOTE_MINIMAL,
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator, quoting=quoting).writerows([header, *rows])
    return path


def write_xlsx(path: Path, header: list, rows: list) -> Path:
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append(row)
    book.save(path)
    return path


def tidy_table(
    values: np.ndarray, asked: list, experts=EXPERTS, round: int = 1
) -> tuple[list, list]:
    header = ["expert", "round", "context", "left", "right", "favours", "intensity"]
    return header, [
        [expert, round, *question, *side_and_intensity(value)]
        for expert, row in zip(experts, values, strict=False)
        for question, value in zip(asked, row, strict=False)
    ]


def wide_table(values: np.ndarray, asked: list, experts=EXPERTS) -> tuple[list, list]:
    return ["expert", *("__".join(question) for question in asked)], [
        [expert, *map(int, row)] for expert, row in zip(experts, values, strict=False)
    ]


def kobo_table(
    values: np.ndarray,
    asked: list,
    experts=EXPERTS,
    separator: str | None = "/",
    labels=None,
    headings=None,
) -> tuple[list, list]:
    """A KoboToolbox export: forms' fields behind group names, and the columns the tool adds.

    `labels` turns (question, side) into the label of an answer; `headings` turns (question, part)
    into the label of a question.
    """
    label = labels or (lambda question, side: side)
    group = (lambda context: "") if separator is None else (lambda context: f"{context}{separator}")
    heading = headings or (
        lambda question, part: f"{group(question[0])}{'__'.join(question)}__{part}"
    )
    header = [
        "start",
        "end",
        "deviceid",
        "phonenumber",
        "consent",
        "expert_code",
        "full_name",
        "E-mail",
        "_location_latitude",
    ]
    header += [heading(question, part) for question in asked for part in ("side", "intensity")]
    header += [
        "comment",
        "_id",
        "_uuid",
        "_submission_time",
        "_submitted_by",
        "__version__",
        "_index",
    ]
    rows = []
    for number, (expert, row) in enumerate(zip(experts, values, strict=False), start=1):
        cells = [
            f"2026-03-{number:02d}T09:00:00",
            f"2026-03-{number:02d}T09:40:00",
            "collect:abc123",
            "+7 701 555 01 02",
            "yes",
            expert,
        ]
        cells += ["Aigerim Nurlanova", "aigerim@example.kz", "43.2389"]
        for question, value in zip(asked, row, strict=False):
            side, intensity = side_and_intensity(value)
            cells += [label(question, side), "" if side == "equal" else intensity]
        cells += [
            "I think that Aigerim's pairs are; too many",
            5000 + number,
            f"uuid-{number}",
            f"2026-03-{number:02d}T09:41:07",
            "",
            "vQ1",
            number,
        ]
        rows.append(cells)
    return header, rows


def limesurvey_table(
    values: np.ndarray, asked: list, experts=EXPERTS, style: str = "dual"
) -> tuple[list, list]:
    """A LimeSurvey export in one of four styles of headings."""

    def heading(number: int, question, part: str) -> str:
        code, text = f"q{number:03d}", f"{question[0]} [{question[1]} | {question[2]}]"
        scale = {"side": 1, "intensity": 2}[part]
        return {
            "dual": f"{question[0][:4]}[{code}][{scale}]",
            "single": f"{code}{part}",
            "underscores": f"{question[0][:2]}_{code}_{scale - 1}",
            "text": f"G1[{code}][{scale}]. {text}[{part}]",
        }[style]

    text = style == "text"
    header = [
        "id. Response ID" if text else "id",
        "submitdate. Date submitted" if text else "submitdate",
    ]
    header += [
        "lastpage. Last page" if text else "lastpage",
        "startlanguage. Start language" if text else "startlanguage",
    ]
    header += [
        "token. Token" if text else "token",
        "ipaddr. IP address" if text else "ipaddr",
        "email. Email address" if text else "email",
    ]
    header += ["expertcode. Your expert code" if text else "expertcode"]
    header += [
        heading(number, question, part)
        for number, question in enumerate(asked, 1)
        for part in ("side", "intensity")
    ]
    rows = []
    for number, (expert, row) in enumerate(zip(experts, values, strict=False), start=1):
        cells = [
            number,
            f"2026-04-{number:02d} 10:11:12",
            5,
            "kk",
            f"tok{number}",
            "188.0.132.77",
            "aigerim@example.kz",
            expert,
        ]
        for value in row:
            side, intensity = side_and_intensity(value)
            cells += [side, "" if side == "equal" else f"{intensity}.0000000000"]
        rows.append(cells)
    return header, rows


@pytest.fixture
def tidy(values, asked):
    return tidy_table(values, asked)


@pytest.fixture
def by_hand():
    """The builders, for tests that vary what is written."""
    return {
        "csv": write_csv,
        "xlsx": write_xlsx,
        "tidy": tidy_table,
        "wide": wide_table,
        "kobo": kobo_table,
        "limesurvey": limesurvey_table,
        "experts": EXPERTS,
        "sensitive": SENSITIVE,
        "side_and_intensity": side_and_intensity,
    }


@pytest.fixture
def same_answers(values, asked):
    """Checks that what was read is what was written, whatever order the experts are in now."""
    from smartgov.panels import signed_values

    def check(
        panel: pd.DataFrame,
        key: dict[str, str] | None = None,
        experts=EXPERTS,
        written=values,
        round: int = 1,
    ) -> None:
        read = signed_values(panel, asked, round)
        place = {expert: i for i, expert in enumerate(read.experts)}
        assert len(place) == len(experts)
        order = [place[key[expert] if key else expert] for expert in experts]
        np.testing.assert_array_equal(read.values[order], written)

    return check
