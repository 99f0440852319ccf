"""Verbs about environments, and what the API shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from designer.errors import Refusal
from designer.workspaces.models import Workspace
from pipelines import environments
from pipelines.execution.targets.images import CannotBuild
from pipelines.models import Build, Environment

NEVER = "none"
STATES = (NEVER, *environments.BuildState)


def make(workspace: Workspace, name: str, requirements: str) -> Environment:
    """A new environment; its build is asked for at once.

    Raises:
        Refusal: When the list cannot be read, or the name is taken.
    """
    try:
        with transaction.atomic():
            made = environments.make(workspace.pk, name, requirements)
    except CannotBuild as wrong:
        raise Refusal(422, "bad_requirements", str(wrong), field="requirements") from wrong
    except IntegrityError:
        words = f"There is an environment '{name}' already."
        raise Refusal(409, "name_taken", words, remedy="Give another name, or delete that one first.", field="name") from None
    environments.ask(made.requirements)
    return made


def listed(found: Iterable[Environment]) -> list[dict[str, Any]]:
    """Environments as the API shows them."""
    listed = list(found)
    return [_json(one, build) for one, build in zip(listed, environments.builds(one.requirements for one in listed), strict=True)]


def log_from(environment: Environment, after: int) -> dict[str, Any]:
    """What a build said after so many characters; `next` is where to go on."""
    ((build,), (shown,)) = (environments.builds([environment.requirements]), listed([environment]))
    text = build.log if build else ""
    return {"text": text[after:], "next": len(text), "state": shown["state"]}


def _json(environment: Environment, build: Build | None) -> dict[str, Any]:
    return {
        "id": environment.pk,
        "workspace": environment.scope,
        "name": environment.name,
        "requirements": environment.requirements,
        "created_at": environment.created_at,
        "state": build.state if build else NEVER,
        "why": (build.why or None) if build else None,
        "started_at": build.started_at if build else None,
        "finished_at": build.finished_at if build else None,
    }
