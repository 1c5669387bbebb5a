"""Whether an archive says what is so: ledger and files against each other and their hashes.

Decides what is wrong, and changes nothing. It may import report, store, warc and lower, but not
audit.
"""
