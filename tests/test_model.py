"""A model file of one's own that cannot be read ends in one sentence."""

import pytest

from smartgov.files.layout import MODEL
from smartgov.model import read_model

GOOD = (MODEL / "model.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rings: [a\n", "line 2: found text that is no YAML"),
        ("", "found no rings, dimensions, components"),
        ("- a\n- b\n", "found no rings"),
        (GOOD.replace("components:", "parts:"), "found no components;"),
        (GOOD.replace("ring: middle", "circle: middle", 1), "components, entry"),
        (GOOD.replace("- id: ", "- name: ", 1), "entry 1: found no id"),
    ],
)
def test_a_broken_model_file_says_what_is_missing(tmp_path, text, found):
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    assert text != GOOD
    with pytest.raises(ValueError, match="own.yaml") as raised:
        read_model(path)
    assert found in str(raised.value) and "\n" not in str(raised.value)


def test_a_model_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(ValueError, match="save it as UTF-8"):
        read_model(path)
