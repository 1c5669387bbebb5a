"""What feeds, sitemaps, lists and indexes of web archives contain: no requests, no Scrapy.

Decides which links a page of a listing has, and how many pages to read. It may import extract,
text, model and lower.
"""
