"""Exports: the newest version of each article in the forms that other programs read.

Each format is a function that turns rows into the bytes of a file, piece by piece, in bounded
memory. ``formats.py`` lists them; ``docs/mapping.md`` says where each field goes.
"""
