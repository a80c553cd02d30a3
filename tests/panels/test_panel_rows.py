"""Rows that agree are found as pandas finds them, whatever the columns are made of."""

import numpy as np
import pandas as pd
import pytest

from smartgov.panels.rules import distinct_rows, repeated


def drawn(rows, columns, texts, seed=0, dtype="category"):
    codes = np.random.default_rng(seed).integers(texts, size=(columns, rows))
    return pd.DataFrame({f"c{k}": each.astype(str) for k, each in enumerate(codes)}).astype(dtype)


@pytest.mark.parametrize("dtype", ["category", "str"])
@pytest.mark.parametrize(
    ("rows", "columns", "texts"), [(0, 2, 1), (1, 1, 1), (200, 2, 3), (200, 3, 40), (3000, 2, 2000)]
)
def test_rows_that_agree(rows, columns, texts, dtype):
    table = drawn(rows, columns, texts, dtype=dtype)
    number, first = distinct_rows(table, table)
    assert number.tolist() == table.groupby([*table], sort=False, observed=True).ngroup().tolist()
    assert first.tolist() == np.flatnonzero(~table.duplicated()).tolist()
    assert repeated(table).tolist() == table.duplicated().tolist()


def test_columns_with_more_combinations_than_a_number_holds():
    """Six columns of 4096 texts make 2^72 combinations: modulo 2^64 the two rows are the same."""
    texts = [str(k) for k in range(4096)]
    codes = [[0, 16], *[[7, 7]] * 5]
    columns = {k: pd.Categorical.from_codes(each, texts) for k, each in enumerate(codes)}
    table = pd.DataFrame(columns)
    assert distinct_rows(table, table)[0].tolist() == [0, 1]
    assert repeated(table).tolist() == [False, False]


def test_texts_that_no_row_has_do_not_count():
    table = drawn(50, 2, 5)
    some = table.iloc[:7]
    assert (
        distinct_rows(some, some)[0].tolist() == distinct_rows(some.astype("str"), some)[0].tolist()
    )
