"""Which articles of a release are copies, near-duplicates or translations of each other."""
