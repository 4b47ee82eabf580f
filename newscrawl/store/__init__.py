"""The SQLite file: its schema, its writer, its questions. All SQL of newscrawl is here."""
