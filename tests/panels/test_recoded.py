"""Names used as codes never reach a figure: the notebooks recode what they read."""

import pandas as pd

from smartgov.files.layout import NOTEBOOKS
from smartgov.panels import recoded


def test_names_are_replaced_and_experts_kept_apart():
    panel = pd.DataFrame(
        {"expert": ["Aigerim", "jane@example.org", "Aigerim"], "intensity": [1, 2, 3]}
    )
    found = recoded(panel)
    assert set(found["expert"]) == {"expert_01", "expert_02"}
    assert found["expert"].iloc[0] == found["expert"].iloc[2] != found["expert"].iloc[1]
    assert list(found["intensity"]) == [1, 2, 3]


def test_codes_of_the_design_stay():
    panel = pd.DataFrame({"expert": ["expert_02", "expert_01"]})
    assert recoded(panel) is panel


def test_every_notebook_that_reads_a_panel_recodes_it():
    texts = [path.read_text(encoding="utf-8") for path in sorted(NOTEBOOKS.glob("0*.ipynb"))]
    own = [text.count("panels.read_panel(ROOT / panel") for text in texts]
    assert any(own)
    assert own == [text.count("panels.recoded(panels.read_panel(ROOT / panel") for text in texts]
    assert own == [
        text.count("panels.read_panel(") - text.count("panels.read_panel(PANELS") for text in texts
    ]
