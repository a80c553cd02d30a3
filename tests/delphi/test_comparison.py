"""Many panels, and a second coder: what a reader of their own data gives in."""

import pandas as pd
import pytest

from smartgov.article.definitions import article_codes, read_coder, side_by_side
from smartgov.delphi.comparison import compare_panels, panel_files
from smartgov.files.layout import PANELS
from smartgov.model import read_model
from smartgov.panels import PanelProblems

TURNED = {"left": "right", "right": "left", "equal": "equal"}


@pytest.fixture
def folder(tmp_path):
    panel = pd.read_csv(PANELS / "reconstructed.csv")
    panel = panel[~panel["left"].str.startswith("unnamed")]
    panel.to_csv(tmp_path / "first.csv", index=False)
    panel.assign(expert=panel["expert"].str.replace("expert", "code")).to_csv(
        tmp_path / "same.csv", index=False
    )
    return tmp_path


def test_equal_panels_agree_fully(folder):
    ranks, agreement, concordance = compare_panels(folder, read_model())
    assert (concordance["first"] == concordance["same"])[
        concordance["first"].notna()
    ].all() and concordance.loc[("E1", "economic_growth"), "article"] == "0,074"
    assert (ranks["first"] == ranks["same"]).all()
    assert (agreement["W"] == 1).all() and (agreement["panels"] == 2).all()
    assert (ranks["article"] == "named").groupby("context").sum().eq(3).all()


def test_a_mirrored_panel_ranks_the_other_way_round(folder):
    panel = pd.read_csv(folder / "first.csv")
    panel.assign(favours=panel["favours"].map(TURNED)).to_csv(folder / "same.csv", index=False)
    ranks, agreement, _ = compare_panels(folder, read_model())
    # Not exactly: the eigenvector of a reciprocal matrix and of its mirror are no inverses of each
    # other.
    assert ((ranks["first"] + ranks["same"] - 10).abs() <= 2).all()
    assert (agreement["W"] < 0.05).all()


def test_one_panel_is_no_comparison(folder):
    (folder / "same.csv").unlink()
    with pytest.raises(
        ValueError, match="found 1 panels; accepted is a folder with two or more files"
    ):
        compare_panels(folder, read_model())


def test_two_panels_of_one_name_are_refused(folder):
    (folder / "first.xlsx").write_bytes(b"")
    with pytest.raises(
        ValueError, match="found the panel name .first.; accepted is a name that no other panel"
    ):
        panel_files(folder)
    (folder / "first.xlsx").rename(folder / "article.xlsx")
    with pytest.raises(ValueError, match="found the panel name .article."):
        panel_files(folder)


def test_runs_are_panels_too_and_problems_of_all_are_listed(folder):
    (folder / "almaty" / "data").mkdir(parents=True)
    (folder / "same.csv").rename(folder / "almaty" / "data" / "panel.csv")
    assert list(panel_files(folder)) == ["first", "almaty"]
    for path in panel_files(folder).values():
        path.write_text(path.read_text().replace("smart_services", "smart_cervices"))
    with pytest.raises(PanelProblems, match="(?s)first.csv.*panel.csv"):
        compare_panels(folder, read_model())


def test_a_dimension_that_a_panel_did_not_ask_is_compared_without_it(folder):
    panel = pd.read_csv(folder / "first.csv")
    panel[panel["context"] != "E2"].to_csv(folder / "same.csv", index=False)
    ranks, agreement, _ = compare_panels(folder, read_model())
    assert ranks.loc["E2", "same"].isna().all() and ranks.loc["E1", "same"].notna().all()
    assert agreement["panels"].tolist() == [2, 1, 2] and pd.isna(
        agreement.at[("middle", "E2"), "W"]
    )


def write(path, rows):
    path.write_text(
        "row,difficulty\n" + "\n".join(f"{row},{codes}" for row, codes in rows.items()),
        encoding="utf-8",
    )
    return path


def test_a_second_coder_is_read_and_compared(tmp_path):
    rows = {f"definition_{n}": "" for n in range(1, 7)} | {
        "definition_5": "circularity; concept_and_effects"
    }
    own = side_by_side(
        article_codes(), read_coder(write(tmp_path / "coder.csv", rows)), ("article", "second")
    )
    assert len(own) == 30
    assert set(own.loc[~own["agree"], "row"]) == {f"definition_{n}" for n in (1, 2, 3, 4, 6)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"definition_9": ""}, "'definition_9' is none of"),
        ({"definition_1": "vague"}, "code 'vague' is none of"),
    ],
)
def test_a_wrong_coder_file_says_what_to_mend(tmp_path, change, words):
    rows = {f"definition_{n}": "" for n in range(1, 7)} | change
    with pytest.raises(ValueError, match=words):
        read_coder(write(tmp_path / "coder.csv", rows))
