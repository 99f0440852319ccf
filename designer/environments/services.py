"""Environment services, and environments as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

from designer.environments import schemas
from designer.http.errors import Refusal
from designer.workspaces.models import Workspace
from pipelines.flow import CannotBuild, environments
from pipelines.models import Build, Environment

WORST_LAST: tuple[schemas.BuildState, ...] = ("building", "waiting", "built", "failed", "none")


def make(workspace: Workspace, name: str, requirements: str) -> Environment:
    """Create an environment and request its builds.

    Raises:
        Refusal: When the list cannot be parsed, or the name is taken.
    """
    try:
        with transaction.atomic():
            made = environments.create(workspace.pk, name, requirements)
    except CannotBuild as wrong:
        raise Refusal(422, "bad_requirements", str(wrong), field="requirements") from wrong
    except IntegrityError:
        words = f"An environment named “{name}” already exists."
        raise Refusal(409, "name_taken", words, remedy="Enter another name, or delete the existing one first.", field="name") from None
    environments.request_build(made.requirements)
    return made


def listed(found: Iterable[Environment]) -> list[schemas.Environment]:
    """Environments as the API shows them."""
    listed = list(found)
    lists = [one.requirements for one in listed]
    builds = zip(*(environments.builds(lists, target) for target in environments.Target), strict=True)
    return [_shown(one, of_one) for one, of_one in zip(listed, builds, strict=True)]


def log_from(environment: Environment, after: int) -> schemas.BuildLog:
    """The build log after an offset in characters, the sandbox build's first; `next` is the offset to continue at."""
    builds = _builds(environment)
    text = "".join(build.log for build in builds if build)
    return schemas.BuildLog(text[after:], len(text), _overall(builds))


def _builds(environment: Environment) -> list[Build | None]:
    return [environments.builds([environment.requirements], target)[0] for target in environments.Target]


def _overall(builds: Sequence[Build | None]) -> schemas.BuildState:
    """One state for all builds: building when one is; else built, when one is; else failed, when one is."""
    states = [*map(_state, builds)]
    return next(state for state in WORST_LAST if state in states)


def _state(build: Build | None) -> schemas.BuildState:
    return build.state if build else "none"  # type: ignore[return-value]  # a text column of the database, with these values only


def _why(builds: Sequence[Build | None]) -> str | None:
    """Why none is built."""
    return next((build.why for build in builds if build and build.why), None) if _overall(builds) == "failed" else None


def _shown(environment: Environment, builds: Sequence[Build | None]) -> schemas.Environment:
    begun = [build for build in builds if build]
    going = any(build.finished_at is None for build in begun)
    return schemas.Environment(
        id=environment.pk,
        workspace=environment.scope,
        name=environment.name,
        requirements=environment.requirements,
        created_at=environment.created_at,
        state=_overall(builds),
        why=_why(builds),
        started_at=min((build.started_at for build in begun if build.started_at), default=None),
        finished_at=None if going else max((build.finished_at for build in begun if build.finished_at), default=None),
        builds=[
            schemas.EnvironmentBuild(target, _state(build), (build.why or None) if build else None)
            for target, build in zip(environments.Target, builds, strict=True)
        ],
    )
