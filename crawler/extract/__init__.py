"""From the bytes of a response to the fields of an article, without a network.

Decides which layout a page has and what its parts mean. It may import text, model, system and
errors.
"""
