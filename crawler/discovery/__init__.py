"""Ways of finding articles, one file a road."""
