"""Base image of containers, built from this machine: its Python, Easel's pinned packages and their shared libraries.

No registry is used. The image has no shell and no tools, only what a step needs.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from typing import IO

from packaging.requirements import Requirement

from pipelines.catalogue.extras import is_installed

PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
PLACE = "/opt/easel"  # a virtual environment, so that every kind of Python installs to the same place
NOT_NEEDED = {"test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "site-packages", "dist-packages"}
MACHINE_FILES = ("/etc/ssl/certs/ca-certificates.crt", "/usr/share/zoneinfo")
NOBODY = 65534
LIBRARY = re.compile(r"(?:=> )?(/\S+) \(0x")


class CannotMakeBase(Exception):
    """This machine lacks a part of the base image; the message names it."""


def write_base(requirements: Path, target: IO[bytes]) -> None:
    """Write the base image's files as a tar.

    Args:
        requirements: The packages of every container, pinned, and installed here.
        target: The file that receives the tar.

    Raises:
        CannotMakeBase: When a required package is not installed here.
    """
    taken = sorted(_top_level(requirements))
    binary, stdlib = Path(sys.executable).resolve(), Path(sys.base_prefix) / "lib" / PYTHON
    packages = Path(str(distribution("pip").locate_file("")))
    loaded = [binary, *_extensions(stdlib / "lib-dynload"), *_extensions(*(packages / name for name in taken))]
    with tarfile.open(fileobj=target, mode="w|", dereference=True) as tar:
        tar.add(binary, f"usr/local/bin/{PYTHON}", filter=_owned_by_root)
        tar.add(stdlib, f"usr/local/lib/{PYTHON}", filter=_needed)
        for name in taken:
            tar.add(packages / name, f"{PLACE[1:]}/lib/{PYTHON}/site-packages/{name}", filter=_without_tests)
        for library in _libraries(loaded):
            tar.add(library, library[1:], filter=_owned_by_root)
        for file in filter(lambda file: Path(file).exists(), MACHINE_FILES):
            tar.add(file, file[1:], filter=_owned_by_root)
        for name in ("python", "python3"):
            _add_link(tar, f"{PLACE[1:]}/bin/{name}", f"/usr/local/bin/{PYTHON}")
        _add_text(tar, f"{PLACE[1:]}/pyvenv.cfg", "home = /usr/local/bin\ninclude-system-site-packages = false\n")
        _add_text(tar, "etc/passwd", f"root:x:0:0:root:/:/bin/false\nnobody:x:{NOBODY}:{NOBODY}:nobody:/tmp:/bin/false\n")
        _add_text(tar, "etc/group", f"root:x:0:\nnogroup:x:{NOBODY}:\n")
        _add_folder(tar, "tmp", 0o1777)


def _top_level(requirements: Path) -> set[str]:
    """Return the site-packages entries of the required packages, their dependencies, and pip."""
    waiting = [Requirement(line) for line in pinned(requirements)] + [Requirement("pip")]
    seen: set[str] = set()
    found: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        try:
            package = distribution(wanted.name)
        except ModuleNotFoundError:
            raise CannotMakeBase(f"The package {wanted.name} is not installed here. Install {requirements.name} first.") from None
        found.update(file.parts[0] for file in package.files or () if file.parts[0] != "..")
        waiting.extend(_needs(package.requires or (), wanted.extras))
    return found


def _needs(requires: Iterable[str], extras: set[str]) -> Iterator[Requirement]:
    for requirement in map(Requirement, requires):
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            requirement.marker = None
            yield requirement


def pinned(requirements: Path) -> list[str]:
    """Return the lines of a requirements file, without comments, and those of the extras beside it that are installed here."""
    own, *extras = (_lines(file) for file in (requirements, *sorted(requirements.parent.glob("extras/*.txt"))))
    return [*own, *(line for lines in extras if all(is_installed(Requirement(line).name) for line in lines) for line in lines)]


def _lines(requirements: Path) -> list[str]:
    return [line for text in requirements.read_text().splitlines() if (line := text.partition("#")[0].strip())]


def _extensions(*places: Path) -> Iterator[Path]:
    for place in places:
        yield from (file for file in place.rglob("*.so*") if file.is_file() and not file.name.startswith("_tkinter"))


def _libraries(files: list[Path]) -> list[str]:
    """Return the machine's shared libraries that these files load; libraries inside packages are copied with the packages."""
    said = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False).stdout
    return sorted({path for path in LIBRARY.findall(said) if not path.startswith(sys.prefix)})


def _needed(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Filter the standard library: no tests, no GUI toolkits, no site-packages."""
    parts = Path(member.name).parts
    return None if (len(parts) == 5 and parts[4] in NOT_NEEDED) or "_tkinter" in parts[-1] else _owned_by_root(member)


def _without_tests(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Filter a package: no folders `tests`, which are a quarter of all files. A folder `test`, such as Django's, is a tool that others import."""
    return None if member.isdir() and member.name.endswith("/tests") else _owned_by_root(member)


def _owned_by_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Set the owner to root: only root may write, everyone may read."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(text.encode())
    tar.addfile(member, BytesIO(text.encode()))


def _add_link(tar: tarfile.TarFile, name: str, target: str) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    tar.addfile(member)


def _add_folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.mode = tarfile.DIRTYPE, mode
    tar.addfile(member)
