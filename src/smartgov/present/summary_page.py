"""One page on a run with another panel: every result, beside the article's if it asked the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from smartgov.article.published import asks_as_the_article
from smartgov.delphi.consensus import concordance_intervals, priority_consensus
from smartgov.delphi.ranking import CUTOFFS
from smartgov.files.runs import SUMMARY, read_table
from smartgov.model import Model
from smartgov.panels import Answers, last_round
from smartgov.present.page import MISSING, decimals, p_words, render
from smartgov.words import say, with_decimal_mark


@dataclass(frozen=True)
class Run:
    """What the notebooks wrote for a panel, in the words of the model's language."""

    folder: Path
    model: Model

    def table(self, name: str) -> pd.DataFrame:
        """A table of ``data/derived``; printed figures stay strings."""
        return read_table(self.folder, name)

    def say(self, key: str, **values: object) -> str:
        """A message on one line."""
        return say(key, self.model.language, **values).replace("\n", " ")

    def headed(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table with the names of its columns as they are to be read."""
        return table.rename(columns=lambda name: self.say(f"column.{name}"))


def write_page(answers: Answers, name: str, folder: Path, model: Model) -> Path:
    """Write ``summary.html`` into the folder of a run; the names of the answers' files stay out.

    Returns
    -------
    Path
        The page.
    """
    run = Run(folder, model)
    names = {
        each.file: _file(each, number, run)
        for number, each in enumerate(answers.understood, start=1)
    }
    rounds = sorted(answers.panel["round"].unique().tolist())
    decided = run.table("next_round").iloc[0].to_dict() if len(rounds) > 1 else None
    panel = last_round(answers.panel)
    html = render(
        "summary.html",
        model.language,
        name=name,
        rounds=rounds,
        article=asks_as_the_article(model),
        model=model,
        settled=decided["questions"] - decided["asked"] if decided else 0,
        read=_read(answers, names, run),
        notes=_without_file_names(answers.warnings, names),
        priorities={ring: _priorities(run, ring) for ring in model.main_rings},
        consensus=_consensus(run, panel),
        stability=_stability(run),
        agreement=_agreement(run, panel),
        consistency=_consistency(run),
        decided=decided,
        experts=panel["expert"].nunique(),
        by_round=_by_round(run) if decided else None,
    )
    page = folder / SUMMARY
    page.write_text(html, encoding="utf-8")
    return page


def _file(understood, number: int, run: Run) -> str:
    """What a file of answers is called on the page."""
    rounds = ", ".join(map(str, understood.rounds)) or number
    return run.say(
        "summary.file", round=rounds, format=run.say(f"summary.format.{understood.format}")
    )


def _read(answers: Answers, names: dict[str, str], run: Run) -> list[str]:
    """A line a file of answers, and one on the columns left behind."""
    lines = []
    for each in answers.understood:
        line = run.say(
            "summary.experts",
            experts=each.experts,
            found=each.questions_found,
            expected=each.questions_expected,
            missing=each.missing,
        )
        if each.dates:
            line += "; " + run.say("summary.dates", first=each.dates[0], last=each.dates[1])
        lines.append(f"{names[each.file]}: {line}")
    dropped, own = answers.dropped_kinds()
    left = [run.say("summary.dropped", columns=", ".join(dropped))] if dropped else []
    left += [run.say("summary.own_fields", n=len(own))] if own else []
    return [*lines, *(left or [run.say("summary.nothing_dropped")])]


def _without_file_names(notes: Sequence[str], names: dict[str, str]) -> list[str]:
    """What reading noticed, each file called as on the page."""
    for file in sorted(names, key=len, reverse=True):  # one name may be the end of another
        notes = [note.replace(file, names[file]) for note in notes]
    return list(notes)


def _priorities(run: Run, ring: str) -> pd.DataFrame:
    """Components × contexts of a ring: priority, interval, rank."""
    priorities = run.table("panel_priorities")
    priorities = priorities[priorities["ring"] == ring]
    between = _ranges(priorities["low"], priorities["high"])
    cells = [
        f"{decimals(2)(row.priority)}{'' if ends == MISSING else f' ({ends})'}, {row.rank}."
        for row, ends in zip(priorities.itertuples(), between, strict=True)
    ]
    component = priorities["row"].map(run.model.label).rename(run.say("column.component"))
    wide = pd.Series(cells, [component, priorities["context"].map(run.model.title)])
    return wide.unstack(sort=False).rename_axis(columns=None).reset_index()


def _consensus(run: Run, panel: pd.DataFrame) -> pd.DataFrame:
    """How alike the experts' priorities are, a row a dimension."""
    rings = run.model.main_rings
    table = pd.concat([priority_consensus(panel, run.model, ring) for ring in rings])
    table["context"] = table["context"].map(run.model.title)
    table["consensus"] = table["consensus"].map(decimals(2))
    return run.headed(table)


def _stability(run: Run) -> pd.DataFrame:
    """Every choice against the base; of the single experts the one who moves most."""
    stability = run.table("ranking_stability").fillna({"detail": "", "leader": ""})
    single = stability["choice"] == "without"
    hardest = (
        stability[single]
        .sort_values("tau", kind="stable")
        .groupby(["ring", "context"])
        .head(1)
        .index
    )
    shown = stability[~single | stability.index.isin(hardest)]
    table = pd.DataFrame(
        {
            "context": shown["context"].map(run.model.title),
            "choice": [
                run.say(f"choice.{choice}", cutoff=with_decimal_mark(detail), expert=detail)
                for choice, detail in zip(shown["choice"], shown["detail"], strict=True)
            ],
            "experts": shown["experts"],
            "tau": shown["tau"].map(decimals(2)),
            "leader": [
                " = ".join(map(run.model.label, names.split(" = "))) if names else MISSING
                for names in shown["leader"]
            ],
            "moved": shown["moved"].map(decimals(0)),
            "furthest": shown["furthest"].map(decimals(0)),
        }
    )
    return run.headed(table)


def _agreement(run: Run, panel: pd.DataFrame) -> pd.DataFrame:
    """W and p of every component's questions, beside the article's if there are any."""
    place = ["context", "row"]
    intervals = concordance_intervals(panel, run.model)[[*place, "low", "high"]]
    found = run.table("panel_concordance").merge(intervals, "left", place, validate="1:1")
    table = pd.DataFrame(
        {
            "context": found["context"].map(run.model.title),
            "component": found["row"].map(run.model.label),
            "m": found["m"],
            "n": found["n"],
            "W": found["W"].map(decimals(3)),
            "W_interval": _ranges(found["low"], found["high"]),
            "W_range": _ranges(found["W_low"], found["W_high"]),
            "p_exact": [
                f"≈ {p_words(p)}" if method == "permutation" else p_words(p)
                for p, method in zip(found["p_exact"], found["method"], strict=True)
            ],
            "p_corrected": found["p_corrected"].map(p_words),
        }
    )
    return run.headed(table.join(found.filter(["printed_W", "printed_p"]).fillna(MISSING)))


def _consistency(run: Run) -> pd.DataFrame:
    """Experts within each consistency ratio, a row a dimension."""
    ratios = run.table("expert_consistency")
    by_context = ratios.groupby(["ring", "context"], sort=False)["cr"]
    counts = {
        run.say("column.within", cutoff=decimals(2)(cutoff)): by_context.agg(
            lambda found, cutoff=cutoff: int((found <= cutoff).sum())
        )
        for cutoff in CUTOFFS
    }
    table = pd.DataFrame(counts | {run.say("column.complete"): by_context.count()})
    table = table.loc[run.model.main_rings].droplevel("ring")
    named = table.rename(index=run.model.title).rename_axis(run.say("column.context"))
    return named.reset_index()


def _by_round(run: Run) -> pd.DataFrame:
    """Priorities and ranks after each round, a row a component."""
    table = run.table("round_priorities")
    table = table[table["ring"].isin(run.model.main_rings)]
    table["priority"] = table["priority"].map(decimals(2))
    wide = table.pivot(index=["context", "row"], columns="round", values=["priority", "rank"])
    wide = wide.loc[list(dict.fromkeys(zip(table["context"], table["row"], strict=True)))]
    words = {"priority": "column.priority_round", "rank": "column.rank_round"}
    wide.columns = [run.say(words[figure], n=number) for figure, number in wide]
    wide = wide.fillna(MISSING).reset_index(names=["context", "component"])
    wide["context"] = wide["context"].map(run.model.title)
    wide["component"] = wide["component"].map(run.model.label)
    return wide.rename(columns={name: run.say(f"column.{name}") for name in list(wide)[:2]})


def _ranges(lows: pd.Series, highs: pd.Series) -> list[str]:
    """Lowest and highest of each row, a dash where there is none."""
    two = decimals(2)
    return [
        f"{two(low)}–{two(high)}" if low == low else MISSING
        for low, high in zip(lows, highs, strict=True)
    ]
