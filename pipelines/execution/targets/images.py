"""Images of project environments: base, Easel's own packages and the project's requirements, named by a digest of their content.

Packages are installed from wheels only: none of their code runs while an image is built.
"""

from __future__ import annotations

import os
import platform
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from packaging.requirements import InvalidRequirement, Requirement

from pipelines.execution.targets.base import CannotMakeBase, pinned, write_base
from pipelines.execution.targets.docker_client import OWNER, Lines, hardened, running
from pipelines.execution.targets.pip import INSTALL, Said

if TYPE_CHECKING:
    from docker import DockerClient

REPOSITORY = "easel-environment"
MOST_REQUIREMENTS = 100
MOST_SECONDS = 1800
MIB = 1024**2
MEMORY_BYTES = 4 * 1024**3
INSIDE = "/build"
PIP = ("python3", "-m", "pip")


class CannotBuild(Exception):
    """An environment cannot be built; the message is for users."""


@dataclass(frozen=True)
class Source:
    """The sources of images.

    Args:
        own: The packages of every container: Easel's own requirements.
        base: A base image; None builds one from this machine.
        wheels: A folder of packages, instead of an index.
        pip_config: pip's configuration; visible during the build, and not part of the image.
        network: The network of a build, as Docker names it.
    """

    own: Path
    base: str | None = None
    wheels: Path | None = None
    pip_config: Path | None = None
    network: str = "bridge"

    @property
    def base_image(self) -> str:
        """Return the name of the base image; a built one is named by its Python and packages."""
        return self.base or f"easel-base:{hash_of([platform.python_version(), *pinned(self.own)])[:16]}"


def read_requirements(text: str) -> list[str]:
    """Parse a list of requirements, one per line, into their normalized form and order.

    Raises:
        CannotBuild: When a line is not a package name with versions.
    """
    found = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not (line := line.partition("#")[0].strip()):
            continue
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            raise CannotBuild(
                f"Line {number} is not a requirement: {line[:80]!r}. Enter the name and version of a package, such as shapely==2.1.2."
            ) from None
        if requirement.url:
            raise CannotBuild(f"Line {number} is an address. Packages are installed from the package index by name.")
        requirement.name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        found.add(str(requirement))
    if len(found) > MOST_REQUIREMENTS:
        raise CannotBuild(f"There are {len(found):,} requirements; the maximum is {MOST_REQUIREMENTS:,}.")
    return sorted(found)


def digest_of(requirements: Sequence[str], source: Source) -> str:
    """Return the digest that identifies an image: of the requirements, Easel's own, and the base with its Python."""
    return hash_of([*requirements, "", *pinned(source.own), "", source.base_image])


def hash_of(parts: Sequence[str]) -> str:
    """Return the hash of a list of strings."""
    return sha256(msgspec.json.encode(parts)).hexdigest()


def image_name(digest: str) -> str:
    """Return the name of an environment's image."""
    return f"{REPOSITORY}:{digest[:32]}"


def has(client: DockerClient, image: str) -> bool:
    """Return whether the engine has an image."""
    from docker.errors import ImageNotFound

    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    return True


def build(client: DockerClient, requirements: Sequence[str], source: Source, say: Callable[[str], None]) -> None:
    """Build the image of a list of requirements, unless it exists.

    Raises:
        CannotBuild: When the build fails; the message says why.
    """
    image = image_name(digest_of(requirements, source))
    if has(client, image):
        say("The image already exists.")
        return
    ensure_base(client, source, say)
    with tempfile.TemporaryDirectory(prefix="easel-build-") as folder:
        (Path(folder) / "easel.txt").write_text("\n".join(pinned(source.own)))
        (Path(folder) / "project.txt").write_text("\n".join(requirements))
        _install(client, image, Path(folder), source, say)
    say("The image is built.")


def _install(client: DockerClient, image: str, folder: Path, source: Source, say: Callable[[str], None]) -> None:
    """Install the requirements in a folder into a container with pip, and commit it as an image."""
    command = [*PIP, *INSTALL, f"--requirement={INSIDE}/easel.txt", f"--requirement={INSIDE}/project.txt"]
    if source.wheels:
        command += ["--no-index", f"--find-links={INSIDE}/wheels"]
    options = hardened(MEMORY_BYTES, pids=256, cpus=2)
    options |= {"network_mode": source.network, "user": "root", "mounts": _mounts(folder, source), "labels": {"easel.build": image}}
    until = time.monotonic() + MOST_SECONDS
    with running(client, source.base_image, command, lambda: time.monotonic() > until, **options) as (container, said):
        why = _listen(said, say)
        code = container.wait()["StatusCode"]
        if code:
            raise CannotBuild(
                why if code < 128 else f"The build took more than {MOST_SECONDS // 60} minutes or {MEMORY_BYTES // 1024**3} GB of memory."
            )
        container.commit(*image.split(":"), changes=["CMD []", f'LABEL {OWNER}=""'])


def _mounts(folder: Path, source: Source) -> list[Any]:
    from docker.types import Mount

    # A mount point below the first mount must exist in it.
    (folder / "wheels").mkdir()
    mounts = [Mount(INSIDE, str(folder), type="bind", read_only=True)]
    if source.wheels:
        mounts.append(Mount(f"{INSIDE}/wheels", str(source.wheels), type="bind", read_only=True))
    if source.pip_config:
        mounts.append(Mount("/etc/pip.conf", str(source.pip_config), type="bind", read_only=True))
    return mounts


def _listen(said: Iterator[tuple[bytes | None, bytes | None]], say: Callable[[str], None]) -> str:
    """Forward a build's lines, except those about Easel's own packages; returns why it failed, or an empty string."""
    lines, heard = Lines(), Said()
    for chunks in said:
        for line in (line for chunk in chunks for line in lines.of(chunk) if not line.startswith("Requirement already satisfied")):
            say(line)
            heard.hear(line)
    return heard.why()


def ensure_base(client: DockerClient, source: Source, say: Callable[[str], None]) -> None:
    """Ensure that the engine has the base image: pull the configured one, or build one from this machine.

    Raises:
        CannotBuild: When neither is possible.
    """
    from docker.errors import APIError

    if has(client, source.base_image):
        return
    if source.base:
        say(f"Pulling {source.base}.")
        try:
            client.images.pull(source.base)
        except APIError as fault:
            raise CannotBuild(f"The base image {source.base} could not be pulled: {fault.explanation}") from fault
        return
    say("Building the base image from the Python and packages of this machine.")
    with ThreadPoolExecutor(1) as packer:
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as tar:
            packed = packer.submit(_pack, source.own, writing)
            said = client.api.import_image_from_data(iter(lambda: tar.read(MIB), b""), changes=["ENV PATH=/opt/easel/bin"])
        try:
            packed.result()
        except CannotMakeBase as fault:
            raise CannotBuild(str(fault)) from fault
    repository, _, tag = source.base_image.partition(":")
    client.api.tag(msgspec.json.decode(said)["status"], repository, tag)  # tagged once it is complete


def _pack(requirements: Path, target: int) -> None:
    with os.fdopen(target, "wb") as tar:
        write_base(requirements, tar)
