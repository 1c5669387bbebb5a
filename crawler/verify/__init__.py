"""Checks an archive: ledger and files against each other and against their hashes.

Decides what is wrong, and changes nothing. It may import report, store, warc and lower, but not
audit.
"""
