"""A stand-in for an agency's site, on loopback."""
