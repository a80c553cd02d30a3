"""One page on a run with another panel: every result beside the article's."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from smartgov.delphi.ranking import CUTOFFS
from smartgov.model import Model
from smartgov.panels import Answers
from smartgov.present.messages import say
from smartgov.present.page import (
    MISSING,
    SUMMARY_STYLE,
    decimals,
    figure,
    heading,
    html_page,
    html_table,
    listing,
    p_words,
    paragraph,
    side_by_side,
)


@dataclass(frozen=True)
class Run:
    """What the notebooks wrote for a panel.

    Attributes
    ----------
    folder : Path
    model : Model
        Names in the page's language.
    """

    folder: Path
    model: Model

    def table(self, name: str) -> pd.DataFrame:
        """A table of ``data/derived``; printed figures stay strings."""
        return pd.read_csv(
            self.folder / "data" / "derived" / f"{name}.csv",
            dtype={"printed_W": str, "printed_p": str},
        )

    def dimension(self, identifier: str) -> str:
        """Name of a dimension or of the inner ring, on one line."""
        return say(f"dimension.{identifier}").replace("\n", " ")


def write_page(answers: Answers, name: str, folder: Path, model: Model) -> Path:
    """Write ``summary.html`` into the folder of a run; the names of the answers' files stay out.

    Returns
    -------
    Path
        The page.
    """
    run, title = Run(folder, model), say("summary.title", name=name)
    parts = [f"<h1>{escape(title)}</h1>", paragraph(say("summary.lead"))]
    parts += [paragraph(say("summary.round_one"))] if answers.panel["round"].nunique() > 1 else []
    for section in (_read, _priorities, _stability, _agreement, _consistency, _relation, _rounds):
        parts += section(run, answers)
    parts.append(paragraph(say("summary.files")))
    page = folder / "summary.html"
    page.write_text(
        html_page(title, "\n".join(parts), model.language, SUMMARY_STYLE), encoding="utf-8"
    )
    return page


# Sections ----------------------------------------------------------------------------------------


def _read(run: Run, answers: Answers) -> list[str]:
    lines, files = [], {}
    for number, each in enumerate(answers.understood, start=1):
        rounds = ", ".join(map(str, each.rounds)) or str(number)
        file = say("summary.file", round=rounds, format=say(f"summary.format.{each.format}"))
        counts = say(
            "summary.experts",
            experts=each.experts,
            found=each.questions_found,
            expected=each.questions_expected,
            missing=each.missing,
        )
        dates = (
            [say("summary.dates", first=each.dates[0], last=each.dates[1])] if each.dates else []
        )
        lines.append("; ".join([f"{file}: {counts}", *dates]))
        files[each.file] = file
    notes = list(answers.warnings)
    for name in sorted(files, key=len, reverse=True):  # one name may be the end of another
        notes = [note.replace(name, files[name]) for note in notes]
    dropped = answers.dropped_columns
    lines.append(
        say("summary.dropped", columns=", ".join(dropped))
        if dropped
        else say("summary.nothing_dropped")
    )
    parts = [heading("summary.read"), listing(lines)]
    # What reading noticed is said in English.
    return parts + (
        [f"<h3>{escape(say('summary.notes'))}</h3>", f'<div lang="en">{listing(notes)}</div>']
        if notes
        else []
    )


def _priorities(run: Run, answers: Answers) -> list[str]:
    priorities = run.table("panel_priorities")
    between = _range(priorities["low"], priorities["high"])
    cells = [
        f"{row.priority:.2f}{f' ({ends})' if ends != MISSING else ''}, {row.rank}."
        for row, ends in zip(priorities.itertuples(), between, strict=True)
    ]
    named = pd.DataFrame(
        {
            "component": priorities["row"].map(run.model.label),
            "dimension": priorities["dimension"].map(run.dimension),
            "cell": cells,
        }
    )
    wide = named.set_index(["component", "dimension"])["cell"].unstack("dimension", sort=False)
    table = wide.rename_axis(index=say("column.component"), columns=None).reset_index()
    return [
        heading("summary.priorities"),
        paragraph(say("summary.priorities_note", level=95)),
        _own("03_priorities_of_panel", "priorities.title"),
        html_table(table, say("summary.priorities")),
        paragraph(say("summary.nothing_printed")),
    ]


def _stability(run: Run, answers: Answers) -> list[str]:
    stability = run.table("ranking_stability").fillna({"detail": "", "leader": ""})
    single = stability["choice"] == "without"
    hardest = stability[single].sort_values("tau", kind="stable").groupby("dimension").head(1).index
    shown = stability[~single | stability.index.isin(hardest)]
    leaders = shown["leader"].map(
        lambda names: " = ".join(map(run.model.label, names.split(" = "))) if names else MISSING
    )
    choices = [
        say(f"choice.{choice}", cutoff=detail, expert=detail)
        for choice, detail in zip(shown["choice"], shown["detail"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "dimension": shown["dimension"].map(run.dimension),
            "choice": choices,
            "experts": shown["experts"],
            "tau": shown["tau"].map(decimals(2)),
            "leader": leaders,
            "moved": shown["moved"].map(decimals(0)),
            "furthest": shown["furthest"].map(decimals(0)),
        }
    )
    return [
        heading("summary.stability"),
        paragraph(say("summary.stability_note")),
        _own("03_rank_choices_of_panel", "rank_choices.title"),
        html_table(_headed(table), say("summary.stability")),
        paragraph(say("summary.nothing_printed")),
    ]


def _agreement(run: Run, answers: Answers) -> list[str]:
    found = run.table("panel_concordance")
    drawn = [
        f"≈ {p_words(p)}" if method == "permutation" else p_words(p)
        for p, method in zip(found["p_exact"], found["method"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "context": found["context"].map(run.dimension),
            "component": found["row"].map(run.model.label),
            "m": found["m"],
            "n": found["n"],
            "W": found["W"].map(decimals(3)),
            "printed_W": found["printed_W"].fillna(MISSING),
            "W_range": _range(found["W_low"], found["W_high"]),
            "p_exact": drawn,
            "printed_p": found["printed_p"].fillna(MISSING),
            "p_corrected": found["p_corrected"].map(p_words),
        }
    )
    return [
        heading("summary.agreement"),
        paragraph(say("summary.agreement_note")),
        _pair("03_concordance_of_panel", "panel_concordance.title", "03_p_from_w", "p_from_w.alt"),
        _pair(
            "03_mean_ranks_of_panel",
            "panel_mean_ranks.title",
            "03_mean_rank_ruler",
            "mean_rank_ruler.alt",
        ),
        _pair(
            "03_equal_shares_of_panel",
            "equal_shares.title",
            "03_equal_shares",
            "equal_shares.title",
        ),
        html_table(_headed(table), say("summary.agreement")),
    ]


def _consistency(run: Run, answers: Answers) -> list[str]:
    ratios = run.table("expert_consistency").drop(columns=["expert", "provenance"])
    columns = {
        say("column.within", cutoff=f"{cutoff:.2f}"): (ratios <= cutoff).sum() for cutoff in CUTOFFS
    }
    table = (
        pd.DataFrame(columns | {say("column.complete"): ratios.notna().sum()})
        .rename(index=run.dimension)
        .rename_axis(say("column.dimension"))
    )
    return [
        heading("summary.consistency"),
        paragraph(say("summary.consistency_note")),
        html_table(table.reset_index(), say("summary.consistency")),
        paragraph(say("summary.nothing_printed")),
    ]


def _relation(run: Run, answers: Answers) -> list[str]:
    return [
        heading("summary.relation"),
        paragraph(say("summary.relation_note")),
        _pair("05_dimensions_of_panel", "dimensions.title", "05_dimensions", "dimensions.title"),
        _pair(
            "05_standing_of_panel",
            "standing.title",
            "05_opposite_panels",
            "opposite.title",
            "summary.reconstructed",
        ),
    ]


def _rounds(run: Run, answers: Answers) -> list[str]:
    decided = run.table("third_round").iloc[0]
    if decided["provenance"] == "synthetic":
        return [heading("summary.rounds"), paragraph(say("summary.synthetic_round"))]
    rule = {
        "open": decided["open"],
        "questions": decided["questions"],
        "allowed": decided["most_open"],
    }
    words = [
        say("summary.third_round", **rule),
        say("summary.needed" if decided["needed"] else "summary.not_needed"),
    ]
    both = (
        run.table("round_two_priorities")
        .drop(columns="provenance")
        .rename(columns={"row": "component"})
    )
    both["dimension"], both["component"] = (
        both["dimension"].map(run.dimension),
        both["component"].map(run.model.label),
    )
    both[["priority_1", "priority_2"]] = both[["priority_1", "priority_2"]].map(decimals(2))
    return [
        heading("summary.rounds"),
        paragraph(" ".join(words)),
        _own("04_third_round", "third_round.title"),
        _own("04_second_round", "round_two.title"),
        f"<h3>{escape(say('summary.both_rounds'))}</h3>",
        html_table(_headed(both), say("summary.both_rounds")),
        paragraph(say("summary.nothing_printed")),
    ]


# Pieces ------------------------------------------------------------------------------------------


def _own(name: str, title: str) -> str:
    return side_by_side(figure(name, title, "summary.yours"))


def _pair(
    name: str, title: str, beside: str, beside_title: str, whose: str = "summary.articles"
) -> str:
    return side_by_side(figure(name, title, "summary.yours"), figure(beside, beside_title, whose))


def _headed(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=lambda name: say(f"column.{name}"))


def _range(lows: pd.Series, highs: pd.Series) -> list[str]:
    return [
        f"{low:.2f}–{high:.2f}" if low == low else MISSING
        for low, high in zip(lows, highs, strict=True)
    ]
