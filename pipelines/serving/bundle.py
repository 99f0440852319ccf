"""Bundles: a scoring graph and its pinned values in one self-contained file, of MessagePack; a value is the file of its port kind, never a pickle."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.kind import FileKind, kinds
from pipelines.catalogue.ports import TABLE, Table
from pipelines.execution.codecs import open_frame
from pipelines.execution.sealed import is_sealed, sealed
from pipelines.execution.store import Store
from pipelines.graph.model import Endpoint
from pipelines.serving.graph import ScoringGraph
from pipelines.serving.narrowing import narrow_value

FORMAT = 1


class BadBundle(Exception):
    """The bytes are no bundle, or one of another version."""


class Bundle(msgspec.Struct, frozen=True):
    """A scoring graph, the bytes of its values by digest, and the versions of the libraries that its modules compute with."""

    scoring: ScoringGraph
    files: dict[str, bytes]
    libraries: dict[str, str]
    format: int = FORMAT

    def values(self) -> dict[Endpoint, Any]:
        """Return the pinned values by output of the scoring graph."""
        found: dict[Endpoint, Any] = {}
        with TemporaryDirectory(prefix="easel-bundle-") as folder:
            for pin in self.scoring.pinned:
                path = Path(folder) / pin.output.digest
                path.write_bytes(self.files[pin.output.digest])
                kind = kinds()[pin.output.kind]
                value: Any = None
                if is_sealed(pin.output):
                    value = sealed(pin.output, path)
                elif isinstance(kind, FileKind):
                    value = kind.read(path)
                if kind.id == TABLE:
                    frame = open_frame(path, [column.name for column in pin.output.columns or ()])
                    value = Table(frame.clone(), pin.output.roles)
                found[Endpoint(pin.node, pin.port)] = narrow_value(value, pin.only)
        return found


def write_bundle(scoring: ScoringGraph, store: Store) -> bytes:
    """Return a scoring graph with its values as one file; equal ones give equal bytes.

    Raises:
        Damaged: When the store has lost a value.
    """
    digests = sorted({pin.output.digest for pin in scoring.pinned})
    files = {digest: store.path(digest).read_bytes() for digest in digests}
    return msgspec.msgpack.encode(Bundle(scoring, files, libraries_of(scoring)))


def read_bundle(data: bytes) -> Bundle:
    """Read a bundle.

    Raises:
        BadBundle: When it is none, or one of another version.
    """
    try:
        found = msgspec.msgpack.decode(data, type=Bundle)
    except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise BadBundle(f"This is no bundle of a scoring graph: {wrong}") from wrong
    if found.format != FORMAT:
        raise BadBundle(f"This bundle has format {found.format}; this version of Easel reads format {FORMAT}. Publish the version again.")
    return found


def libraries_of(scoring: ScoringGraph) -> dict[str, str]:
    """Return the installed versions of the libraries that the modules of a scoring graph compute with."""
    modules = catalogue().modules
    used: dict[str, str] = {}
    for node in scoring.document["nodes"].values():
        used |= modules[node["module"]].library_versions
    return dict(sorted(used.items()))


def differences(libraries: Mapping[str, str]) -> list[str]:
    """Return the libraries whose installed version differs from that of a bundle, as sentences."""
    return [
        f"The bundle was made with {name} {wanted}; here is {version(name)}."
        for name, wanted in libraries.items()
        if version(name) != wanted
    ]
