"""A run: which requests are sent, what a response means, and in which outcome an article ends.

The only package below ``report`` that knows Scrapy's spiders and requests. It may import discovery,
store and lower.
"""
