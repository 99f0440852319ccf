"""Images: what they are known by, and building them with a real Docker Engine, without a network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.execution.targets.base import pinned
from pipelines.execution.targets.docker_client import OWNER, engine
from pipelines.execution.targets.images import CannotBuild, Source, build, digest_of, has, image_name, read_requirements
from tests.pipelines.execution.targets.wheels import wheel
from tests.support.dockerd import source

# What they are known by


def test_a_list_is_read_in_one_form() -> None:
    assert read_requirements("# maps\n\nShapely == 2.1 # newest\npyproj>=3\nshapely==2.1") == ["pyproj>=3", "shapely==2.1"]


@pytest.mark.parametrize("line", ["-r x", "--index-url http://x", "./x", "x @ https://x/y.whl", "git+https://x/y", "x y"])
def test_what_is_no_package_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(CannotBuild, match="Line 2"):
        read_requirements(f"shapely\n{line}")


def test_a_container_has_the_extras_that_are_installed_here(tmp_path: Path) -> None:
    (tmp_path / "extras").mkdir()
    (tmp_path / "own.txt").write_text("polars==2 # tables\n")
    (tmp_path / "extras" / "here.txt").write_text("# of this machine\nduckdb==2\npyarrow[all]==26\n")
    (tmp_path / "extras" / "half.txt").write_text("numpy==2\nno-such-library==1\n")
    assert pinned(tmp_path / "own.txt") == ["polars==2", "duckdb==2", "pyarrow[all]==26"]


def test_everything_that_goes_in_makes_another_image(tmp_path: Path) -> None:
    own, other = tmp_path / "own.txt", tmp_path / "other.txt"
    own.write_text("polars==2 # tables\n")
    other.write_text("polars==3\n")
    plain = Source(own)
    digests = [
        digest_of([], plain),
        digest_of(["x"], plain),
        digest_of([], Source(other)),
        digest_of([], replace(plain, base="python:3.12")),
    ]
    assert len(set(digests)) == 4
    own.write_text("# another comment\npolars==2\n")
    assert digest_of([], plain) == digests[0]


# Building them


@pytest.mark.processes
@pytest.mark.slow
def test_packages_are_installed_once(plain_image: str, tmp_path: Path) -> None:
    made, lines = source(wheel(tmp_path / "wheels")), []
    image = image_name(digest_of(["easel-trial==1.0"], made))
    with engine() as client:
        build(client, ["easel-trial==1.0"], made, lines.append)
        assert "Successfully installed easel_trial-1.0" in " ".join(lines).replace("easel-trial-1.0", "easel_trial-1.0")
        look = "import easel_trial, polars, django.test; from importlib.util import find_spec; print(easel_trial.ANSWER, find_spec('sklearn.tests'))"
        said = client.containers.run(image, ["python3", "-c", look], network_mode="none", remove=True)
        assert said == b"42 None\n", "it has the packages, without their tests"
        again: list[str] = []
        build(client, ["easel-trial==1.0"], made, again.append)
        assert again == ["The image already exists."]
        assert client.containers.list(all=True, ignore_removed=True, filters={"label": OWNER}) == []


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize(
    ("packages", "why"),
    [
        (["no-such-package"], "no-such-package"),
        (["polars==1.0"], "conflict|“polars==1.0”"),
    ],
)
def test_a_failed_build_says_why_and_leaves_nothing(plain_image: str, tmp_path: Path, packages: list[str], why: str) -> None:
    made = source(wheel(tmp_path / "wheels"))
    with engine() as client:
        with pytest.raises(CannotBuild, match=why):
            build(client, packages, made, lambda _: None)
        assert not has(client, image_name(digest_of(packages, made)))
        assert client.containers.list(all=True, ignore_removed=True, filters={"label": OWNER}) == []


@pytest.mark.processes
@pytest.mark.slow
def test_a_base_that_cannot_be_had_is_told(plain_image: str, tmp_path: Path) -> None:
    missing = tmp_path / "own.txt"
    missing.write_text("no-such-package==1\n")
    with engine() as client:
        with pytest.raises(CannotBuild, match="no-such-package is not installed here"):
            build(client, [], Source(missing, network="none"), lambda _: None)
        with pytest.raises(CannotBuild, match="could not be pulled"):
            build(client, [], replace(source(), base="127.0.0.1:1/nothing:1"), lambda _: None)
