"""Saved searches that tell somebody of what they find: announcements, kept until they are sent.

It reads archives and never changes them. It may import what stands below: feeds and lower.
"""
