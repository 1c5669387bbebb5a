"""Scrapy extensions: they write and report."""
