"""Downloader middlewares: which requests are sent, how politely, and what is captured.

They may import report, crawl and lower, but no extension.
"""
