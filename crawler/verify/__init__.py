"""Whether an archive says what is so: ledger and files against each other and their hashes."""
