"""What the site did of late, as feeds that a feed reader shows: Atom and JSON Feed.

It reads the archive and never changes it. It may import what stands below: audit and lower.
"""
