"""Statistics of agreement, priorities and consensus: functions on arrays that know no study.

`m` raters (or experts, or coders) stand in rows and `n` items in columns; NaN is a missing
answer. What cannot be computed ends in a ValueError that says what was found, where, and what is
accepted. A name is imported when it is first used.

Several functions share these parameters:

confidence : float
    Level of an interval, between 0 and 1; 0.95 by default.
draws : int
    Bootstrap samples, or shuffled panels.
seed : int or numpy.random.Generator
    Where the draws start.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "concordance": [
            "Concordance",
            "kendall_w",
            "rank_deviations",
            "schmidt_band",
            "w_interval",
            "w_without_each",
        ],
        "exact": ["w_distribution"],
        "significance": ["concordance_pvalue"],
        "ahp": [
            "comparison_matrix",
            "complete_matrix",
            "item_means",
            "links_all_items",
            "priorities",
        ],
        "ahp_consistency": [
            "RANDOM_INDEX",
            "consistency",
            "completed_consistency_ratio",
            "consistency_ratio",
            "consistent_by_chance",
            "inconsistent_judgements",
            "random_index",
        ],
        "ahp_clusters": ["priority_clusters"],
        "ahp_scales": ["SCALES", "rescaled"],
        "ahp_group": ["aggregate", "group_consensus", "priority_interval"],
        "delphi_consensus": ["consensus", "median_interval", "quartiles"],
        "delphi_stability": ["attrition", "movement", "w_change"],
        "agreement": [
            "agreement_interval",
            "cohen_kappa",
            "gwet_ac1",
            "krippendorff_alpha",
            "percent_agreement",
        ],
        "intervals": ["adjust_pvalues", "all_confirmed", "share_interval"],
        "paired": ["paired_dimensions", "wilcoxon_signed_rank"],
    },
)
