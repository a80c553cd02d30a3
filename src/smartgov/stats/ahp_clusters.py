"""Raters who weigh alike: clusters of priorities, and whether there are any."""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.special import entr

from .ahp_group import checked_priorities

MOST_CLUSTERS = 20
"""Clusters beyond which no cut is tried: what a reader can tell apart."""
MOST_APART = 1000
"""Raters up to whom the distances of every two are held."""
STRUCTURE = 0.6
"""Mean silhouette that clusters need. Kaufman and Rousseeuw (1990) call 0.5 reasonable, but half of
all panels who judge three items at random reach it; one in ten reaches 0.6, and of those with five
items or more none."""


@dataclass(frozen=True)
class Clusters:
    """Clusters of m raters.

    `labels`, shape (m,), count from 1 in the order of each cluster's first rater; `silhouette` is
    the largest mean silhouette found, whether or not it was large enough, NaN where no number of
    clusters could be tried.
    """

    labels: np.ndarray
    silhouette: float


def priority_clusters(priorities, *, structure=STRUCTURE, fewest=3) -> Clusters:
    """Clusters of raters by their priorities; all in one where no clear clusters are seen.

    Raters are as far apart as the Jensen-Shannon distance of their priorities, the root of the
    beta entropy of which :func:`smartgov.stats.group_consensus` is made for two; clusters are
    joined by average linkage. Of every number of clusters, up to :data:`MOST_CLUSTERS`, that leaves
    two or more with `fewest` raters (one who stands apart makes no camps), the one with the largest
    mean silhouette is taken, if that is at least `structure`. Of more than :data:`MOST_APART`
    raters, whose distances would fill the memory, no clusters are looked for.

    Parameters
    ----------
    priorities : array_like, shape (m, n)
        Raters by items, each row adding up to 1.

    References
    ----------
    Lin, J. (1991). IEEE Transactions on Information Theory 37, 145-151 (distance). - Rousseeuw,
    P. J. (1987). Journal of Computational and Applied Mathematics 20, 53-65 (silhouette). -
    Kaufman, L., & Rousseeuw, P. J. (1990). Finding Groups in Data, ch. 2.

    Examples
    --------
    >>> camps = [[0.7, 0.2, 0.1]] * 3 + [[0.1, 0.2, 0.7]] * 3
    >>> priority_clusters(camps).labels.tolist()
    [1, 1, 1, 2, 2, 2]
    """
    priorities = checked_priorities(priorities)
    if len(priorities) > MOST_APART:
        return Clusters(np.ones(len(priorities), int), np.nan)
    distances = _distances(priorities)
    tree = linkage(squareform(distances, checks=False), "average")
    cuts = [
        fcluster(tree, k, "maxclust") for k in range(2, min(len(priorities), MOST_CLUSTERS + 1))
    ]
    tried = [cut for cut in cuts if (np.bincount(cut) >= fewest).sum() > 1]
    found = [_mean_silhouette(distances, cut) for cut in tried]
    largest = max(found, default=np.nan)
    if not largest >= structure:
        return Clusters(np.ones(len(priorities), int), largest)
    best = tried[found.index(largest)]
    order = list(dict.fromkeys(best.tolist()))
    return Clusters(np.array([1 + order.index(label) for label in best]), largest)


def _distances(priorities) -> np.ndarray:
    """Jensen-Shannon distance of every two raters."""
    alone, middle = entr(priorities).sum(axis=-1), (priorities[:, None] + priorities) / 2
    beta = entr(middle).sum(axis=-1) - (alone[:, None] + alone) / 2
    return np.sqrt(np.where(beta > 1e-12, beta, 0))  # equal up to rounding is equal


def _mean_silhouette(distances, labels) -> float:
    """How much nearer raters are to their own cluster than to the next; 0 for one alone."""
    own = labels[:, None] == np.unique(labels)
    sums, sizes = distances @ own, own.sum(axis=0)
    within = sums[own] / np.maximum(sizes - 1, 1)[own.argmax(axis=1)]
    nearest = np.where(own, np.inf, sums / sizes).min(axis=1)
    largest = np.maximum(within, nearest)
    alone = (sizes == 1)[own.argmax(axis=1)] | (largest == 0)
    return float(np.where(alone, 0, (nearest - within) / np.where(alone, 1, largest)).mean())
