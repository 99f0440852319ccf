"""Project environments: named lists of packages, and their images, each built once, by whichever worker hears of it first."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from pipelines.catalogue.errors import STRAY
from pipelines.compilation import Plan, Step
from pipelines.execution.targets.engine import REMEDY, NoEngine, engine, reap
from pipelines.execution.targets.images import CannotBuild, Source, digest_of, image_name, read_requirements
from pipelines.execution.targets.images import build as build_image
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.models import Build, Environment

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
TICK_SECONDS = 0.5
RENEW_EVERY = 10
MOST_LOG = 500_000


class BuildState(StrEnum):
    """Where a build is."""

    WAITING = "waiting"
    BUILDING = "building"
    BUILT = "built"
    FAILED = "failed"


def source() -> Source:
    """What this installation's images are made from."""
    return Source(
        settings.BASE_DIR / "requirements.txt",
        settings.EASEL_BASE_IMAGE,
        settings.EASEL_WHEELS,
        settings.EASEL_PIP_CONFIG,
        settings.EASEL_BUILD_NETWORK,
    )


def make(scope: str, name: str, requirements: str) -> Environment:
    """A new environment of a workspace; `requirements` are packages, one a line.

    Raises:
        CannotBuild: When the list cannot be read.
        IntegrityError: When the name is taken.
    """
    return Environment.objects.create(scope=scope, name=name, requirements=read_requirements(requirements))


def builds(lists: Iterable[Sequence[str]]) -> list[Build | None]:
    """For each list of packages its build; None where nobody asked for it as this version of Easel needs it."""
    digests = [digest_of(packages, source()) for packages in lists]
    found = {build.digest: build for build in Build.objects.filter(digest__in=digests)}
    for build in found.values():
        if build.state == BuildState.BUILDING and build.lease_until and build.lease_until < timezone.now():
            build.state, build.why = BuildState.FAILED, "The worker that built it was not heard of any more."
    return [found.get(digest) for digest in digests]


def ring(digest: str) -> None:
    """Wake a worker for a build. A bell that is not heard is rung by whoever asks again."""
    try:
        build.apply_async((digest,), retry=False)
    except Exception as fault:
        log.warning("build %s: the broker did not take its message: %s", digest, fault)


def ask(packages: Sequence[str], bell: Callable[[str], None] = ring) -> None:
    """Ask for a build, unless one is going. Where the image is there already, the worker sees that at once."""
    digest, now = digest_of(packages, source()), timezone.now()
    Build.objects.get_or_create(digest=digest, defaults={"requirements": list(packages), "state": BuildState.FAILED})
    free = Q(state__in=(BuildState.BUILT, BuildState.FAILED)) | Q(lease_until__lt=now)
    fresh = {"state": BuildState.WAITING, "lease_until": now + LEASE, "why": "", "log": "", "started_at": None, "finished_at": None}
    if Build.objects.filter(free, digest=digest).update(**fresh):
        bell(digest)


@shared_task(name="pipelines.build", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def build(digest: str) -> None:
    """Build an image, unless somebody else is at it."""
    now = timezone.now()
    free = Q(state=BuildState.WAITING) | Q(state=BuildState.BUILDING, lease_until__lt=now)
    mine = {"state": BuildState.BUILDING, "attempt": F("attempt") + 1, "lease_until": now + LEASE, "started_at": now}
    if not Build.objects.filter(free, digest=digest).update(**mine):
        return
    held = Build.objects.get(digest=digest)
    with _log_of(held) as say:
        why = _build(held, say)
    state = BuildState.FAILED if why else BuildState.BUILT
    _held(held).update(state=state, why=why, lease_until=None, finished_at=timezone.now())


def _build(build: Build, say: Callable[[str], None]) -> str:
    """Build; returns why it came to nothing, or nothing."""
    try:
        reap()
        with engine() as client:
            build_image(client, build.requirements, source(), say)
    except CannotBuild as wrong:
        return str(wrong)
    except NoEngine as fault:
        return f"{fault} {REMEDY}"
    except STRAY as stray:
        log.exception("build %s stumbled", build.digest)
        return f"It stopped with an error that nobody foresaw: {type(stray).__name__}: {str(stray)[:300]}"
    return ""


def _held(build: Build) -> QuerySet[Build]:
    """The build, unless another worker has taken it over."""
    return Build.objects.filter(digest=build.digest, attempt=build.attempt, state=BuildState.BUILDING)


@contextmanager
def _log_of(build: Build) -> Iterator[Callable[[str], None]]:
    """Takes lines; a thread of its own writes them down twice a second, and keeps the lease."""
    lines: list[str] = []
    over = threading.Event()

    def write() -> None:
        beats, room = 0, MOST_LOG
        while room or beats:
            ended = over.wait(TICK_SECONDS)
            beats, text = beats + 1, "".join(f"{lines.pop(0)}\n" for _ in range(len(lines)))[:room]
            room -= len(text)
            if text or beats % RENEW_EVERY == 0:
                _held(build).update(log=Concat(F("log"), Value(text)), lease_until=timezone.now() + LEASE)
            if ended:
                break
        connection.close()

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield lines.append
    finally:
        over.set()
        writer.join()


def problems(graph: Graph, scope: str) -> list[Problem]:
    """A problem for every node whose environment is not there, or has no image yet."""
    said = {node: graph.execution_of(node) for node in graph.nodes}
    named = {node: _name(execution) for node, execution in said.items() if _in_container(execution)}
    if not named:
        return []
    lists = _lists(scope)
    known = dict(zip(lists, builds(lists.values()), strict=True))
    found = (_problem(node, name, known) for node, name in named.items())
    return [problem for problem in found if problem]


def _problem(node: str, name: str, known: Mapping[str, Build | None]) -> Problem | None:
    if name not in known:
        words = f"There is no environment '{name}' in this workspace."
        return Problem("unknown_environment", words, node=node, remedy="Choose one of the workspace's environments, or make it.")
    called = f"The environment '{name}'" if name else "The environment without packages"
    build_it = "build it" if name else "run `manage.py base_image` where a worker runs"
    match known[name]:
        case Build(state=BuildState.BUILT):
            return None
        case Build(state=BuildState.FAILED, why=why):
            words, remedy = f"{called} could not be built: {why}", f"Mend what stood in the way, then {build_it} again."
        case Build():
            words, remedy = f"{called} is still being built.", "Wait until it is built, then run."
        case None:
            words, remedy = f"{called} is not built yet.", f"{build_it.capitalize()}."
    return Problem("environment_not_built", words, node=node, remedy=remedy)


def frozen(plan: Plan, scope: str) -> Plan:
    """The plan with the images that its containers are made from."""
    if not any(_in_container(step.execution) for step in plan.steps.values()):
        return plan
    images = {name: image_name(digest_of(packages, source())) for name, packages in _lists(scope).items()}
    return replace(plan, steps={node: _with_image(step, images) for node, step in plan.steps.items()})


def _with_image(step: Step, images: Mapping[str, str]) -> Step:
    image = images.get(_name(step.execution)) if _in_container(step.execution) else None
    return replace(step, execution={**step.execution, "image": image}) if image else step


def _in_container(execution: Mapping[str, Any]) -> bool:
    return execution.get("target") == "docker"


def _name(execution: Mapping[str, Any]) -> str:
    name: str = execution.get("environment") or ""
    return name


def _lists(scope: str) -> dict[str, list[str]]:
    """The packages of a workspace's environments by name; the one without a name has none."""
    return {"": []} | dict(Environment.objects.filter(scope=scope).values_list("name", "requirements"))
