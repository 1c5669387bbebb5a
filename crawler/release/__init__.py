"""Releases: dated, closed, checked copies of the data set, made from the journal."""
