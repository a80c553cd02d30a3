"""The article: its tables, claims and verdicts, the model and the questionnaire."""
