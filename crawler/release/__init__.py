"""Releases: dated, closed, checked copies of the data set, made from the journal.

Decides what is published of a row, in which files, and how a release is checked. It imports no
browser, probe or crawl: only store, warc, extract, text, model and system.
"""
