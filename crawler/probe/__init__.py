"""Probing a live site: a few polite requests that check what is believed of it.

Decides what is asked of every agency, what a finding is and how it is shown; what only one agency
is asked stands in ``probes/``. It may import scaffold, crawl and lower.
"""
