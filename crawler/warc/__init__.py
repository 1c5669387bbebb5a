"""Captures: request/response pairs as WARC records, their files and their indexes.

Decides how a capture is written, found and read back. It may import extract and lower, and never
Scrapy.
"""
