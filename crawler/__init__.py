"""The engine: finds, fetches, reads and keeps articles; knows no agency."""
