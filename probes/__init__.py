"""Probes: what ``scrapy probe`` asks of a single agency besides what it asks of all."""
