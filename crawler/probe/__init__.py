"""Probing a live site: a few polite requests that check what is believed of it."""
