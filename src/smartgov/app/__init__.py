"""How it is run: the verbs, runs of notebooks, and their parameters."""
