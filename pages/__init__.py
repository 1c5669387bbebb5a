"""Pages: what an agency's pages say, one file an agency."""
