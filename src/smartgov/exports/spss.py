"""A panel as an SPSS data file: one expert a row, one variable a question, labelled.

Questions are named by number (``q001`` as in
:func:`smartgov.panels.question_numbers`), as SPSS takes 64 bytes and not all ids fit; those
of round two begin with ``r2_``. The label says what each asks. A judgement that was not given is
-99, declared as missing.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from smartgov.exports.syntax import repeated_tests, syntax
from smartgov.exports.variables import prefix, share_name
from smartgov.model import Model
from smartgov.panels.names import question_numbers
from smartgov.panels.tidy import equal_shares, signed_values, table2_columns

NOT_ANSWERED = -99
STEPS = 8


def wide_table(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """A panel with one expert a row.

    Parameters
    ----------
    panel : DataFrame
        Tidy form; unnamed questions count in the shares of equal judgements and have no column.
    model : Model

    Returns
    -------
    DataFrame
        ``expert``; for every round signed values (-8 to 8, NaN where missing) of the questions it
        asked, in the model's order, and the shares of equal judgements.
    """
    numbers = question_numbers(model)
    parts = []
    for round_ in sorted(panel["round"].unique()):
        values = signed_values(panel, numbers.values(), round_)
        table = pd.DataFrame(values.values, columns=[prefix(round_) + name for name in numbers])
        shares = equal_shares(panel, model, round_).pivot(
            index="expert", columns="column", values="share"
        )
        shares = shares.reindex(
            index=values.experts, columns=dict.fromkeys(table2_columns(model).values())
        )
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
            labels[prefix(round_) + name] = (
                f"Round {round_}, {named[0]}: {named[1]} (+) or {named[2]} (-)"
            )
        for column in table2_columns(model).values():
            labels[share_name(column, round_)] = (
                f"Round {round_}, share of equal judgements, {column}"
            )
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
        Made if it is not there.
    language : str
        Language of the components' names in the labels: ``en``, ``kk`` or ``ru``.

    Returns
    -------
    list of Path
        ``panel.sav`` and ``panel.sps``.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    table = wide_table(panel, model)
    rounds = sorted(int(number) for number in panel["round"].unique())
    questions = [name for name in table.columns if re.fullmatch(r"(r\d+_)?q\d+", name)]
    labels = variable_labels(model, rounds, language)
    data, program = folder / "panel.sav", folder / "panel.sps"
    pyreadstat.write_sav(
        table.assign(**{name: table[name].fillna(NOT_ANSWERED) for name in questions}),
        str(data),
        file_label="Answers of a Delphi panel",
        column_labels=[labels[name] for name in table.columns],
        variable_value_labels={name: value_labels() for name in questions},
        missing_ranges={name: [NOT_ANSWERED] for name in questions},
        variable_measure={
            name: "ordinal" if name in questions else "nominal" if name == "expert" else "scale"
            for name in table.columns
        },
        variable_format={
            name: "F3.0" if name in questions else "F8.6"
            for name in table.columns
            if name != "expert"
        },
    )
    program.write_text(syntax(repeated_tests(table, model, rounds), data.name), encoding="utf-8")
    return [data, program]


def read_sav(path: Path | str, model: Model) -> pd.DataFrame:
    """Read a panel back from the file that :func:`write_sav` wrote.

    Returns
    -------
    DataFrame
        Tidy form, the model's order of questions and sides.

    Raises
    ------
    ValueError
        If a variable is no question of the model, or holds anything but -8 to 8.
    """
    table, _ = pyreadstat.read_sav(str(path))
    numbers = question_numbers(model)
    rows = []
    for name in table.columns:
        match = re.fullmatch(r"(?:r(\d+)_)?(q\d+)", name)
        if not match:
            continue
        if match[2] not in numbers:
            raise ValueError(
                f"{Path(path).name}, variable {name}: found no such question; accepted are q001 to"
                f" {list(numbers)[-1]}."
            )
        values = table[name]
        if not values.dropna().isin(range(-STEPS, STEPS + 1)).all():
            raise ValueError(
                f"{Path(path).name}, variable {name}: found values outside -8 to 8; accepted are"
                " signed values."
            )
        answered = values.notna()
        frame = pd.DataFrame({"expert": table.loc[answered, "expert"], "round": int(match[1] or 1)})
        frame[["context", "left", "right"]] = numbers[match[2]]
        signed = values[answered].astype(int)
        frame["favours"] = np.select([signed > 0, signed < 0], ["left", "right"], "equal")
        frame["intensity"] = signed.abs() + 1
        rows.append(frame)
    if not rows:
        raise ValueError(
            f"{Path(path).name}: found no question; accepted are variables named q001, q002 … or"
            " r2_q001 …."
        )
    return pd.concat(rows).sort_values(["expert", "round"], kind="stable", ignore_index=True)
