"""An installation over several hosts: each worker in a network namespace, the servers in another, with links that can be cut."""

from __future__ import annotations

import os
import subprocess
from typing import Any, Self

from tests.chaos.arena import Arena
from tests.chaos.faults import hold_down
from tests.support import servers
from tests.support.installation import Group, Home
from tests.support.prefork_server import enter
from tests.support.servers import Server

HOSTS = 12


class Hosts(Home):
    """PostgreSQL, RabbitMQ, Redis and S3 on one host, every worker on another; needs root, and changes only networks that it creates."""

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
            self.namespace = f"/run/netns/{self._middle}"
            enter(self.namespace)
        except BaseException:
            self.__exit__()
            raise
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        enter(f"/proc/self/fd/{self._outside}")
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

    def begin_worker(self, concurrency: int, name: str, namespace: str = "", **env: str) -> Group:
        """Start a worker on a host that has none."""
        host = next(host for host in self._hosts if host not in self._on or self._on[host].process.poll() is not None)
        self._on[host] = worker = super().begin_worker(concurrency, name, f"/run/netns/{host}", EASEL_HOME=str(self.folder / host))
        return worker

    def cut(self, worker: Group) -> None:
        """Cut the link of a worker's host."""
        _ip("-n", self._middle, "link", "set", self._host_of(worker), "down")

    def mend(self, worker: Group) -> None:
        """Restore the link."""
        _ip("-n", self._middle, "link", "set", self._host_of(worker), "up")

    def _host_of(self, worker: Group) -> str:
        return next(host for host, group in self._on.items() if group is worker)


def partition(arena: Arena, count: int) -> None:
    """Workers lose all connections for longer than a lease, and then regain them."""
    home = arena.home
    assert isinstance(home, Hosts)
    hold_down(arena, count, home.cut, home.mend)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
