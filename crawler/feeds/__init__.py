"""Recent changes of articles as feeds for a feed reader: Atom and JSON Feed.

It reads the archive and never changes it. It may import audit and the packages below it.
"""
