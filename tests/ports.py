"""Ports for servers that tests start, which no two tests are given, even when they run side by side."""

from __future__ import annotations

import random
import socket

# Below the ports that Linux gives to outgoing connections, so that none of those takes one between the question and the server's start.
PORTS = range(20_000, 32_000)
_claims: list[socket.socket] = []


def free_port(address: str = "127.0.0.1") -> int:
    """A port that nobody listens on; it belongs to this process until the process ends."""
    for port in random.Random().sample(PORTS, len(PORTS)):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0easel-test-port-{port}")  # an abstract name: only one process has it, and it ends with the process
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection that was closed a minute ago is no server
                probe.bind((address, port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
    raise RuntimeError(f"All ports from {PORTS.start} to {PORTS.stop} are in use.")
