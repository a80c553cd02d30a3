"""What the README names is there, and what is there is in the README."""

import re

import pytest

from smartgov.article.clashes import SURE, gather_clashes
from smartgov.files.layout import DERIVED, FIGURES, ROOT
from smartgov.present.exhibits import exhibits, exhibits_text

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.M))


@pytest.mark.parametrize(
    "path", sorted({p for p in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in p})
)
def test_every_link_leads_somewhere(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)", README))))
def test_every_target_named_exists(target):
    assert target in TARGETS


def test_every_target_has_its_line_of_help():
    documented = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.M))
    phony = set(re.findall(r"^\.PHONY: ([a-z-]+)", MAKEFILE, re.M))
    assert documented == phony


def test_the_numbers_of_the_first_screen_are_the_computed_ones(verdicts, evidence):
    clashes = gather_clashes(verdicts.reset_index())
    hard = clashes[clashes["sure"] != SURE[2]]
    touched = sum(len(names.split("; ")) for names in hard["claims"])
    failing = sum(
        name.startswith("mean_ranks") and frozenset({name}) in row.conflicts
        for row in evidence.inner_ring.values()
        for name in row.row.figures
    )
    for words in (
        f"each of its {len(verdicts)} checkable statements",
        f"{len(hard)} clashes among the printed numbers and sentences touch {touched} claims",
        f"{len(clashes) - len(hard)} more depend on how a sentence is read",
        f"{evidence.cells_that_fit} of {len(evidence.dimension_cells)} cells",
        f"{failing - 1} more of its 27 mean ranks fail",
    ):
        assert words in README, words
    unsupported = (verdicts["verdict"] == "unsupported").sum()
    assert unsupported == 10 and "ten conclusions" in README
    assert not any(row.feasible() for row in evidence.inner_ring.values())
    in_table2 = verdicts[verdicts["place"] == "table2"]
    assert "contradicted" not in set(in_table2["verdict"])


def test_the_list_of_exhibits_is_generated_and_complete():
    text = (FIGURES / "README.md").read_text(encoding="utf-8")
    assert text == exhibits_text()
    names = [found.name for found in exhibits()]
    assert sorted(names) == sorted(path.stem for path in FIGURES.glob("*.svg"))
    for name in names:
        assert {p.suffix for p in FIGURES.glob(f"{name}.*")} == {".svg", ".png", ".csv"}
    for table in DERIVED.glob("*.csv"):
        assert f"data/derived/{table.name}" in text
