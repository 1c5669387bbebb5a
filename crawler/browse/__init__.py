"""An archive to search and look at: a database made from the journal, and pages that show it."""
