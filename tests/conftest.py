"""Shared by all tests: Hypothesis settings, the test database, a real Docker Engine, and the distribution of tests over pytest processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import override_settings
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from pipelines.execution.targets import images
from pipelines.execution.targets.docker_client import engine
from tests.support import migrated, prefork
from tests.support.dockerd import docker_engine, source

# A busy machine generates examples slowly, which is no fault of the code.
settings.register_profile("easel", parent=settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("easel")

TARGETS = "tests/pipelines/execution/targets/"
# Tests that share a Docker Engine or an installation stay in one process; so do those of a file, except for these.
DOCKER = ("tests/security/test_docker.py", f"{TARGETS}test_docker.py", f"{TARGETS}test_images.py", "tests/integration/test_containers.py")
# The browser's tests are two such groups, which take about the same time.
BROWSER = ("tests/e2e/test_draw", "tests/e2e/test_for", "tests/e2e/test_look", "tests/e2e/test_run", "tests/e2e/test_s")
SEPARATE = (
    "tests/integration/test_chaos.py",
    "tests/integration/test_back_up.py",
    "tests/integration/test_deploy.py",
    "tests/integration/test_sockets_hold.py",
    "tests/designer/site/test_supervisor.py",
    "tests/designer/test_variables.py",
    f"{TARGETS}test_sandbox.py",
)
LONGEST = (
    "docker",
    "browser 2",
    "browser 1",
    "tests/integration/test_killing.py",
    "tests/integration/test_team_installation.py",
    "tests/security/test_sandbox.py",
    "tests/designer/documents/test_exports.py",
    "tests/designer/site/test_health.py",
    "tests/pipelines/serving/test_isolated.py",
    "tests/integration/test_limits_hold.py",
    "tests/integration/test_chaos.py",
    "tests/designer/endpoints/serving/test_live_change.py",
    "tests/integration/test_deploy.py",
    "tests/designer/registry/test_transfers.py",
    "tests/integration/test_back_up.py",
    "tests/integration/test_killing_batches.py",
    "tests/security/test_models.py",
    "tests/bench/test_schedules.py",
    "tests/pipelines/runtime/worker/test_isolated.py",
    "tests/homes/test_old_homes.py",
    "tests/designer/runs/test_pages.py",
    "tests/integration/test_sockets_hold.py",
)


class Groups(LoadScopeScheduling):
    """Sends each group as a whole to one process. (xdist's own groups do nothing with pytest 9.2: pytest-dev/pytest-xdist#1386.)"""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """The group of a test."""
    if nodeid.startswith(DOCKER):
        return "docker"
    if nodeid.startswith("tests/e2e/"):
        return "browser 1" if nodeid.startswith(BROWSER) else "browser 2"
    return nodeid if nodeid.startswith(SEPARATE) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Groups | None:
    """`--dist loadscope` uses the groups above."""
    return Groups(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_configure(config: pytest.Config) -> None:
    """The processes that xdist starts share one prefork server."""
    if config.getoption("dist", "no") == "loadscope" and not hasattr(config, "workerinput"):
        os.environ[prefork.ADDRESS] = prefork.start_server()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest groups start first, so that no process waits long for the last of them."""
    unseen = {item.path for item in items if item.get_closest_marker("processes") and "mark.processes" not in item.path.read_text()}
    if unseen:  # the Makefile selects the files of these tests by that text
        raise pytest.UsageError(f"Write pytest.mark.processes in each file that has such tests: {', '.join(map(str, unseen))}")
    if config.getoption("dist", "no") == "loadscope":
        ranks = {name: rank for rank, name in enumerate(LONGEST)}
        items.sort(key=lambda item: ranks.get(group(item.nodeid), ranks.get(item.nodeid.partition("::")[0], len(ranks))))


@pytest.fixture(scope="session", autouse=True)
def _what_is_slow_on_purpose_is_left_out() -> Iterator[None]:
    """The real hasher takes 0.4 s; WhiteNoise lists all static files for each new test client unless it looks for them anew."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def _a_transaction_may_wait() -> Iterator[None]:
    """PostgreSQL ends an installation's transaction that does nothing for 15 s. That of a test stays open while its steps are executed."""

    def allow(connection: BaseDatabaseWrapper, **_: object) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET idle_in_transaction_session_timeout = 0")

    connection_created.connect(allow)
    yield
    connection_created.disconnect(allow)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Whether the test database is a copy of the migrated one; pytest-django then creates none."""
    return connection.vendor == "sqlite" and migrated.lay(_test_database())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What pytest-django migrated is kept for the next session."""
    if connection.vendor == "sqlite" and not django_db_keepdb:
        with django_db_blocker.unblock():
            migrated.keep()
    yield
    if django_db_keepdb:
        with django_db_blocker.unblock():
            connection.close()
        _test_database().unlink()


def _test_database() -> Path:
    return Path(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def dockerd() -> Iterator[str]:
    """A real Docker Engine for the session; DOCKER_HOST is set to it."""
    with pytest.MonkeyPatch.context() as patch, docker_engine() as address:
        patch.setenv("DOCKER_HOST", address)
        yield address


@pytest.fixture(scope="session")
def plain_image(dockerd: str) -> str:
    """The image without requirements, built from this machine."""
    with engine() as client:
        images.build(client, [], source(), lambda _: None)
    return images.image_name(images.digest_of([], source()))
