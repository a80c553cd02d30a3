"""Tables 2, 3 and 4 of the article as a specification, written down by hand.

Independent of the readers in `smartgov.article`.  Where no panel of 13 experts prints a row, the
nearest row that one prints stands in its place and the printed one beside it.
"""

from smartgov.audit.panel_tables import Block, Group, PanelSpec, Target
from smartgov.audit.reconstruction import Question

DIMENSIONS = ("E1", "E2", "E3")
COMPONENTS = (
    "economic_growth",
    "policy_making",
    "citizen_engagement",
    "accountability",
    "interoperability",
    "key_enablers",
    "smart_services",
    "effectiveness_efficiency",
    "smart_city_government",
)
INNER_RING = ("emerging_technologies", "ict_innovation", "data")

SHARES = """
    0.43 0.62 0.68 0.74 0.61
    0.81 0.70 0.32 0.56 0.60
    0.00 0.00 0.00 0.00 0.00
    0.00 0.00 0.00 0.00 0.00
    0.51 0.46 0.76 0.52 0.57
    0.68 0.70 0.73 0.67 0.70
    0.92 0.95 0.84 0.67 0.86
    0.00 0.00 0.00 0.00 0.00
    0.00 0.00 0.00 0.00 0.00
    0.22 0.16 0.51 0.41 0.32
    0.03 0.00 0.00 0.00 0.01
    0.00 0.00 0.00 0.00 0.00
    0.19 0.49 0.41 0.59 0.41
"""
SHARE_TABLE = [line.split() for line in SHARES.split("\n") if line.strip()]

EQUAL_COUNTS = {  # of 37, 37, 37 and 27 questions
    "E1": (16, 30, 0, 0, 19, 25, 34, 0, 0, 8, 1, 0, 7),
    "E2": (23, 26, 0, 0, 17, 26, 35, 0, 0, 6, 0, 0, 18),
    "E3": (25, 12, 0, 0, 28, 27, 31, 0, 0, 19, 0, 0, 15),
    "Q27": (20, 15, 0, 0, 14, 18, 18, 0, 0, 11, 0, 0, 16),
}

N_ITEMS = dict(zip(COMPONENTS, (8, 7, 6, 5, 4, 4, 2, 1), strict=False))

W_AND_P = {  # Table 4; where no p can stand as printed beside the W, the nearest that can
    "E1": "0.074 0.455;0.119 0.158;0.137 0.113;0.019 0.913;0.114 0.218;0.163 0.095;0.000 1.000",
    # printed p: economic_growth 0.005, policy_making 0.346, smart_services 0.187
    "E2": "0.227 0.004;0.095 0.288;0.068 0.490;0.119 0.185;0.053 0.557;0.029 0.771;0.138 0.180",
    # printed p: interoperability 0.696, key_enablers 0.108
    "E3": "0.125 0.124;0.054 0.645;0.014 0.971;0.030 0.813;0.038 0.691;0.157 0.107;0.026 0.564",
}

MEAN_RANKS_W_P = {  # the nearest rows of Table 3 for 13 experts
    "economic_growth": "1.85 1.65 2.50 0.218 0.059",  # 1.84 1.66 2.48 0.21 0.059
    "policy_making": "1.77 1.88 2.35 0.162 0.122",  # 1.77 1.93 2.36 0.162 0.124
    "citizen_engagement": "1.58 1.77 2.65 0.505 0.001",  # 1.58 1.78 2.65 0.505 0.001
    "accountability": "1.62 1.69 2.69 0.552 0.001",  # 1.6 1.86 2.67 0.552 0.002
    "interoperability": "2.04 1.73 2.23 0.107 0.250",  # 2.04 1.73 2.23 0.107 0.251
    "key_enablers": "1.62 1.77 2.62 0.580 0.001",  # 1.6 2 2.6 0.6 0.002
    "smart_services": "1.69 2.00 2.31 0.145 0.152",  # 1.69 2 2.37 0.145 0.168
    "effectiveness_efficiency": "1.73 1.92 2.35 0.178 0.099",  # 1.74 1.94 2.32 0.178 0.107
    "smart_city_government": "1.65 1.88 2.46 0.300 0.020",  # 1.65 1.87 2.46 0.299 0.052
}


def article_spec() -> PanelSpec:
    blocks = [Block(name, _dimension_groups(name), EQUAL_COUNTS[name]) for name in DIMENSIONS]
    inner = tuple(_inner_group(name, row) for name, row in MEAN_RANKS_W_P.items())
    return PanelSpec((*blocks, Block("Q27", inner, EQUAL_COUNTS["Q27"])))


def article_questions() -> tuple[Question, ...]:
    """Pairs of components, the unnamed question of a dimension, triples of the inner ring."""
    questions = []
    for dimension in DIMENSIONS:
        for place, (name, n) in enumerate(N_ITEMS.items()):
            later = [*COMPONENTS[place + 1 :], None][:n]
            questions += [Question(dimension, name if other else None, other) for other in later]
    emerging, ict, data = INNER_RING
    for context in COMPONENTS:
        for left, right in ((emerging, ict), (emerging, data), (ict, data)):
            questions.append(Question(context, left, right))
    return tuple(questions)


def _dimension_groups(dimension: str) -> tuple[Group, ...]:
    figures = [Target.from_printed(*pair.split()) for pair in W_AND_P[dimension].split(";")]
    targets = dict(zip(N_ITEMS, figures, strict=False))
    return tuple(
        Group(dimension, name, n, targets.get(name, Target())) for name, n in N_ITEMS.items()
    )


def _inner_group(name: str, row: str) -> Group:
    *ranks, W, p = row.split()
    return Group(name, "inner_ring", 3, Target.from_printed(W, p, tuple(ranks)))
