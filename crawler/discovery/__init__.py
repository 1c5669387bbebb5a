"""What feeds, sitemaps, lists and web archives' indexes say: no requests, no Scrapy.

Decides which links a page of a listing holds and how far down to read. It may import extract, text,
model and lower.
"""
