"""Statistics of agreement, priorities and consensus as pure functions on arrays.

`m` raters (or experts, or coders) stand in rows and `n` items in columns; NaN is a missing
answer. Nothing here knows any particular study.
"""

from .agreement import (
    AgreementInterval,
    agreement_interval,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from .ahp import (
    RANDOM_INDEX,
    Consistency,
    InconsistentJudgements,
    comparison_matrix,
    complete_matrix,
    consistency,
    consistency_ratio,
    geometric_consistency_index,
    inconsistent_judgements,
    judgement_ratio,
    links_all_items,
    priorities,
    random_index,
)
from .ahp_group import (
    GroupConsensus,
    PriorityInterval,
    PriorityRange,
    aggregate,
    group_consensus,
    priority_errors,
    priority_interval,
    priority_range,
)
from .concordance import (
    Concordance,
    WInterval,
    kendall_w,
    rank_deviations,
    schmidt_band,
    w_interval,
)
from .delphi import (
    Attrition,
    Consensus,
    MedianInterval,
    Movement,
    SymmetryTest,
    WChange,
    attrition,
    bowker_symmetry,
    consensus,
    median_interval,
    movement,
    stuart_maxwell,
    w_change,
    weighted_kappa,
)
from .exact import WDistribution, w_distribution
from .intervals import ShareInterval, adjust_pvalues, all_confirmed, share_interval
from .paired import PairedDimensions, SignedRanks, paired_dimensions, wilcoxon_signed_rank
from .significance import ConcordanceP, concordance_pvalue

__all__ = [
    # concordance
    "Concordance",
    "ConcordanceP",
    "WDistribution",
    "WInterval",
    "concordance_pvalue",
    "kendall_w",
    "rank_deviations",
    "schmidt_band",
    "w_distribution",
    "w_interval",
    # analytic hierarchy process
    "Consistency",
    "GroupConsensus",
    "InconsistentJudgements",
    "PriorityInterval",
    "PriorityRange",
    "RANDOM_INDEX",
    "aggregate",
    "comparison_matrix",
    "complete_matrix",
    "consistency",
    "consistency_ratio",
    "geometric_consistency_index",
    "group_consensus",
    "inconsistent_judgements",
    "judgement_ratio",
    "links_all_items",
    "priorities",
    "priority_errors",
    "priority_interval",
    "priority_range",
    "random_index",
    # Delphi rounds
    "Attrition",
    "Consensus",
    "MedianInterval",
    "Movement",
    "SymmetryTest",
    "WChange",
    "attrition",
    "bowker_symmetry",
    "consensus",
    "median_interval",
    "movement",
    "stuart_maxwell",
    "w_change",
    "weighted_kappa",
    # agreement of coders
    "AgreementInterval",
    "agreement_interval",
    "cohen_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "percent_agreement",
    # shares, several tests, paired scores
    "PairedDimensions",
    "ShareInterval",
    "SignedRanks",
    "adjust_pvalues",
    "all_confirmed",
    "paired_dimensions",
    "share_interval",
    "wilcoxon_signed_rank",
]
