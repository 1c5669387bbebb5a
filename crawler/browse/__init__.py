"""An archive to search and look at: a database made from the journal, and pages that show it.

It reads the archive and never changes it. It may import what stands below: release and lower.
"""
