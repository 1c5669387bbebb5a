"""Captures: request/response pairs as WARC records, their files and their indexes.

Decides how a capture is written, found and read. It may import extract and the packages below it,
and never Scrapy.
"""
