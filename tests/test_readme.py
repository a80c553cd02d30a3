"""What the README names is there, and what is there is in the README."""

import re

import pytest

from smartgov.files.layout import DERIVED, FIGURES, ROOT

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


@pytest.mark.parametrize("name", sorted(p.stem for p in FIGURES.glob("*.svg")))
def test_every_figure_is_an_exhibit_in_three_forms(name):
    assert f"figures/{name}.svg" in README
    assert {p.suffix for p in FIGURES.glob(f"{name}.*")} == {".svg", ".png", ".csv"}


@pytest.mark.parametrize("name", sorted(p.name for p in DERIVED.iterdir()))
def test_every_derived_table_is_in_the_exhibit_table(name):
    assert f"data/derived/{name}" in README


def test_exhibit_rows_lead_from_figure_to_notebook_code_and_data():
    rows = [
        line
        for line in README.splitlines()
        if line.startswith("| ") and "(notebooks/" in line and "figures/" in line
    ]
    assert len(rows) == len(list(FIGURES.glob("*.svg")))
    for row in rows:
        number = re.search(r"figures/(\d\d)_", row)[1]
        assert f"(notebooks/{number}_" in row and "(src/smartgov/" in row
