"""Reconstruction on the article's tables beside the seconds allowed.

Every panel counted is checked from its answers.
"""

import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "audit"))

from article_tables import (  # noqa: E402
    COMPONENTS,
    DIMENSIONS,
    INNER_RING,
    article_questions,
    article_spec,
)
from beside import pace, within  # noqa: E402

from smartgov.audit.entity_scores import Ranking  # noqa: E402
from smartgov.audit.opposite_panels import opposite_pair  # noqa: E402
from smartgov.audit.reconstruction import reconstruct, reconstruct_many  # noqa: E402

SEED, COUNT = 2022, 200


def once(call):
    """Seconds of a call, how much slower than at ease the machine was, and what came out."""
    slower, start = pace(), time.perf_counter()
    result = call()
    return time.perf_counter() - start, slower, result


def rows():
    spec, questions = article_spec(), article_questions()
    seconds, slower, _ = once(lambda: reconstruct(spec, SEED))
    yield within("first reconstructed panel", seconds, 10, slower)
    seconds, slower, panels = once(lambda: reconstruct_many(spec, COUNT, SEED))
    yield within(f"{COUNT} reconstructed panels", seconds, 0.12 * COUNT, slower)
    cases = {
        "opposite pair of panels, middle ring": (DIMENSIONS, COMPONENTS, COMPONENTS[:1]),
        "opposite pair of panels, inner ring": (COMPONENTS, INNER_RING, INNER_RING[1:2]),
    }
    for name, (contexts, entities, leading) in cases.items():
        ranking = Ranking(questions, contexts, entities)
        found = partial(opposite_pair, spec, ranking, leading, panels[:12])
        seconds, slower, pair = once(found)
        assert pair.reversed and pair.prints_the_same, f"{name}: {pair.how}"
        yield within(name, seconds, 10, slower)
