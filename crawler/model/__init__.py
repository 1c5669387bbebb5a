"""What an article is: its fields, identity, versions, and the rules an agency is described by.

It may import only system and errors, and never Scrapy.
"""
