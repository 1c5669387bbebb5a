"""What an article is: its fields, identity, versions, and the rules that describe an agency.

It may import only system and errors, and never Scrapy.
"""
