"""Spiders: the sources of articles, one file per agency."""
