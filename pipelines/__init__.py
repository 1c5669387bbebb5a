"""Item pipelines: one class and one decision per file."""
