"""Downloader middlewares: which requests go out, how politely, and what is kept of responses.

They may import report, crawl and lower, but no extension.
"""
