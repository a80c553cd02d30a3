"""Figures, tables and pages: how things are shown."""
