"""A look at single pages of any site, and a new agency's files, written from what they show.

Decides what is found out about an unknown site and what is left to a person. It may import crawl
and lower.
"""
