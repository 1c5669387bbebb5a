"""A stand-in for an agency's site, served on loopback."""

from replica.options import Options
from replica.replica import Replica
from replica.world import World

__all__ = ["Options", "Replica", "World"]
