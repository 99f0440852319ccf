"""Docker client: connects by DOCKER_HOST or the default socket; containers are hardened, labelled, monitored and removed."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pipelines.procfs import boot_id, started_at

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

OWNER = "easel.owner"
PATIENCE_SECONDS = 120
LOOK_SECONDS = 0.2
LONGEST_LINE = 64 * 1024
SOCKET = "/var/run/docker.sock"
REMEDY = "Install and start Docker Engine on the machines of the workers, and allow their account to use it; or set DOCKER_HOST to a running one."

_mine: set[str] = set()  # the names of this process's containers


class DockerUnavailable(Exception):
    """The Docker engine is unreachable or refused a request; see the message."""


@contextmanager
def engine() -> Iterator[DockerClient]:
    """Connect to the engine for the duration of the context.

    Raises:
        DockerUnavailable: When it is unreachable, or refuses a request inside.
    """
    import docker
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    client: DockerClient | None = None
    try:
        client = docker.from_env(timeout=PATIENCE_SECONDS)
        yield client
    except (DockerException, RequestException) as fault:
        raise DockerUnavailable(_words(fault, answered=client is not None)) from fault
    finally:
        if client:
            client.close()


def _words(fault: Exception, *, answered: bool) -> str:
    """Describe a fault; for a failed connection, the system's reason without the wrapping exceptions."""
    from requests.exceptions import RequestException

    if answered and not isinstance(fault, RequestException):
        what, why = "rejected the request", str(getattr(fault, "explanation", None) or fault)
    else:
        what = f"at {os.environ.get('DOCKER_HOST', f'unix://{SOCKET}')} does not answer"
        why = _reason(fault) or str(fault)
    return f"The Docker engine {what}: {why.strip().rstrip('.')[:500]}."


def _reason(fault: BaseException | None) -> str:
    while fault:
        match fault:
            case OSError(strerror=str(words)):
                return words[:1].lower() + words[1:]
            case TimeoutError():
                return f"no answer within {PATIENCE_SECONDS} seconds"
            case ConnectionError():
                return "the connection was closed"
        fault = fault.__cause__ or fault.__context__
    return ""


def hardened(memory_bytes: int, pids: int, cpus: float) -> dict[str, Any]:
    """Return the options of every container: no privileges, no network, bounded memory (no swap), CPUs and processes, no log on disk."""
    from docker.types import LogConfig

    return {
        "network_mode": "none",
        "mem_limit": memory_bytes,
        "memswap_limit": memory_bytes,
        "pids_limit": pids,
        "nano_cpus": int(cpus * 1e9),
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "log_config": LogConfig(type="none"),
    }


@contextmanager
def running(
    client: DockerClient, image: str, command: list[str], end_it: Callable[[], bool], *, labels: Mapping[str, str], **options: Any
) -> Iterator[tuple[Container, Iterator[tuple[bytes | None, bytes | None]]]]:
    """Run a command in a container and yield it with its standard output and error; it is removed in any case.

    Args:
        client: The engine.
        image: The image.
        command: The command.
        end_it: Polled several times a second; once it returns True, the container is killed.
        labels: Labels for people who inspect the engine.
        options: Further arguments of docker's `create`.
    """
    name = f"easel-{uuid4().hex[:16]}"
    _mine.add(name)
    over = threading.Event()
    container: Container | None = None
    try:
        container = client.containers.create(image, command, name=name, labels={OWNER: owner(), **labels}, **options)
        said = container.attach(stream=True, demux=True)
        container.start()
        threading.Thread(target=_kill_when_due, args=(container, end_it, over), daemon=True).start()
        yield container, said
    finally:
        over.set()
        _mine.discard(name)  # if the engine is unreachable now, the next step removes the container as an orphan
        if container:
            remove(container)


def _kill_when_due(container: Container, end_it: Callable[[], bool], over: threading.Event) -> None:
    while not over.wait(LOOK_SECONDS):
        if end_it():
            with suppress(Exception):  # it has already ended; if not, the next check tries again
                container.kill()


def remove(container: Container) -> None:
    """Remove a container; one that is already gone, or is being removed, is no error."""
    from docker.errors import APIError

    try:
        container.remove(force=True, v=True)
    except APIError as fault:
        if fault.status_code not in (404, 409):
            raise


class Lines:
    """Splits incoming bytes into lines; a line that is too long comes in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def of(self, chunk: bytes | None) -> list[str]:
        *whole, self._rest = (self._rest + (chunk or b"")).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            whole, self._rest = [*whole, self._rest], b""
        return [line.decode(errors="replace") for line in whole]

    def last(self) -> list[str]:
        """Return what follows the last complete line."""
        return self.of(b"\n") if self._rest else []


def owner() -> str:
    """Return the owner label of this process: machine, boot, pid and start time, so that no later process is mistaken for it."""
    return f"{_machine()} {os.getpid()} {started_at(os.getpid())}"


def is_likely() -> bool:
    """Return whether an engine may be available; a cheap check."""
    return "DOCKER_HOST" in os.environ or Path(SOCKET).exists()


def reap() -> int:
    """Remove orphaned containers: their process on this machine died, or lost the engine. Returns how many.

    Raises:
        DockerUnavailable: When the engine is unreachable.
    """
    with engine() as client:
        orphans = [found for found in client.containers.list(all=True, ignore_removed=True, filters={"label": OWNER}) if _is_orphan(found)]
        for orphan in orphans:
            remove(orphan)
    return len(orphans)


def _is_orphan(container: Container) -> bool:
    label = container.labels[OWNER]
    if label == owner():
        return container.name not in _mine
    host, _, process = label.partition(" ")
    if host != socket.gethostname():  # another machine's, or one started by hand from an image
        return False
    boot, pid, started = process.split(" ")
    return f"{host} {boot}" != _machine() or started_at(int(pid)) != started


def _machine() -> str:
    return f"{socket.gethostname()} {boot_id()}"
