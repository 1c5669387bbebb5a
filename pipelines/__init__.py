"""Item pipelines: one class, one decision a file."""
