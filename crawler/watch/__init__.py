"""Saved searches: find new results, and send announcements that are stored until sent.

It reads archives and never changes them. It may import feeds and the packages below it.
"""
