"""Target selection: the node's own choice, else the sandbox for user code and for environments, else the worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.isolation import trusts_scripts
from pipelines.execution.step import Outcome
from pipelines.execution.targets import Job, Target
from pipelines.execution.targets.docker import Docker
from pipelines.execution.targets.job_folder import failed
from pipelines.execution.targets.sandbox import Sandbox, require


def execute(job: Job, here: Callable[[], Outcome], there: Callable[[Target], Outcome]) -> Outcome:
    """Execute a step on its target: `there` in isolation, `here` in the worker itself.

    Raises:
        Damaged: When an input is missing or changed.
        Stopped: When the step was cancelled; none of its processes is left.
    """
    try:
        target = _target(job)
        return there(target) if target else here()
    except ModuleError as wrong:
        return failed(job, wrong)


def can_run_user_code() -> bool:
    """Return whether user code can run on this machine without a container."""
    if trusts_scripts():
        return True
    try:
        require()
    except ModuleError:
        return False
    return True


def _target(job: Job) -> Target | None:
    if job.module.freshness:  # it reaches beyond its inputs, for which only the worker has the connections and the network
        return None
    closed = job.runs_code and not trusts_scripts()
    options = job.step.execution
    match options.target_for(runs_code=closed or options.packages is not None):
        case "sandbox":
            return Sandbox(_packages(job))
        case "docker" if options.image is not None:
            return Docker(options.image)
        case "worker" | "ray" if not closed:  # of a fan-out, the worker sends the items to the cluster
            return None
        case "worker" | "ray":
            why = "runs user code" if job.module.runs_code else "loads a model from a script"
            raise ModuleError(
                "needs_walls",
                f"{job.module.title} {why}, which is allowed only in a sandbox or a container.",
                remedy="Set “Run on” to Sandbox or Container.",
            )
        case other:
            raise ModuleError("unknown_target", f"This installation has no target “{other}”.", remedy="Change “Run on” of the module.")


def _packages(job: Job) -> Path | None:
    """Return the directory of the step's environment on this machine, if it has an environment.

    Raises:
        ModuleError: When it is not on this machine.
    """
    name = job.step.execution.packages
    if name is None:
        return None
    place = job.environments / name if job.environments else None
    if place is None or not place.is_dir():
        called = job.step.execution.environment
        raise ModuleError(
            "no_packages",
            f"The machine of this worker does not have the packages of the environment “{called}”.",
            remedy="Build the environment again on the Team page. If workers run on several machines, repeat until each has it.",
        )
    return place
