"""Pages: the rules and layouts of each agency, one file per agency."""
