"""What an exported script reaches outside: its connections, whose secrets are variables of the environment. The script holds a copy of this file.

The script runs as its user: it may reach what they may. Fetched files are parsed by the code that parses uploads, in the script's process.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from pipelines.catalogue.connection import Connection, ConnectionKind, Secret
from pipelines.catalogue.errors import ModuleError
from pipelines.outside.reach import Reach, reaching

PARSING = "designer.datasets.parsing"
EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
ROOT = (Path("/"),)


class Places:
    """The connections of a script.

    Args:
        declared: Each by its name: kind, address, user, endpoint, and the name of the variable that has its secret.
        environment: The variables.

    Raises:
        ValueError: When variables are missing, as a sentence that names them.
    """

    def __init__(self, declared: Mapping[str, Mapping[str, str]], environment: Mapping[str, str]) -> None:
        missing = {each["secret"]: name for name, each in declared.items() if "secret" in each and not environment.get(each["secret"])}
        if missing:
            words = ", ".join(f"{variable} (connection {name})" for variable, name in missing.items())
            raise ValueError(f"Set these variables of the environment to the secrets of the connections: {words}.")
        self._known = {name: _connection(name, each, environment) for name, each in declared.items()}
        self._mark = uuid4().hex

    def connection(self, name: str) -> Connection:
        """Return a connection.

        Raises:
            ValueError: When the script has no such one.
        """
        if name not in self._known:
            raise ValueError(f"The script has no connection {name}. It has: {', '.join(self._known) or 'none'}.")
        return self._known[name]

    def reaching(self, step: str) -> AbstractContextManager[None]:
        """Let the code inside reach all that the user may, as a step of this run of the script."""
        hosts = {urlsplit(each.endpoint).hostname or "" for each in self._known.values() if each.endpoint}
        return reaching(Reach(tuple(hosts), EVERYWHERE, ROOT, ROOT, reader=Reader(), step=f"{self._mark}/{step}"))


def _connection(name: str, declared: Mapping[str, str], environment: Mapping[str, str]) -> Connection:
    secret = Secret(environment[declared["secret"]]) if "secret" in declared else Secret()
    kind = ConnectionKind(declared["kind"])
    return Connection(name, kind, declared["address"], declared.get("user", ""), declared.get("endpoint", ""), secret)


class Reader:
    """Parses fetched files."""

    def format_of(self, file_name: str) -> str | None:
        """Return the format of a file name's ending; None for an unknown one."""
        formats = import_module(f"{PARSING}.formats")
        try:
            found: str = formats.format_of(file_name)
        except formats.Unreadable:
            return None
        return found

    def read(self, file: Path, format_: str, out: Path) -> list[str]:
        """Write a file's table as an Arrow file, and return notes on how its text was read.

        Raises:
            ModuleError: When the file is not accepted.
        """
        parsing: Any = import_module(f"{PARSING}.parse")
        try:
            notes: list[str] = parsing.parse(file, format_, out).notes
        except parsing.Unreadable as wrong:
            raise ModuleError(wrong.code, wrong.words, remedy=wrong.remedy) from wrong
        return notes
