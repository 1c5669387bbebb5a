"""Browses and searches archives: an index made from the journals, and web pages.

It reads the archives and never changes them. It may import release and all packages below it.
"""
