"""Work on a whole archive without a crawl: reparse, rebuild the ledger, withdraw.

Decides which versions such work adds, and what remains of withdrawn articles. It may import report,
crawl, store and lower.
"""
