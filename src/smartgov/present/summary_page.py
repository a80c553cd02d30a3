"""One page on a run with another panel: every result beside the article's."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from smartgov.present.instrument_page import html_page
from smartgov.present.messages import say
from smartgov.study.model import Model
from smartgov.study.panels import Answers

STYLE = """
body { max-width: 1180px; }
table { border-collapse: collapse; font-size: .9em; margin: .6em 0; }
th, td { padding: 3px 8px; vertical-align: bottom; text-align: left; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
td { white-space: nowrap; }
.wide { overflow-x: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 500px), 1fr)); gap: 12px 24px; margin: 12px 0; }
.pair figure { margin: 0; max-width: 900px; } figure img { width: 100%; } figcaption { color: var(--soft); font-size: .875em; }
"""
MISSING = "–"


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
        return pd.read_csv(self.folder / "data" / "derived" / f"{name}.csv", dtype={"printed_W": str, "printed_p": str})

    def dimension(self, identifier: str) -> str:
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
    for section in (_read, _priorities, _stability, _agreement, _consistency, _relation, _rounds):
        parts += section(run, answers)
    parts.append(paragraph(say("summary.files")))
    page = folder / "summary.html"
    page.write_text(html_page(title, f"<style>{STYLE}</style>\n" + "\n".join(parts), model.language), encoding="utf-8")
    return page


# Sections ----------------------------------------------------------------------------------------

def _read(run: Run, answers: Answers) -> list[str]:
    lines, notes = [], list(answers.warnings)
    for number, each in enumerate(answers.understood, start=1):
        rounds = ", ".join(map(str, each.rounds)) or str(number)
        file = say("summary.file", round=rounds, format=say(f"summary.format.{each.format}"))
        counts = say("summary.experts", experts=each.experts, found=each.questions_found, expected=each.questions_expected, missing=each.missing)
        dates = [say("summary.dates", first=each.dates[0], last=each.dates[1])] if each.dates else []
        lines.append("; ".join([f"{file}: {counts}", *dates]))
        notes = [note.removeprefix(f"{each.file}: ").replace(each.file, file) for note in notes]
    dropped = answers.dropped_columns
    lines.append(say("summary.dropped", columns=", ".join(dropped)) if dropped else say("summary.nothing_dropped"))
    parts = [_heading("read"), _list(lines)]
    return parts + ([f"<h3>{escape(say('summary.notes'))}</h3>", _list(notes)] if notes else [])


def _priorities(run: Run, answers: Answers) -> list[str]:
    priorities = run.table("panel_priorities")
    cells = [f"{row.priority:.2f} ({row.low:.2f}–{row.high:.2f}), {row.rank}." for row in priorities.itertuples()]
    names = {"component": priorities["row"].map(run.model.label), "dimension": priorities["dimension"].map(run.dimension)}
    wide = pd.DataFrame(names | {"cell": cells}).pivot(index="component", columns="dimension", values="cell")
    ordered = wide.loc[list(dict.fromkeys(names["component"])), list(dict.fromkeys(names["dimension"]))]
    table = ordered.rename_axis(index=say("column.component"), columns=None).reset_index()
    return [
        _heading("priorities"), paragraph(say("summary.priorities_note", level=95)),
        figures("03_priorities_of_panel", "priorities.title"), html_table(table), paragraph(say("summary.nothing_printed")),
    ]  # fmt: skip


def _stability(run: Run, answers: Answers) -> list[str]:
    stability = run.table("ranking_stability")
    single = stability["choice"].str.startswith("without_")
    hardest = stability[single].sort_values("tau", kind="stable").groupby("dimension").head(1).index
    shown = stability[~single | stability.index.isin(hardest)]
    leaders = shown["leader"].map(lambda names: " = ".join(map(run.model.label, names.split(" = "))))
    table = pd.DataFrame({
        "dimension": shown["dimension"].map(run.dimension), "choice": shown["choice"].map(_choice), "experts": shown["experts"],
        "tau": shown["tau"].map(decimals(2)), "leader": leaders, "moved": shown["moved"], "furthest": shown["furthest"],
    })  # fmt: skip
    return [
        _heading("stability"), paragraph(say("summary.stability_note")),
        figures("03_rank_choices_of_panel", "rank_choices.title"), html_table(_headed(table)), paragraph(say("summary.nothing_printed")),
    ]  # fmt: skip


def _choice(choice: str) -> str:
    if choice.startswith("cr_"):
        return say("choice.cr", cutoff=choice.removeprefix("cr_"))
    if choice.startswith("without_"):
        return say("choice.without", expert=choice.removeprefix("without_"))
    return say(f"choice.{choice}")


def _agreement(run: Run, answers: Answers) -> list[str]:
    found = run.table("panel_concordance")
    between = [f"{low:.2f}–{high:.2f}" if low == low else MISSING for low, high in zip(found["W_low"], found["W_high"], strict=True)]
    table = pd.DataFrame({
        "context": found["context"].map(run.dimension), "component": found["row"].map(run.model.label), "m": found["m"], "n": found["n"],
        "W": found["W"].map(decimals(3)), "printed_W": found["printed_W"].fillna(MISSING), "W_range": between,
        "p_exact": found["p_exact"].map(p_words), "printed_p": found["printed_p"].fillna(MISSING), "p_corrected": found["p_corrected"].map(p_words),
    })  # fmt: skip
    return [
        _heading("agreement"), paragraph(say("summary.agreement_note")),
        figures("03_concordance_of_panel", "panel_concordance.title", "03_w_and_p", "kendall.title"),
        figures("03_mean_ranks_of_panel", "panel_mean_ranks.title", "03_inner_ring_mean_ranks", "mean_ranks.title"),
        figures("03_equal_shares_of_panel", "equal_shares.title", "03_equal_shares", "equal_shares.title"), html_table(_headed(table)),
    ]  # fmt: skip


def _consistency(run: Run, answers: Answers) -> list[str]:
    ratios = run.table("expert_consistency").drop(columns=["expert", "provenance"])
    columns = {say("column.within", cutoff=f"{cutoff:.2f}"): (ratios <= cutoff).sum() for cutoff in (0.10, 0.20)}
    table = pd.DataFrame(columns | {say("column.complete"): ratios.notna().sum()}).rename(index=run.dimension).rename_axis(say("column.dimension"))
    return [_heading("consistency"), paragraph(say("summary.consistency_note")), html_table(table.reset_index()), paragraph(say("summary.nothing_printed"))]


def _relation(run: Run, answers: Answers) -> list[str]:
    return [
        _heading("relation"), paragraph(say("summary.relation_note")),
        figures("05_dimensions_of_panel", "dimensions.title", "05_dimensions", "dimensions.title"),
        figures("05_standing_of_panel", "standing.title", "05_opposite_panels", "opposite.title"),
    ]  # fmt: skip


def _rounds(run: Run, answers: Answers) -> list[str]:
    decided = run.table("third_round").iloc[0]
    if decided["provenance"] == "synthetic":
        return [_heading("rounds"), paragraph(say("summary.synthetic_round"))]
    words = [say("summary.third_round", open=decided["open"], questions=decided["questions"]), say("summary.needed" if decided["needed"] else "summary.not_needed")]
    pictures = [figures("04_third_round", "third_round.title"), figures("04_second_round", "round_two.title")]
    return [_heading("rounds"), paragraph(" ".join(words)), *pictures, paragraph(say("summary.nothing_printed"))]


# Pieces ------------------------------------------------------------------------------------------

def _heading(section: str) -> str:
    return f"<h2>{escape(say(f'summary.{section}'))}</h2>"


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(lines: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _headed(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=lambda name: say(f"column.{name}"))


def html_table(table: pd.DataFrame) -> str:
    return f"<div class=wide>{table.to_html(index=False, border=0)}</div>"


def figures(own: str, own_title: str, article: str = "", article_title: str = "") -> str:
    """The panel's figure, and the article's at its right where it has one."""
    figures = _figure(own, own_title, "summary.yours")
    return f"<div class=pair>{figures}{_figure(article, article_title, 'summary.articles') if article else ''}</div>"


def _figure(name: str, title: str, whose: str) -> str:
    alt = escape(say("summary.alt", title=say(title), name=name))
    return f'<figure><figcaption>{escape(say(whose))}</figcaption><a href="figures/{name}.svg"><img src="figures/{name}.svg" alt="{alt}"></a></figure>'


def decimals(digits: int):
    return lambda value: f"{value:.{digits}f}" if value == value else MISSING


def p_words(value: float) -> str:
    return MISSING if value != value else "<\u00a00.001" if value < 0.001 else f"{value:.3f}"
