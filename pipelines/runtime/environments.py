"""Project environments: lists of packages, each built once by a worker, as a directory for the sandbox and an image for containers."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.db import connections
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Now
from django.utils import timezone

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import UNFORESEEN
from pipelines.compilation import Plan, Step, options_of
from pipelines.execution.targets import images, installed
from pipelines.execution.targets.docker_client import REMEDY, DockerUnavailable, engine, reap
from pipelines.execution.targets.images import CannotBuild, Source, read_requirements
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.graph.run_options import RunOptions
from pipelines.models import Build, Environment, Run
from pipelines.periodic import Periodic
from pipelines.runtime.queue import enqueue_build

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
TICK_SECONDS = 0.5
RENEW_EVERY = 10
MOST_LOG = 500_000
OTHER_WORKER = "The worker and the web process differ in Python version, requirements or environment settings. Make them the same."


class Target(StrEnum):
    """Build targets, named as the targets of nodes: a directory for the sandbox, an image for containers."""

    SANDBOX = "sandbox"
    DOCKER = "docker"


class BuildState(StrEnum):
    """The state of a build."""

    WAITING = "waiting"
    BUILDING = "building"
    BUILT = "built"
    FAILED = "failed"


def source() -> Source:
    """Return the sources of this installation's environments."""
    return Source(
        settings.BASE_DIR / "requirements.txt",
        settings.EASEL_BASE_IMAGE,
        settings.EASEL_WHEELS,
        settings.EASEL_PIP_CONFIG,
        settings.EASEL_BUILD_NETWORK,
    )


def create(scope: str, name: str, requirements: str) -> Environment:
    """Create an environment of a workspace.

    Args:
        scope: The workspace.
        name: The name, unique in the workspace.
        requirements: Package requirements, one per line.

    Raises:
        CannotBuild: When the requirements are invalid.
        IntegrityError: When the name is taken.
    """
    return Environment.objects.create(scope=scope, name=name, requirements=read_requirements(requirements))


def directories() -> Path:
    """Return this machine's folder of environment directories for the sandbox."""
    return Path(settings.EASEL_HOME) / "environments"


def digest_of(packages: Sequence[str], target: str) -> str:
    """Return the digest that identifies the build of a list of packages for a target."""
    digest: str = (images if target == Target.DOCKER else installed).digest_of(packages, source())
    return digest


def builds(lists: Iterable[Sequence[str]], target: str) -> list[Build | None]:
    """Return the build of each list of packages for a target; None where none was requested with this version of Easel."""
    digests = [digest_of(packages, target) for packages in lists]
    found = {build.digest: build for build in Build.objects.filter(digest__in=digests)}
    for build in found.values():
        if build.state == BuildState.BUILDING and build.lease_until and build.lease_until < timezone.now():
            build.state, build.why = BuildState.FAILED, "The worker that built it stopped."
    return [found.get(digest) for digest in digests]


def request_build(packages: Sequence[str], enqueue: Callable[[str], None] = enqueue_build, targets: Iterable[str] = tuple(Target)) -> None:
    """Request builds, unless they are in progress. One message is enough: the worker that builds for the sandbox continues with the image.

    The worker skips what is already built.
    """
    if asked := [digest for target in targets if _mark_waiting(digest := digest_of(packages, target), packages)]:
        enqueue(asked[0])


def _mark_waiting(digest: str, packages: Sequence[str]) -> bool:
    """Mark a build as waiting for a worker; returns False when a worker is already building it."""
    Build.objects.get_or_create(digest=digest, defaults={"requirements": list(packages), "state": BuildState.FAILED})
    free = Q(state__in=(BuildState.BUILT, BuildState.FAILED)) | Q(lease_until__lt=Now())
    fresh = {"state": BuildState.WAITING, "lease_until": Now() + LEASE, "why": "", "log": "", "started_at": None, "finished_at": None}
    return bool(Build.objects.filter(free, digest=digest).update(attempt=F("attempt") + 1, **fresh))  # fences off a worker that was lost


