"""Whether user code can run in this process: in the isolated process of a step, or where the installation trusts its scripts."""

from __future__ import annotations

import os

from pipelines.catalogue.errors import ModuleError

_isolated = False


def trusts_scripts() -> bool:
    """Return whether this installation has one user, whose scripts run in the worker itself."""
    return os.environ.get("EASEL_TRUST_SCRIPTS") == "1"


def enter_isolation() -> None:
    """Declare this process an isolated one, until it ends."""
    global _isolated
    _isolated = True


def require_isolation(what: str) -> None:
    """Check that user code is allowed to run here. Targets see to it already; this is the second wall.

    Raises:
        ModuleError: `needs_walls`, when it may not.
    """
    if not (_isolated or trusts_scripts()):
        raise ModuleError(
            "needs_walls",
            f"{what} runs code of a script, which is allowed only in a sandbox or a container.",
            remedy="Set “Run on” to Sandbox or Container.",
        )
