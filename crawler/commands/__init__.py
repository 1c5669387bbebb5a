"""Scrapy commands, one per file: each reads its options, calls other packages, and prints.

They may import everything; nothing imports them.
"""
