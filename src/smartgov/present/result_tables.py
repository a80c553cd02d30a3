"""The results of a run as tables to be read: on its page, and in a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pandas as pd

from smartgov.delphi.consensus import concordance_intervals, priority_consensus
from smartgov.delphi.panel_results import expert_consistency, no_better_than_random
from smartgov.delphi.ranking import CUTOFFS, MOST_LEFT_OUT
from smartgov.files.paper_tables import PaperTable
from smartgov.files.runs import read_table, was_written
from smartgov.instruments.feedback import answer_words
from smartgov.model import Model
from smartgov.panels.privacy import SMALLEST_GROUP
from smartgov.present.page import MISSING, decimals, p_words
from smartgov.present.panel_figures import choice_words
from smartgov.stats.ahp_clusters import MOST_APART, STRUCTURE
from smartgov.stats.significance import MANY_RATERS
from smartgov.words import say

MARKS = {"permutation": "≈ ", "chi-square": "χ² "}
"""What stands before a p that was not counted."""


@dataclass(frozen=True)
class Run:
    """What the notebook wrote for a panel, in the words of the model's language."""

    folder: Path
    model: Model

    def table(self, name: str) -> pd.DataFrame:
        """A table of ``data/derived``; printed figures stay strings."""
        return read_table(self.folder, name)

    @property
    def settings(self) -> dict[str, object]:
        """The notebook's parameters: levels, rules, seed."""
        return self.table("settings").iloc[0].to_dict()

    def say(self, key: str, **values: object) -> str:
        """A message on one line."""
        return say(key, self.model.language, **values).replace("\n", " ")

    def headed(self, table: pd.DataFrame, ready: Iterable[str] = ()) -> pd.DataFrame:
        """A table with names for contexts, components and columns, but for those `ready`."""
        named = {
            "context": self.model.title,
            **dict.fromkeys(("component", "left", "right"), self.model.label),
        }
        table = table.assign(**{c: _each(f, table[c]) for c, f in named.items() if c in table})
        heads = {name: self.say(f"column.{name}") for name in table if name not in ready}
        return table.rename(columns=heads)


def _each(name: Callable, ids: pd.Series) -> pd.Series:
    """Names of ids, each looked up once."""
    return ids.map({each: name(each) for each in ids.unique()})


FAR_FROM_CONSISTENT = 0.3
"""Three times the consistency ratio up to which Saaty reads priorities: of half the experts, it is
less likely their opinion than how their answers were taken down."""


def random_warnings(panel: pd.DataFrame, model: Model, own: bool = False) -> list[str]:
    """Sentences on rings with judgements no more consistent than answers at random.

    Of one's `own` panel, which somebody took down, also on those that are far from consistent.
    """
    found = []
    for ring in [*model.main_rings, *model.further_rings]:
        ratios = expert_consistency(panel, model, ring)
        random, median = no_better_than_random(ratios, model, ring), ratios.median()
        far = median.index[median > FAR_FROM_CONSISTENT].difference(random, sort=False)
        kinds = ("random", random, "max"), ("inconsistent", [*far] * own, "min")
        for kind, contexts, which in kinds:
            if contexts:
                names = ", ".join(map(model.title, contexts))
                cr = decimals(2)(median[contexts].agg(which))
                found.append(say(f"summary.{kind}", model.language, contexts=names, cr=cr))
    return found


def result_tables(run: Run, panel: pd.DataFrame) -> dict[str, PaperTable]:
    """Every result table of a run by name, in the order of its page.

    Parameters
    ----------
    run : Run
    panel : pandas.DataFrame
        Answers of the last round.
    """
    rings = [*run.model.main_rings, *run.model.further_rings]
    level = round(100 * run.settings["level"])
    found: list[tuple[str, str, pd.DataFrame, str]] = []

    def add(name: str, key: str, frame: pd.DataFrame, note: str = "") -> None:
        found.append((name, run.say(key), frame, note))

    def by_ring(name: str, key: str, make: Callable, note: str) -> None:
        for ring in rings:
            title = run.say("tables.of_ring", title=run.say(key), ring=run.model.label(ring))
            found.append((f"{name}_{ring}", title, make(run, ring), note))

    note = run.say("summary.priorities_note", level=level)
    by_ring("priorities", "summary.priorities", _priorities, note)
    by_ring("scores", "tables.scores", _scores, run.say("tables.scores_note"))
    experts = panel["expert"].nunique()
    clusters = run.say("tables.cluster_note", structure=STRUCTURE)
    if experts > MOST_APART:
        clusters = run.say("tables.no_clusters", most=MOST_APART)
    note = f"{run.say('summary.consensus_note')} {clusters}"
    add("consensus", "summary.consensus", _consensus(run, panel), note)
    note = run.say("summary.stability_note")
    if experts > MOST_LEFT_OUT:
        note += " " + run.say("summary.none_left_out", most=MOST_LEFT_OUT)
    add("stability", "summary.stability", _stability(run), note)
    note = run.say("summary.agreement_note")
    if "chi-square" in set(run.table("panel_concordance")["method"]):
        note += " " + run.say("summary.chi_square", least=MANY_RATERS)
    add("agreement", "summary.agreement", _agreement(run, panel), note)
    note = run.say("summary.consistency_note")
    add("consistency", "summary.consistency", _consistency(run), note)
    note = run.say("tables.questions_note", **run.settings | {"level": level})
    add("questions", "tables.questions", _questions(run), note)
    if was_written(run.folder, "group_priorities"):
        found += chain(_group_priorities(run), _group_agreement(run))
    if was_written(run.folder, "round_priorities"):
        add("by_round", "summary.by_round", _by_round(run))
    if experts <= MOST_APART:
        by_ring("experts", "tables.experts", _experts, run.say("tables.experts_note"))
    return {name: PaperTable(name, *rest) for name, *rest in found}


