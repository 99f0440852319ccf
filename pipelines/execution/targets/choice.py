"""Which target a step is carried out by: what its node says, else what its module asks for."""

from __future__ import annotations

import os
from collections.abc import Callable

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.telling import Listener
from pipelines.execution.step import Outcome
from pipelines.execution.targets import Job, Target
from pipelines.execution.targets.docker import Docker
from pipelines.execution.targets.folder import failed
from pipelines.execution.targets.sandbox import Sandbox, require


def carry_out(job: Job, listener: Listener, here: Callable[[], Outcome]) -> Outcome:
    """Carry a step out where it belongs; `here` does it in the worker itself.

    Raises:
        Damaged: When an input is gone or changed.
        Stopped: When the step was cancelled; nothing of it runs any more.
    """
    try:
        target = _target(job)
        return target.carry_out(job, listener) if target else here()
    except ModuleError as wrong:
        return failed(job, wrong)


def runs_code() -> bool:
    """Whether steps that run people's code can run on this machine without a container."""
    if _trusts_code():
        return True
    try:
        require()
    except ModuleError:
        return False
    return True


def _trusts_code() -> bool:
    return os.environ.get("EASEL_TRUST_SCRIPTS") == "1"


def _target(job: Job) -> Target | None:
    closed = job.module.runs_code and not _trusts_code()
    match job.step.execution.get("target", "sandbox" if closed else "worker"):
        case "sandbox":
            return Sandbox()
        case "docker" if "image" in job.step.execution:
            return Docker(job.step.execution["image"])
        case "worker" if not closed:
            return None
        case "worker":
            raise ModuleError(
                "needs_walls",
                f"{job.module.title} runs people's code, which no worker does without walls.",
                remedy="Let the node run in the sandbox or in a container.",
            )
        case other:
            raise ModuleError("unknown_target", f"This installation has no target '{other}'.", remedy="Choose another one for the node.")
