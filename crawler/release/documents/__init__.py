"""The documents of a release: data card, citation, descriptions for other tools, pictures."""