def _wide(run: Run, table: pd.DataFrame, cells: list[str]) -> pd.DataFrame:
    """Cells by component and context, the more numerous of the two down the page."""
    component = table["component"].map(run.model.label)
    wide = pd.Series(cells, [component, table["context"].map(run.model.title)]).unstack(sort=False)
    if wide.shape[1] > wide.shape[0]:
        wide = wide.T
    head = run.say(f"column.{wide.index.name}")
    return wide.fillna(MISSING).rename_axis(index=head, columns=None).reset_index()


def _of_ring(run: Run, name: str, ring: str) -> pd.DataFrame:
    table = run.table(name).rename(columns={"row": "component"})
    return table[table["ring"] == ring]


def _priorities(run: Run, ring: str) -> pd.DataFrame:
    """Priority, interval and rank."""
    table = _of_ring(run, "panel_priorities", ring)
    between = _ranges(table["low"], table["high"])
    cells = [
        f"{decimals(2)(row.priority)}{'' if ends == MISSING else f' ({ends})'}, {row.rank}."
        for row, ends in zip(table.itertuples(), between, strict=True)
    ]
    return _wide(run, table, cells)


def _scores(run: Run, ring: str) -> pd.DataFrame:
    """Mean signed judgements."""
    table = _of_ring(run, "component_scores", ring)
    return _wide(run, table, table["score"].map(decimals(2)).tolist())


def _experts(run: Run, ring: str) -> pd.DataFrame:
    """Each expert's own priorities, a column a component."""
    table = _of_ring(run, "expert_priorities", ring)
    table["component"] = _each(run.model.label, table["component"])
    table["priority"] = table["priority"].map(decimals(3))
    place = ["context", "expert", "cluster"]
    wide = table.set_index([*place, "component"])["priority"].unstack(sort=False)
    return run.headed(wide.rename_axis(columns=None).reset_index(), ready=wide)


def _consensus(run: Run, panel: pd.DataFrame) -> pd.DataFrame:
    """How alike the experts' priorities are, a row a context."""
    rings = [*run.model.main_rings, *run.model.further_rings]
    table = pd.concat([priority_consensus(panel, run.model, ring) for ring in rings])
    table["consensus"] = table["consensus"].map(decimals(2))
    return run.headed(table.astype({"clusters": object}).fillna(MISSING))


