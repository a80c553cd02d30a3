"""The questionnaire's page in a real browser: what was ticked becomes a file, and the file a panel.

Chromium runs the page as an expert would open it, from a file; instead of a person a script ticks,
and instead of the folder of downloads it catches what is saved.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from smartgov.instruments.names import INTENSITY, SIDE, question_field
from smartgov.model import Model, questionnaire, read_model
from smartgov.panels import read_answers
from smartgov.present.instrument_page import write_instrument

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium")
DRIVER = """
<script>
const caught = { asked: [], names: [], texts: [], reloaded: null };
window.confirm = (text) => { caught.asked.push(text); return CONFIRMS; };
URL.createObjectURL = (blob) => { caught.texts.push(blob.text()); return "#"; };
HTMLAnchorElement.prototype.click = function () { caught.names.push(this.download); };
for (const [name, value] of Object.entries(TICKS)) {
  const field = form.elements[name];
  if (field instanceof RadioNodeList) [...field].find((radio) => radio.value === value).click();
  else { field.value = value; field.dispatchEvent(new Event("input", { bubbles: true })); }
}
caught.kept = JSON.stringify(kept());
document.querySelector("button").click();
caught.said = document.querySelector("#said").textContent;
caught.left = JSON.stringify(kept());
Promise.all(caught.texts).then((texts) => {
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify({ ...caught, texts });
  document.body.append(told);
});
</script>
</body>"""


@pytest.fixture(scope="module")
def model() -> Model:
    whole = read_model()
    kept = whole.ring("middle")[:3] + whole.ring("inner")[:2]
    return replace(
        whole, dimensions=whole.dimensions.iloc[:1], components=whole.components.loc[kept]
    )


def filled_in(page: Path, ticks: dict[str, str], confirms: bool = True) -> dict:
    """What a page asked, said and saved when these answers were ticked and the button pressed."""
    script = DRIVER.replace("CONFIRMS", str(confirms).lower()).replace("TICKS", json.dumps(ticks))
    driven = page.with_name(f"driven_{page.name}")
    text = page.read_text(encoding="utf-8").replace("</body>", script)
    driven.write_text(text, encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    options = [f"--user-data-dir={page.parent / 'profile'}", "--virtual-time-budget=2000"]
    run = subprocess.run(
        [*command, *options, driven.as_uri()], capture_output=True, text=True, timeout=60
    )
    return json.loads(unescape(re.search(r'<pre id="told">(.*?)</pre>', run.stdout, re.S)[1]))


def ticks_of(model: Model, k: int) -> dict[str, str]:
    """Answers of one expert by field; every question is changed to “equal” or answered in full."""
    ticks = {"consent": "yes", "expert_code": f"E-{k}"}
    asked = questionnaire(model)[["context", "left", "right"]].itertuples(index=False)
    for i, question in enumerate(asked):
        field = question_field(*question)
        ticks[field + INTENSITY] = str(2 + (i + 3 * k) % 8)
        ticks[field + SIDE] = ("left", "equal", "right")[(i + k) % 3]
    return ticks


@pytest.mark.parametrize("fixed", [True, False])
def test_saved_files_are_a_panel(fixed, model, tmp_path):
    pages = write_instrument(model, tmp_path, copies=3, fixed_order=fixed, languages=["kk"])[3:]
    (tmp_path / "saved").mkdir()
    ticked = {}
    for k in range(3):
        ticks = ticks_of(model, k)
        found = filled_in(pages[k % len(pages)], ticks)
        assert found["asked"] == [] and found["names"] == [f"answers_round_1_E-{k}.csv"]
        assert found["names"][0] in found["said"]
        assert json.loads(found["kept"])["expert_code"] == f"E-{k}" and found["left"] == "{}"
        (tmp_path / "saved" / found["names"][0]).write_text(found["texts"][0], newline="")
        ticked[f"E-{k}"] = ticks
    answers = read_answers(tmp_path / "saved", model)
    given = {new: old for old, new in answers.key.items()}
    assert len(answers.panel) == 3 * len(questionnaire(model))
    for row in answers.panel.itertuples():
        field = question_field(row.context, row.left, row.right)
        ticks = ticked[given[row.expert]]
        assert row.favours == ticks[field + SIDE]
        assert str(row.intensity) == ("1" if row.favours == "equal" else ticks[field + INTENSITY])


def test_what_is_missing_is_asked_about(model, tmp_path):
    page = write_instrument(model, tmp_path, languages=["en"])[3]
    ticks = ticks_of(model, 0)
    first, second, *_ = (name for name in ticks if name.endswith(SIDE))
    del ticks[first]
    found = filled_in(page, ticks, confirms=False)
    assert found["names"] == [] and "complete answer: 1. Save all the same?" in found["asked"][0]
    assert filled_in(page, ticks)["names"] == ["answers_round_1_E-0.csv"]
    del ticks[first.replace(SIDE, INTENSITY)], ticks[second]
    assert "complete answer: 1, 2." in filled_in(page, ticks)["asked"][0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"consent": None}, "whether you agree"),
        ({"consent": "no"}, "Nothing more is asked"),
        ({"expert_code": "Серик"}, "2 to 20 signs"),
        ({"expert_code": "a,b"}, "2 to 20 signs"),
    ],
)
def test_without_consent_or_code_nothing_is_saved(changed, said, model, tmp_path):
    page = write_instrument(model, tmp_path, languages=["en"])[3]
    ticks = {k: v for k, v in (ticks_of(model, 0) | changed).items() if v}
    found = filled_in(page, ticks)
    assert said in found["said"] and found["names"] == [] and found["texts"] == []
