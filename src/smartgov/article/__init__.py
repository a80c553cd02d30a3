"""This article: what it prints, what follows from it, and how each claim is judged."""
