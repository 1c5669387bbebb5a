"""Releases: dated, closed, checked copies of the data set.

Decides which parts of a row are published, in which files, and how that is checked. It imports no
browser, probe or crawl: only store, warc, extract, text, model and system.
"""
