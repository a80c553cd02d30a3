"""The rules for cells refuse what Frictionless refuses by the same schema."""

import re

from frictionless import Schema
from hypothesis import example, given
from hypothesis import strategies as st

from smartgov.model import read_model
from smartgov.panels.schema import FIELDS, fields_by_name, panel_schema, refuses

SCHEMA = panel_schema(read_model(), ["unnamed_1_left"])
OURS = fields_by_name(SCHEMA)
THEIRS = {field.name: field for field in Schema.from_descriptor(SCHEMA).fields}
WORDS = sorted({word for field in OURS.values() for word in field["constraints"].get("enum", [])})


@given(
    st.one_of(
        st.text(max_size=80), st.sampled_from(WORDS), st.integers(-12, 12).map(str), st.floats()
    ).map(str)
)
@example("")
@example("x" * 64)
@example("x" * 65)
@example("０５")
@example("1_0")
@example("+7")
@example("9.0")
@example("0_5")
@example("1\x1f")
def test_a_cell_is_refused_where_frictionless_refuses_it_and_where_a_number_is_not_digits(text):
    """Frictionless reads 0_5 as 5, as Python does; no one who types it means that."""
    for name in FIELDS:
        theirs = bool(THEIRS[name].read_cell(text)[1])
        odd = OURS[name]["type"] == "integer" and not re.fullmatch(r"([+-]?\d{1,9})?", text)
        assert refuses(OURS[name], text) == (theirs or odd), name
