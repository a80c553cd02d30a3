"""The templates: strict about what they are given, safe about what they show."""

import pandas as pd
import pytest
from jinja2 import UndefinedError

from smartgov.delphi.comparison import ARTICLE, Comparison
from smartgov.model import read_model
from smartgov.present.comparison_page import comparison_page
from smartgov.present.page import render

NAME = "<i>astana</i> & co"


@pytest.mark.parametrize(
    "template", ["comparison.html", "feedback.html", "questionnaire.html", "summary.html"]
)
def test_a_page_without_its_values_is_refused(template):
    with pytest.raises(UndefinedError):
        render(template)


def test_html_in_a_panels_name_is_shown_and_not_obeyed():
    index = pd.MultiIndex.from_tuples([("middle", "E1")], names=["ring", "context"])
    rows = pd.MultiIndex.from_tuples([("E1", "accountability")], names=["context", "row"])
    page = comparison_page(
        Comparison(
            pd.DataFrame({NAME: [1], "b": [1], ARTICLE: [""]}, rows),
            pd.DataFrame({"panels": [2], "W": [0.5], "p": [0.0001]}, index),
            pd.DataFrame({NAME: [0.25], "b": [float("nan")], ARTICLE: ["0,505"]}, rows),
        ),
        read_model(language="ru"),
    )
    assert '<html lang="ru">' in page and "<i>" not in page
    assert "&lt;i&gt;astana&lt;/i&gt; &amp; co" in page
    assert "<td class=number>0.250</td><td class=number>–</td><td class=number>0,505</td>" in page
    assert "0.500" in page and "&lt;\u00a00.001" in page, "a p below the last decimal"
