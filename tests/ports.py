"""A port for a server that must be told one: those that can be given 0 are given that."""

import random
import socket
from contextlib import suppress


def free_port() -> int:
    """Return a free port on 127.0.0.1.

    It is below the ports that systems give to connections (32768 and up on Linux, 49152 and up on
    macOS), so that no connection takes it before the server does.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("of a hundred ports from 20000 to 31999, none is free")
