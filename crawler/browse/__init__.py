"""Archives to search and look at: an index made from the journals, and pages that show them.

It reads the archives and never changes them. It may import what stands below: release and lower.
"""