@shared_task(name="pipelines.build", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def build(digest: str) -> None:
    """Build what waits under a digest, unless another worker builds it; after a directory, the image of the same packages."""
    free = Q(state=BuildState.WAITING) | Q(state=BuildState.BUILDING, lease_until__lt=Now())
    held = Build.claim(Build.objects.filter(free, digest=digest), LEASE, state=BuildState.BUILDING, started_at=Now())
    if held is None:
        return
    target = next((target for target in Target if digest_of(held.requirements, target) == digest), None)
    with _log_of(held) as say:
        if why := _build(held, target, say):
            say(why)
    image = digest_of(held.requirements, Target.DOCKER) if target == Target.SANDBOX else ""
    Build.objects.filter(digest=image, state=BuildState.WAITING).update(lease_until=Now() + LEASE)
    state = BuildState.FAILED if why else BuildState.BUILT
    held.release(state=state, why=why, finished_at=Now())
    if image:
        build(image)


def _build(build: Build, target: Target | None, say: Callable[[str], None]) -> str:
    """Build; returns why it failed, or an empty string."""
    try:
        if target is None:
            return OTHER_WORKER
        if target == Target.SANDBOX:
            remove_unused()
            installed.build(directories(), build.requirements, source(), say)
        else:
            reap()
            with engine() as client:
                images.build(client, build.requirements, source(), say)
    except CannotBuild as wrong:
        return str(wrong)
    except DockerUnavailable as fault:
        return f"{fault} {REMEDY}"
    except UNFORESEEN as stray:
        log.exception("build %s failed unexpectedly", build.digest)
        return f"The build stopped with an unexpected error: {type(stray).__name__}: {str(stray)[:300]}"
    return ""


def remove_unused() -> list[str]:
    """Delete this machine's directories that no environment and no unfinished run uses; returns their names."""
    lists = Environment.objects.values_list("requirements", flat=True)
    used = {installed.name_of(digest_of(packages, Target.SANDBOX)) for packages in lists}
    for plan in Run.objects.filter(finished_at=None).values_list("plan", flat=True):
        used |= {step.get("execution", {}).get("packages") for step in plan["steps"].values()}
    return installed.clean(directories(), used)


@contextmanager
def _log_of(build: Build) -> Iterator[Callable[[str], None]]:
    """Collect log lines; a thread writes them twice a second and renews the lease."""
    lines: list[str] = []
    beats, room = itertools.count(1), MOST_LOG

    def write() -> None:
        nonlocal room
        text = "".join(f"{lines.pop(0)}\n" for _ in range(len(lines)))[:room]
        room -= len(text)
        beat = next(beats)
        if text or beat % RENEW_EVERY == 0:
            build.renew(LEASE, log=Concat(F("log"), Value(text)))

    with Periodic(TICK_SECONDS, write, last=True, at_end=connections.close_all):
        yield lines.append


def problems(graph: Graph, scope: str) -> list[Problem]:
    """Return a problem for each node whose environment does not exist or is not built for the node's target."""
    places = {node.id: _place(node.module, options_of(graph, node, catalogue())) for node in graph.nodes.values()}
    named = {node: place for node, place in places.items() if place}
    if not named:
        return []
    lists = _lists(scope)
    known = {target: dict(zip(lists, builds(lists.values(), target), strict=True)) for target in {target for target, _ in named.values()}}
    found = (_problem(node, name, target, known[target]) for node, (target, name) in named.items())
    return [problem for problem in found if problem]


def _problem(node: str, name: str, target: Target, known: Mapping[str, Build | None]) -> Problem | None:
    if name not in known:
        words = f"There is no environment “{name}” in this workspace."
        return Problem("unknown_environment", words, node=node, remedy="Select another environment, or create it on the Team page.")
    called = f"The environment “{name}”" if name else "The base environment"
    called += " for the sandbox" if target == Target.SANDBOX else " for containers"
    build_it = "build it on the Team page" if name else "run `manage.py base_image` on the machine of a worker"
    match known[name]:
        case Build(state=BuildState.BUILT):
            return None
        case Build(state=BuildState.FAILED, why=why):
            words, remedy = f"{called} could not be built: {why}", f"Fix the cause, then {build_it} again."
        case Build():
            words, remedy = f"{called} is still being built.", "Wait until it is built, then run again."
        case None:
            words, remedy = f"{called} is not built yet.", f"{build_it[0].upper()}{build_it[1:]}."
    return Problem("environment_not_built", words, node=node, remedy=remedy)


def pin_images(plan: Plan, scope: str) -> Plan:
    """Pin the images and directories of the steps' packages in the plan."""
    places = {node: place for node, step in plan.steps.items() if (place := _place(step.module, step.execution))}
    if not places:
        return plan
    lists = _lists(scope)
    steps = {node: _frozen(step, lists, *places[node]) if node in places else step for node, step in plan.steps.items()}
    return replace(plan, steps=steps)


def _frozen(step: Step, lists: Mapping[str, Sequence[str]], target: Target, name: str) -> Step:
    if name not in lists:
        return step
    digest = digest_of(lists[name], target)
    if target == Target.DOCKER:
        return replace(step, execution=replace(step.execution, image=images.image_name(digest)))
    return replace(step, execution=replace(step.execution, packages=installed.name_of(digest)))


def _place(module: str, options: RunOptions) -> tuple[Target, str] | None:
    """Return the build target and environment name of a node; None when it has only Easel's packages.

    Every container needs an image, even without an environment. The worker has no environment.
    """
    known = catalogue().modules.get(module)
    target, name = options.target_for(runs_code=bool(known and known.runs_code)), options.environment or ""
    if target == Target.DOCKER or (target == Target.SANDBOX and name):
        return Target(target), name
    return None


def _lists(scope: str) -> dict[str, list[str]]:
    """Return the packages of a workspace's environments by name; the empty name has none."""
    return {"": []} | dict(Environment.objects.filter(scope=scope).values_list("name", "requirements"))
