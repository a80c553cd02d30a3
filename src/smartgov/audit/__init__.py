"""From printed figures to the panels that could have printed them.

The modules build on one another in this order: :mod:`printed <smartgov.audit.printed>` turns a
string into an interval; the others ask which panels fall inside.  A verdict `contradicted` is a
proof over a stated bound; a search that merely found nothing is never reported as one.
"""

from smartgov.audit.printed import (
    RULES,
    Interval,
    Printed,
    could_print,
    parse_printed,
    print_value,
)

__all__ = ["RULES", "Interval", "Printed", "could_print", "parse_printed", "print_value"]
