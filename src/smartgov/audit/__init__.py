"""From printed figures to the panels that could have printed them.

A verdict `contradicted` is a proof over a stated bound; a search that merely found nothing is
never reported as one.  The modules, from the ground up:

``printed``
    a printed string is an interval under a named rounding rule;
``granularity``
    which numbers of questions or experts print a column of shares;
``p_values``, ``exact_p``, ``p_methods``
    what a p-value of W can be;
``states``
    all panels of one size, as sums of doubled rank deviations and of their squares;
``row``, ``rank_bounds``, ``listing``, ``fitting``
    a printed row, and which sizes of panel could print it;
``row_at``, ``slips``
    which of its figures clash, the nearest row, and small slips that would explain it;
``row_audit``, ``table``, ``table_size``
    all of it for each row of anyone's table, and the size a table implies;
``panel_tables``, ``reconstruction`` and what they build on
    whole answer sheets that print given tables.
"""
