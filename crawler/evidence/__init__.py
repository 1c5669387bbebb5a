"""The evidence of one article: its versions and captures as a WACZ file, and the check of one.

Decides what the file contains and what proves it. It may import store, warc and lower.
"""
