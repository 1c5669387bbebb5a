"""Probing a live site: a few polite requests that check what is believed of it.

Decides what a finding is and how it is shown; what is believed stands in ``probes/``. It may import
scaffold, crawl and lower.
"""
