"""Probing a live site: a few polite requests that check what the project expects of it.

Decides which questions every agency gets, what a finding is and how it is shown. Questions for one
agency alone are in ``probes/``. It may import scaffold, crawl and lower.
"""
