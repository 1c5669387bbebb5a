"""Scrapy extensions: when something is committed, counted, shown, reported or exported.

They may import report, crawl and lower, but no middleware.
"""
