"""Exports: the newest version of each article, in formats for other programs.

Each format is a function that turns rows into the bytes of a file, piece by piece, in bounded
memory. ``formats.py`` lists them; ``docs/mapping.md`` documents where each field goes.
"""
