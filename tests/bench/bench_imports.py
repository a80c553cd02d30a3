"""What importing costs, in processor time, beside the packages that are imported anyway."""

import sys

from beside import Row, command, processor_seconds

IMPORTS = {
    "import of the command": ("import smartgov.app.verbs", "import pandas", "≤ 0.5"),
    "import of Kendall's W": ("from smartgov.stats import kendall_w", "import scipy.stats", "≤ 1"),
    "import of the readers": ("import smartgov.panels", "import pandas", "≤ 2.2"),
}


def rows():
    def cost(code):
        return processor_seconds(lambda: command(sys.executable, "-c", code))

    for what, (ours, theirs, most) in IMPORTS.items():
        (mine, runs), (reference, _) = cost(ours), cost(theirs)
        yield Row(what, "s", mine, theirs, reference, most, runs)
