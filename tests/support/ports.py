"""Ports for servers that tests start; no two tests get the same, even when they run in parallel."""

from __future__ import annotations

import random
import socket

# Below the ephemeral ports of Linux, so that no outgoing connection takes one between the check and the server's start.
PORTS = range(20_000, 32_000)
_claims: list[socket.socket] = []


def free_port(address: str = "127.0.0.1") -> int:
    """A free port, reserved for this process until it ends."""
    for port in random.Random().sample(PORTS, len(PORTS)):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0easel-test-port-{port}")  # an abstract socket name: only one process has it, and it ends with the process
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection in TIME_WAIT is not a server
                probe.bind((address, port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
    raise RuntimeError(f"All ports from {PORTS.start} to {PORTS.stop} are in use.")
