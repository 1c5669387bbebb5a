"""Text: normal forms, bylines, dates, languages, boilerplate. Value in, value out.

Decides what a line of text means. No I/O, no Scrapy, no clock. It may import model, system and
errors.
"""
