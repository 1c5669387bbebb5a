"""Scrapy commands, one a file: each reads its options, calls what does the work, and prints.

They may import everything; nothing imports them.
"""
