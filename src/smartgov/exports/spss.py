"""A panel as an SPSS data file: one expert a row, one variable a question, labelled.

Questions are named by number (``q001`` as in
:func:`smartgov.panels.question_numbers`), as SPSS takes 64 bytes and not all ids fit; those
of round two begin with ``r2_``. The label says what each asks. A judgement that was not given is
-99, declared as missing.
"""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pandas as pd
import pyreadstat

from smartgov.exports.syntax import repeated_tests, syntax
from smartgov.exports.variables import prefix, share_name
from smartgov.model import Model
from smartgov.panels.names import question_numbers
from smartgov.panels.tidy import equal_shares, signed_values

NOT_ANSWERED = -99
STEPS = 8


def wide_table(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """A panel with one expert a row.

    Returns
    -------
    DataFrame
        ``expert``; for every round signed values (-8 to 8, NaN where missing) of the questions it
        asked, in the model's order, and the shares of equal judgements. Unnamed questions count
        in the shares and have no column.
    """
    numbers = question_numbers(model)
    parts = []
    for round_ in sorted(panel["round"].unique()):
        values = signed_values(panel, numbers.values(), round_)
        table = pd.DataFrame(values.values, columns=[prefix(round_) + name for name in numbers])
        counts = equal_shares(panel, model, round_)
        shares = counts.pivot(index="expert", columns="column", values="share")
        shares = shares.loc[values.experts, model.columns]
        shares.columns = [share_name(column, round_) for column in shares.columns]
        parts += [table.dropna(axis=1, how="all"), shares.reset_index(drop=True)]
    experts = pd.Series(list(dict.fromkeys(panel["expert"])), name="expert")
    return pd.concat([experts, *parts], axis=1)


def variable_labels(model: Model, rounds: list[int], language: str = "en") -> dict[str, str]:
    """What every variable of :func:`wide_table` holds, in one sentence."""
    labels = {"expert": "Expert"}
    for round_ in rounds:
        for name, (context, left, right) in question_numbers(model).items():
            named = [model.label(identifier, language) for identifier in (context, left, right)]
            label = f"Round {round_}, {named[0]}: {named[1]} (+) or {named[2]} (-)"
            labels[prefix(round_) + name] = label
        for column in model.columns:
            label = f"Round {round_}, share of equal judgements, {column}"
            labels[share_name(column, round_)] = label
    return labels


def value_labels() -> dict[float, str]:
    """Meaning of the signed values, and of the missing one."""
    labels = {float(NOT_ANSWERED): "not answered", 0.0: "equal"}
    for step in range(1, STEPS + 1):
        labels |= {
            float(step): f"left, intensity {step + 1}",
            float(-step): f"right, intensity {step + 1}",
        }
    return labels


def write_sav(
    panel: pd.DataFrame, model: Model, folder: Path | str, language: str = "en"
) -> list[Path]:
    """Write a panel for SPSS and PSPP, with the syntax that repeats the study's tests.

    Parameters
    ----------
    panel : DataFrame
        Tidy form.
    model : Model
    folder : Path or str
        Made if it is not there; ``panel.sav`` and ``panel.sps`` are written.
    language : str
        Language of the components' names in the labels: ``en``, ``kk`` or ``ru``.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    table = wide_table(panel, model)
    rounds = sorted(int(number) for number in panel["round"].unique())
    questions = [name for name in table.columns if re.fullmatch(r"(r\d+_)?q\d+", name)]
    numbers = [name for name in table.columns if name != "expert"]
    labels = variable_labels(model, rounds, language)
    data, program = folder / "panel.sav", folder / "panel.sps"
    try:
        pyreadstat.write_sav(
            table.fillna(dict.fromkeys(questions, NOT_ANSWERED)),
            str(data),
            file_label="Answers of a Delphi panel",
            column_labels=[labels[name] for name in table.columns],
            variable_value_labels=dict.fromkeys(questions, value_labels()),
            missing_ranges=dict.fromkeys(questions, [NOT_ANSWERED]),
            variable_measure={"expert": "nominal"}
            | dict.fromkeys(numbers, "scale")
            | dict.fromkeys(questions, "ordinal"),
            variable_format=dict.fromkeys(numbers, "F8.6") | dict.fromkeys(questions, "F3.0"),
        )
        _undated(data)
        pyreadstat.read_sav(data)  # where a disk is full, the writer may cut the file and not say
    except pyreadstat.ReadstatError as error:
        raise OSError(errno.EIO, f"could not be written whole ({error})", str(data)) from None
    program.write_text(syntax(repeated_tests(table, model, rounds), data.name), encoding="utf-8")
    return [data, program]


def _undated(data: Path) -> None:
    """Put a fixed day and time into the header, so that the same panel gives the same bytes."""
    with data.open("r+b") as file:
        file.seek(92)  # in every .sav, after what wrote it and the numbers of the table
        file.write(b"01 Jan 0000:00:00")
