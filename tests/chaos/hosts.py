"""An installation over several hosts: each worker in a network of its own, the servers in another, and cables that can be pulled."""

from __future__ import annotations

import ctypes
import os
import subprocess
from pathlib import Path
from typing import Any, Self

from tests import servers
from tests.chaos.arena import Arena
from tests.chaos.faults import hold_down
from tests.living import Group, Home
from tests.servers import Server

CLONE_NEWNET = 0x40000000
HOSTS = 8


class Hosts(Home):
    """PostgreSQL, RabbitMQ, Redis and S3 on one host, every worker on another; needs root, and touches no network but those it makes."""

    address = "10.77.0.1"

    def __init__(self, **how: Any) -> None:
        super().__init__(team=True, rabbitmq=True, s3=True, **how)
        self._middle = f"easel{os.getpid()}m"
        self._hosts = [f"easel{os.getpid()}h{number}" for number in range(HOSTS)]
        self._on: dict[str, Group] = {}
        self._outside = os.open("/proc/self/ns/net", os.O_RDONLY)

    def __enter__(self) -> Self:
        try:
            self._lay_cables()
            _enter(Path("/run/netns", self._middle))
        except BaseException:
            self.__exit__()
            raise
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        _libc.setns(self._outside, CLONE_NEWNET)
        os.close(self._outside)
        for name in [self._middle, *self._hosts]:
            subprocess.run(["ip", "netns", "delete", name], check=False, stderr=subprocess.DEVNULL)

    def _lay_cables(self) -> None:
        _ip("netns", "add", self._middle)
        _ip("-n", self._middle, "link", "add", "switch", "type", "bridge")
        _ip("-n", self._middle, "address", "add", f"{self.address}/24", "dev", "switch")
        for link in ("lo", "switch"):
            _ip("-n", self._middle, "link", "set", link, "up")
        for number, host in enumerate(self._hosts):
            _ip("netns", "add", host)
            _ip("-n", self._middle, "link", "add", host, "type", "veth", "peer", "name", "cable", "netns", host)
            _ip("-n", self._middle, "link", "set", host, "master", "switch", "up")
            _ip("-n", host, "address", "add", f"10.77.0.{number + 2}/24", "dev", "cable")
            for link in ("lo", "cable"):
                _ip("-n", host, "link", "set", link, "up")

    def _postgres(self) -> Server:
        return servers.postgres(self.folder, self.address)

    def begin_worker(self, concurrency: int, name: str) -> Group:
        """Start a worker on a host that has none."""
        host = next(host for host in self._hosts if host not in self._on or self._on[host].process.poll() is not None)
        here, self.env = self.env, {**self.env, "EASEL_HOME": str(self.folder / host)}
        try:
            self._on[host] = worker = self.start(["ip", "netns", "exec", host, *self.worker_command(concurrency, name)])
        finally:
            self.env = here
        return worker

    def cut(self, worker: Group) -> None:
        """Pull the cable of a worker's host."""
        _ip("-n", self._middle, "link", "set", self._host_of(worker), "down")

    def mend(self, worker: Group) -> None:
        """Put it in again."""
        _ip("-n", self._middle, "link", "set", self._host_of(worker), "up")

    def _host_of(self, worker: Group) -> str:
        return next(host for host, group in self._on.items() if group is worker)


def partition(arena: Arena, blows: int) -> None:
    """Workers lose sight of everything for longer than a lease, and see it again."""
    home = arena.home
    assert isinstance(home, Hosts)
    hold_down(arena, blows, home.cut, home.mend)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


_libc = ctypes.CDLL(None, use_errno=True)


def _enter(namespace: Path) -> None:
    """Have this thread, and what it starts from now on, live in a network."""
    file = os.open(namespace, os.O_RDONLY)
    try:
        if _libc.setns(file, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
    finally:
        os.close(file)
