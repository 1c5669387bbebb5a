"""A module of spiders that cannot be loaded, as one with a fault of its own."""

raise RuntimeError("no spider today")
