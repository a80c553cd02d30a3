"""Questionnaires generated from a model, as XLSForm workbooks (ODK, KoboToolbox).

Names of the fields
-------------------
Whoever reads the answers relies on these names; `names` makes and checks them.

====================================================  ==============================================
field                                                 holds
====================================================  ==============================================
``consent``                                           ``yes``, or ``no`` and nothing is asked
``expert_code``                                       the code handed out, never a name
``round``                                             1, 2, …
``<context>/<context>__<left>__<right>__side``        ``left``, ``right`` or ``equal``
``<context>/<context>__<left>__<right>__intensity``   2 to 9; empty when the side is ``equal``
====================================================  ==============================================

The part before the slash is the group, named after the context. Ids of the model must not hold two
underscores in a row, so that splitting a name at ``__`` gives back exactly its parts. ``left`` and
``right`` are the model's, wherever the two stood on the screen. Intensity 1 cannot be chosen: it
goes together with ``equal``, and there the second field is not asked.

All other columns of an export serve the form itself and hold no answer of their own: names that
start with ``shuffle_`` (the order drawn) or ``shown_`` (what was ticked, in the order shown), and
the notes ``…__intro`` and ``…__hidden``.

How the order is randomised
---------------------------
XLSForm can shuffle the choices of one question (``randomize=true``), but has no means to shuffle
questions; and shuffled choices would move ``equal`` from its place between the two alternatives. A
shuffled form is therefore built from calculations alone; see `shuffled`. For each respondent anew
it draws the order of the contexts of a ring, the order of the pairs within each context, and which
alternative stands first. The draw is made when the form is opened and kept with a draft. All that
is needed are ``once``, ``random``, ``join``, ``randomize``, ``selected-at``, ``selected``,
``substring-before`` and ``substring-after`` in calculations, and a choice filter. A fixed form asks
the same fields directly, in the model's order, with none of these.

Tried in: Enketo (enketo-core 8.1, which KoboToolbox and ODK Central use for web forms) in Chromium,
and JavaRosa (the engine of ODK Collect and KoboCollect) in ODK Validate 1.20; converted by pyxform
4.5 without a warning and by 3.0 with one for each group that only holds calculations ("has no
label"). Not tried: a KoboToolbox or ODK Central server itself.
"""

from smartgov.instruments.xlsform import questionnaire_sheets, write_xlsform

__all__ = ["questionnaire_sheets", "write_xlsform"]
