"""Statistics of agreement, priorities and consensus as pure functions on arrays.

`m` raters (or experts, or coders) stand in rows and `n` items in columns; NaN is a missing
answer. Nothing here knows any particular study.
"""

from .agreement import (AgreementInterval, agreement_interval, cohen_kappa, gwet_ac1,
                        krippendorff_alpha, percent_agreement)
from .concordance import (Concordance, WInterval, kendall_w, rank_deviations, schmidt_band,
                          w_interval)
from .delphi import (Attrition, Consensus, MedianInterval, Movement, SymmetryTest, WChange,
                     attrition, bowker_symmetry, consensus, median_interval, movement,
                     stuart_maxwell, w_change, weighted_kappa)
from .exact import WDistribution, w_distribution
from .intervals import ShareInterval, adjust_pvalues, all_confirmed, share_interval
from .paired import PairedDimensions, SignedRanks, paired_dimensions, wilcoxon_signed_rank
from .significance import ConcordanceP, concordance_pvalue

__all__ = [name for name in dir() if not name.startswith("_")]
