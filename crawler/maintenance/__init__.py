"""Work on a whole archive without a crawl: read it again, rebuild its ledger, withdraw.

Decides which versions such work adds, and what is left of what was withdrawn. It may import report,
crawl, store and lower.
"""
