"""What is on disk: the ledger, the journal, and the queue of pending articles.

Decides when something counts as stored, and which state each article has. It may import warc,
extract and lower, and never Scrapy.
"""
