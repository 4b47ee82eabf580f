"""newscrawl: watches regional news and keeps it, with its links, bylines and reprints, in one SQLite file."""

__version__ = "0.1.0"
