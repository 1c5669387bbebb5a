"""Spiders: where an agency's articles are, one file an agency."""
