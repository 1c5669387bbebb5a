"""Probes: what is believed of an agency's live site and how to check it, one file an agency."""
