"""How far a step reaches: the hosts, networks and folders that the administrator allows, and the reader of files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Protocol

from pipelines.catalogue.errors import ModuleError

MOST_BYTES = 2 * 1024**3


class FileReader(Protocol):
    """Reads files of foreign origin, in a process with limits of its own. The web has it, for uploads."""

    def format_of(self, file_name: str) -> str | None:
        """Return the format of a file name's ending; None for an unknown one."""

    def read(self, file: Path, format_: str, out: Path) -> list[str]:
        """Write the file's table as an Arrow file, and return notes on how its text was read.

        Raises:
            ModuleError: When the file is not accepted.
        """


@dataclass(frozen=True)
class Reach:
    """What the administrator allows, beyond the public internet, and which step asks.

    Args:
        hosts: Names of hosts in a private network; one that begins with a dot stands for all hosts below it.
        networks: Private networks.
        read_folders: Folders whose files may be read.
        write_folders: Folders in which files may be written.
        most_bytes: The largest file that is fetched.
        reader: Reads fetched files.
        scratch: The folder of temporary files; None for the system's.
        step: The run and the node, with which a write elsewhere is marked.
    """

    hosts: tuple[str, ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    read_folders: tuple[Path, ...] = ()
    write_folders: tuple[Path, ...] = ()
    most_bytes: int = MOST_BYTES
    reader: FileReader | None = None
    scratch: Path | None = None
    step: str = ""

    def file_reader(self) -> FileReader:
        """Return the reader of files."""
        assert self.reader is not None, "a step is executed with a reader of files"
        return self.reader


NOWHERE = Reach()
_reach: ContextVar[Reach] = ContextVar("reach", default=NOWHERE)


def reach() -> Reach:
    """Return how far the current step reaches."""
    return _reach.get()


@contextmanager
def reaching(far: Reach) -> Iterator[None]:
    """Set how far the code inside reaches."""
    token = _reach.set(far)
    try:
        yield
    finally:
        _reach.reset(token)


def within(path: Path, folders: tuple[Path, ...], *, words: str, remedy: str, param: str | None = None) -> Path:
    """Return a path with links resolved, if it is in one of the folders.

    Raises:
        ModuleError: `folder_not_allowed`.
    """
    real = path.resolve()
    if any(real.is_relative_to(folder.resolve()) for folder in folders):
        return real
    raise ModuleError("folder_not_allowed", words, param=param, remedy=remedy)
