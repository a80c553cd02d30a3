"""A panel in tidy form from signed values: the inverse of what is read, for tests that draw."""

import numpy as np
import pandas as pd

from smartgov.panels import SignedValues
from smartgov.panels.schema import FIELDS


def from_signed(signed: SignedValues, round: int = 1) -> pd.DataFrame:
    expert, question = np.nonzero(~np.isnan(signed.values))
    values = signed.values[expert, question].astype(int)
    panel = signed.questions.iloc[question].reset_index(drop=True)
    panel = panel.assign(
        expert=np.array(signed.experts, dtype=object)[expert],
        round=round,
        favours=np.select([values > 0, values < 0], ["left", "right"], "equal"),
        intensity=np.abs(values) + 1,
    )
    return panel[list(FIELDS)]
