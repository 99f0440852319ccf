"""Files of a bucket or a folder: found by a pattern, fetched, and written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from pipelines.catalogue import extras
from pipelines.catalogue.connection import Connection, ConnectionKind
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.outside.reach import reach, within

MOST_FILES = 10_000
PARAM = "storage"
HIDDEN = "."


@dataclass(frozen=True)
class Found:
    """A file that was found: its path, its size, what tells its version, and how it is fetched to a local path."""

    path: str
    bytes: int
    version: str
    fetch: Callable[[Path], None]


def find(connection: Connection, pattern: str) -> list[Found]:
    """Find the files that match a pattern, in the order of their paths.

    Raises:
        ModuleError: When none matches, or the place cannot be read.
    """
    wanted = _inside(pattern)
    found = _in_bucket(connection, wanted) if connection.kind is ConnectionKind.S3 else _in_folder(connection, wanted)
    if not found:
        words = f"No file matches “{pattern}” at the connection “{connection.name}”."
        raise ModuleError("no_files", words, param="path", remedy="Check the path; * stands for a part of a name, ** for any folders.")
    if len(found) > MOST_FILES:
        words = f"{len(found):,} files match “{pattern}”; the maximum is {MOST_FILES:,}."
        raise ModuleError("too_many_files", words, param="path", remedy="Make the path more specific.")
    if (size := sum(each.bytes for each in found)) > reach().most_bytes:
        words = f"The files have {size / 1024**2:,.0f} MB together; the maximum is {reach().most_bytes / 1024**2:,.0f} MB."
        raise ModuleError(
            "too_large", words, param="path", remedy="Read fewer files, or ask the administrator to raise EASEL_UPLOAD_LIMIT."
        )
    return sorted(found, key=lambda each: each.path)


def count(connection: Connection) -> int:
    """Return the number of entries at the top of a bucket or a folder.

    Raises:
        ModuleError: When it cannot be read.
    """
    if connection.kind is ConnectionKind.S3:
        files, place = bucket(connection)
        with _errors(connection):
            return len(files.ls(place, detail=False))
    root = _root(connection, write=not any(Path(connection.address).resolve().is_relative_to(each) for each in reach().read_folders))
    with _errors(connection):
        return sum(1 for _ in root.iterdir())


def state_of(connection: Connection, pattern: str) -> str:
    """Return a digest of the paths and versions of the files that match."""
    return (
        "files " + sha256("\n".join(f"{each.path} {each.bytes} {each.version}" for each in find(connection, pattern)).encode()).hexdigest()
    )


def write(connection: Connection, path: str, file: Path, *, replace: bool) -> str:
    """Write a local file to a path of a bucket or a folder, whole or not at all. Returns where it is.

    Raises:
        ModuleError: `file_exists` when another file is there and is not to be replaced. The same bytes are accepted: a step that was
            interrupted after writing is repeated.
    """
    wanted = _inside(path)
    if "*" in wanted or wanted.endswith("/") or wanted in ("", "."):
        raise ModuleError(
            "bad_path", f"“{path}” is not the path of a file.", param="path", remedy="Enter a path such as reports/sales.csv."
        )
    writes = _to_bucket if connection.kind is ConnectionKind.S3 else _to_folder
    return writes(connection, wanted, file, replace)


def _inside(pattern: str) -> str:
    if "\x00" in pattern or pattern.startswith("/") or ".." in PurePosixPath(pattern).parts:
        words = f"“{pattern[:100]}” leads out of the place of the connection."
        raise ModuleError("bad_path", words, param="path", remedy="Enter a path below that place, without .. and without a / in front.")
    return pattern


def _in_folder(connection: Connection, pattern: str) -> list[Found]:
    root = _root(connection, write=False)
    found = []
    with _errors(connection):
        for file in root.glob(pattern):
            real = file.resolve()
            named = not file.name.startswith(HIDDEN) or pattern.rpartition("/")[2].startswith(HIDDEN)  # as a shell matches; see `_aside`
            if named and real.is_file() and real.is_relative_to(root):  # a link may lead anywhere
                facts = real.stat()
                found.append(Found(str(file.relative_to(root)), facts.st_size, str(facts.st_mtime_ns), _copying(real)))
    return found


def _copying(file: Path) -> Callable[[Path], None]:
    def copy(out: Path) -> None:
        out.symlink_to(file)  # the reader opens it once, and changes nothing

    return copy


def _root(connection: Connection, *, write: bool) -> Path:
    verb, variable = ("write", "EASEL_EXPORT_FOLDERS") if write else ("read", "EASEL_IMPORT_FOLDERS")
    return within(
        Path(connection.address),
        reach().write_folders if write else reach().read_folders,
        words=f"The folder of the connection “{connection.name}” is not one that pipelines may {verb}.",
        remedy=f"Ask the administrator to allow it with {variable}.",
        param=PARAM,
    )


def _to_folder(connection: Connection, path: str, file: Path, replace: bool) -> str:
    root = _root(connection, write=True)
    target = root / path
    with _errors(connection):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.parent.resolve().is_relative_to(root) or target.is_symlink():
            raise ModuleError("bad_path", f"“{path}” is a link that leads elsewhere.", param="path", remedy="Enter another path.")
        aside = _aside(target)
        try:
            aside.write_bytes(file.read_bytes())
            with aside.open("rb") as written:
                os.fsync(written.fileno())
            if replace:
                aside.replace(target)
            else:
                _link_new(aside, target, file, path)
        finally:
            aside.unlink(missing_ok=True)
    return str(target)


def _aside(target: Path) -> Path:
    """A hidden file beside the target, of this step; what a killed attempt of it has left there is removed."""
    ours = f"{HIDDEN}{target.name[:100]}.{sha256(reach().step.encode()).hexdigest()[:16]}."
    for left in target.parent.iterdir():
        if left.name.startswith(ours):
            left.unlink(missing_ok=True)
    return target.with_name(f"{ours}{uuid4().hex}")


def _link_new(aside: Path, target: Path, file: Path, path: str) -> None:
    try:
        os.link(aside, target)
    except FileExistsError:
        if target.read_bytes() != file.read_bytes():
            raise _exists(path) from None


def _exists(path: str) -> ModuleError:
    return ModuleError(
        "file_exists",
        f"There is already another file “{path}”.",
        param="path",
        remedy="Enter another path, or set “If it exists” to Replace.",
    )


def bucket(connection: Connection) -> tuple[Any, str]:
    """Return the file system of an S3 connection, and its place in it.

    Without a key it is anonymous: the credentials of the worker's machine are never used.

    Raises:
        ModuleError: `missing_packages` without s3fs; `address_not_allowed` for an endpoint that the administrator does not allow.
    """
    try:
        from s3fs import S3FileSystem
    except ImportError:
        words = "Reading and writing S3 needs a package that this installation does not have."
        raise ModuleError("missing_packages", words, param=PARAM, remedy=extras.remedy("s3")) from None
    if connection.endpoint:
        _check_endpoint(connection)
    keys = {"key": connection.user, "secret": connection.secret.reveal()} if connection.user else {"anon": True}
    client = {"endpoint_url": connection.endpoint} if connection.endpoint else {}
    files = S3FileSystem(**keys, client_kwargs=client, skip_instance_cache=True, use_listings_cache=False)
    place = urlsplit(connection.address)
    return files, f"{place.netloc}{place.path.rstrip('/')}"


def _check_endpoint(connection: Connection) -> None:
    """An S3 client resolves names itself, so an endpoint must be allowed by name, or by its address."""
    host = (urlsplit(connection.endpoint).hostname or "").lower()
    far = reach()
    by_name = any(host == one or (one.startswith(".") and host.endswith(one)) for one in far.hosts)
    try:
        by_address = any(ip_address(host) in network for network in far.networks)
    except (ValueError, TypeError):
        by_address = False
    if not (by_name or by_address):
        words = f"The S3 service “{host[:200]}” is not one that this installation lets pipelines reach."
        remedy = "Leave the endpoint empty for Amazon S3, or ask the administrator to allow the host with EASEL_PRIVATE_HOSTS."
        raise ModuleError("address_not_allowed", words, param=PARAM, remedy=remedy)


def _in_bucket(connection: Connection, pattern: str) -> list[Found]:
    files, place = bucket(connection)
    with _errors(connection):
        listed = files.glob(f"{place}/{pattern}", detail=True)
        return [
            Found(name.removeprefix(f"{place}/"), facts["size"], facts.get("ETag", ""), _fetching(connection, files, name))
            for name, facts in listed.items()
            if facts["type"] == "file"
        ]


def _fetching(connection: Connection, files: Any, name: str) -> Callable[[Path], None]:
    def fetch(out: Path) -> None:
        with _errors(connection):
            files.get_file(name, str(out))

    return fetch


def _to_bucket(connection: Connection, path: str, file: Path, replace: bool) -> str:
    files, place = bucket(connection)
    target = f"{place}/{path}"
    with _errors(connection):
        if not replace and files.exists(target) and files.cat_file(target) != file.read_bytes():
            raise _exists(path)
        files.put_file(str(file), target)
    return f"s3://{target}"


@contextmanager
def _errors(connection: Connection) -> Iterator[None]:
    """Raise what a file system or its network says as an error for the user, without the secret."""
    try:
        yield
    except ModuleError:
        raise
    except UNFORESEEN as fault:
        said = " ".join(connection.hide(str(fault)).split())[:300] or type(fault).__name__
        words = f"The connection “{connection.name}” refused: {said}"
        away = isinstance(fault, ConnectionError | TimeoutError)
        remedy = "Test the connection on the Team page; check its address, keys and rights."
        raise ModuleError("storage_refused", words, param=PARAM, remedy=remedy, transient=away) from None
