"""What is on disk: the ledger, the journal, the queue of what is to be fetched.

Decides when something counts as stored, and in which state each article is. It may import warc,
extract and lower, and never Scrapy.
"""
