"""Item pipelines: how an article is read, whether it is valid, and whether it is new."""