def _stability(run: Run) -> pd.DataFrame:
    """Every choice against the base; of the single experts the one who moves most."""
    stability = run.table("ranking_stability").fillna({"detail": "", "leader": ""})
    single = stability["choice"] == "without"
    by_effect = stability[single].sort_values("tau", kind="stable")
    hardest = by_effect.groupby(["ring", "context"]).head(1).index
    shown = stability[~single | stability.index.isin(hardest)]
    table = pd.DataFrame(
        {
            "context": shown["context"],
            "choice": [
                choice_words("choice.", choice, detail, run.model.language)
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
            "context": found["context"],
            "component": found["row"],
            "m": found["m"],
            "n": found["n"],
            "W": found["W"].map(decimals(3)),
            "W_interval": _ranges(found["low"], found["high"]),
            "W_range": _ranges(found["W_low"], found["W_high"]),
            "p_exact": [
                MARKS.get(method, "") + p_words(p)
                for p, method in zip(found["p_exact"], found["method"], strict=True)
            ],
            "p_corrected": found["p_corrected"].map(p_words),
        }
    )
    return run.headed(table.join(found.filter(["printed_W", "printed_p"]).fillna(MISSING)))


def _consistency(run: Run) -> pd.DataFrame:
    """Experts within each consistency ratio, a row a context of the main rings."""
    ratios = run.table("expert_consistency")
    ratios = ratios[ratios["ring"].isin(run.model.main_rings)]
    by_context = ratios.groupby(["ring", "context"], sort=False)["cr"]
    table = pd.DataFrame(
        {
            run.say("column.within", cutoff=decimals(2)(cutoff)): by_context.agg(
                lambda found, cutoff=cutoff: int((found <= cutoff).sum())
            )
            for cutoff in CUTOFFS
        }
        | {run.say("column.with_ratio"): by_context.count()}
    )
    named = table.droplevel("ring").rename(index=run.model.title)
    return named.rename_axis(run.say("column.context")).reset_index()


def _questions(run: Run) -> pd.DataFrame:
    """Median, spread and majority of every question, and whether it is settled."""
    table = run.table("question_consensus")
    sides = {"equal": run.say("answer.equal")}
    names = [(run.model.label(q.left), run.model.label(q.right)) for q in table.itertuples()]
    shown = table[["context", "left", "right", "experts"]].assign(
        median=[
            answer_words(median, *pair, run.model.language)
            for median, pair in zip(table["median"], names, strict=True)
        ],
        iqr=table["iqr"].map(decimals(2)),
        side=[
            sides.get(side, pair[side == "right"])
            for side, pair in zip(table["side"], names, strict=True)
        ],
        share=table["share"].map(decimals(2)),
        interval=_ranges(table["low"], table["high"]),
        settled=table["settled"].map(
            {True: run.say("tables.settled"), False: run.say("tables.open")}
        ),
    )
    return run.headed(shown)


def open_questions(run: Run) -> dict[str, list[str]]:
    """Names of the open questions by context."""
    table = run.table("question_consensus")
    table = table[~table["settled"]]
    label = run.model.label
    return {
        run.model.title(context): [f"{label(q.left)} : {label(q.right)}" for q in part.itertuples()]
        for context, part in table.groupby("context", sort=False)
    }


Named = tuple[str, str, pd.DataFrame, str]


def _group_priorities(run: Run) -> Iterator[Named]:
    """Priorities and ranks beside all experts', a table a heading of side information."""
    table = run.table("group_priorities").rename(columns={"row": "component", "experts": "m"})
    table["cell"] = [f"{decimals(2)(row.priority)} ({row.rank})" for row in table.itertuples()]
    return _by_group(run, table, "group_priorities", run.say("tables.group_priorities_note"))


def _group_agreement(run: Run) -> Iterator[Named]:
    """W beside all experts', a table a heading of side information."""
    table = run.table("group_agreement").rename(columns={"row": "component"})
    table["cell"] = table["W"].map(decimals(3))
    return _by_group(run, table, "group_agreement", "")


def _by_group(run: Run, table: pd.DataFrame, name: str, note: str) -> Iterator[Named]:
    """A column a group, headed by its number of experts; what a group cannot show is a dash."""
    table = table.fillna({"attribute": "", "group": ""})
    warning = run.say("tables.groups_warning", smallest=SMALLEST_GROUP)
    everyone = table["attribute"] == ""
    for number, attribute in enumerate(dict.fromkeys(table.loc[~everyone, "attribute"]), start=1):
        part = table[everyone | (table["attribute"] == attribute)]
        wide = part.set_index(["context", "component", "group"])["cell"].unstack(sort=False)
        experts = part.groupby("group")["m"].agg(["min", "max"])
        heads = {
            group: run.say(
                "tables.group",
                group=group or run.say("tables.all_experts"),
                experts="–".join(dict.fromkeys(map(str, experts.loc[group]))),
            )
            for group in wide
        }
        shown = wide.rename_axis(columns=None).fillna(MISSING).reset_index()
        shown = run.headed(shown, ready=wide)
        title = run.say("tables.by_group", title=run.say(f"tables.{name}"), attribute=attribute)
        yield f"{name}_{number}", title, shown.rename(columns=heads), f"{note} {warning}".strip()


def _by_round(run: Run) -> pd.DataFrame:
    """Priorities and ranks after each round, a row a component."""
    table = run.table("round_priorities").rename(columns={"row": "component"})
    table["priority"] = table["priority"].map(decimals(2))
    place = ["context", "component"]
    wide = table.set_index([*place, "round"])[["priority", "rank"]].unstack()
    wide = wide.loc[table[place].drop_duplicates().itertuples(index=False, name=None)]
    words = {"priority": "column.priority_round", "rank": "column.rank_round"}
    wide.columns = [run.say(words[figure], n=number) for figure, number in wide]
    return run.headed(wide.astype(object).fillna(MISSING).reset_index(), ready=wide)


def _ranges(lows: pd.Series, highs: pd.Series) -> list[str]:
    """Lowest and highest of each row, a dash where there is none."""
    two = decimals(2)
    return [
        f"{two(low)}–{two(high)}" if low == low else MISSING
        for low, high in zip(lows, highs, strict=True)
    ]
