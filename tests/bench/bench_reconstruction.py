"""Speed of reconstruction, on the article's tables: seconds taken beside the seconds allowed.

    python tests/bench/bench_reconstruction.py [number of panels]

Ends with status 1 when a figure is missed.  Every panel counted is checked from its answers.
"""

import sys
import time
from functools import partial
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "audit"))

from article_tables import (  # noqa: E402
    COMPONENTS,
    DIMENSIONS,
    INNER_RING,
    article_questions,
    article_spec,
)

from smartgov.audit.entity_scores import Ranking  # noqa: E402
from smartgov.audit.opposite_panels import opposite_pair  # noqa: E402
from smartgov.audit.reconstruction import reconstruct, reconstruct_many  # noqa: E402

SEED = 2022


def timed(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def report(name, seconds, allowed, remark=""):
    share = seconds / allowed
    print(f"{name:<44} {seconds:8.2f} s of {allowed:6.1f} s  ({share:5.1%})  {remark}")
    return seconds <= allowed


def main(count):
    spec, questions = article_spec(), article_questions()
    seconds, _ = timed(lambda: reconstruct(spec, SEED))
    good = [report("first reconstructed panel", seconds, 10)]
    seconds, panels = timed(lambda: reconstruct_many(spec, count, SEED))
    apart = [(one != other).mean() for one, other in combinations(panels[:50], 2)]
    remark = f"distinct; two differ in {min(apart):.0%} to {max(apart):.0%} of judgements"
    good.append(report(f"{count} panels", seconds, 120 * count / 1000, remark))
    cases = {
        "opposite pair, middle ring": (DIMENSIONS, COMPONENTS, COMPONENTS[:1]),
        "opposite pair, inner ring": (COMPONENTS, INNER_RING, INNER_RING[1:2]),
    }
    for name, (contexts, entities, leading) in cases.items():
        ranking = Ranking(questions, contexts, entities)
        seconds, pair = timed(partial(opposite_pair, spec, ranking, leading, panels[:12]))
        remark = f"{pair.how}, reversed: {pair.reversed}, same cells: {pair.prints_the_same}"
        good.append(report(name, seconds, 10, remark))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
