"""What all tests share: how Hypothesis runs, and a real Docker Engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from pipelines.execution.targets import images
from pipelines.execution.targets.engine import engine
from tests.dockerd import docker_engine, source

# A busy machine is slow to make examples, which says nothing of the code.
settings.register_profile("easel", parent=settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("easel")


@pytest.fixture(scope="session")
def dockerd() -> Iterator[str]:
    """A real Docker Engine for the session; DOCKER_HOST names it."""
    with pytest.MonkeyPatch.context() as patch, docker_engine() as address:
        patch.setenv("DOCKER_HOST", address)
        yield address


@pytest.fixture(scope="session")
def plain_image(dockerd: str) -> str:
    """The image of no requirements, made from this machine."""
    with engine() as client:
        images.build(client, [], source(), lambda _: None)
    return images.image_name(images.digest_of([], source()))
