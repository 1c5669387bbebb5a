"""A look at single pages of any site, and the files of a new agency, made from one page.

Decides what can be found out about an unknown site, and what a person must decide. It may import
crawl and lower.
"""
