"""Figures, languages, provenance and notebook runs: how things are shown."""
