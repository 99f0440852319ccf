"""What steps reach beyond their inputs: the administrator's rules, their connections, and what their sources look like."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from pipelines.catalogue.connection import Connection, Secret, hide
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.freshness import Freshness
from pipelines.compilation import Step
from pipelines.execution.step import Outcome
from pipelines.outside import trial
from pipelines.outside.reach import FileReader, Reach, reaching
from pipelines.runtime.connections import connections_of, decrypt_text, encrypt, opened, problems, renew, renewed, secret_used
from pipelines.runtime.ledger.claim import Seen

__all__ = [
    "connections_of",
    "decrypt_text",
    "encrypt",
    "look",
    "opened",
    "problems",
    "reach_of",
    "renew",
    "renewed",
    "secret_used",
    "try_connection",
    "without",
]

log = logging.getLogger(__name__)
UNSEEN = "Its source could not be looked at before, so it is read."


def reach_of(run: str = "", node: str = "") -> AbstractContextManager[None]:
    """Let the code inside reach as far as the administrator allows, as a step of a run."""
    return reaching(replace(_allowed(), step=f"{run}/{node}"))


@cache
def _allowed() -> Reach:
    reader: FileReader = import_module(settings.EASEL_FILE_READER).READER
    return Reach(
        hosts=tuple(settings.EASEL_PRIVATE_HOSTS.names),
        networks=tuple(settings.EASEL_PRIVATE_HOSTS.networks),
        read_folders=tuple(settings.EASEL_IMPORT_FOLDERS),
        write_folders=tuple(settings.EASEL_EXPORT_FOLDERS),
        most_bytes=settings.EASEL_UPLOAD_LIMIT,
        reader=reader,
        scratch=Path(settings.EASEL_HOME) / "imports",
    )


def look(step: Step, scope: str, run: str) -> Seen:
    """Ask the module of a run's step what its source looks like. Where that fails, the step runs, and says itself what is wrong."""
    module = catalogue().modules[step.module]
    assert module.freshness is not None, "only modules with the rule are asked"
    known: dict[str, Connection] = {}
    try:
        known = connections_of(step, module, scope, run)
        given: dict[str, Any] = module.read_settings({**step.settings, **dict.fromkeys(known, "given")}) | known
        with reach_of():
            found = module.freshness(**given)
    except ModuleError:
        found = Freshness(None, UNSEEN)
    except UNFORESEEN as stray:
        secrets = [each.secret for each in known.values()]
        log.warning("the source of %s could not be looked at: %s: %s", module.id, type(stray).__name__, hide(str(stray), secrets))
        found = Freshness(None, UNSEEN)
    return Seen({name: each.place for name, each in known.items()}, found)


def without(outcome: Outcome, secrets: Sequence[Secret]) -> Outcome:
    """Return an outcome whose words and traceback contain none of the secrets."""
    if not any(secrets) or outcome.problem is None:
        return outcome
    words, remedy = hide(outcome.problem.words, secrets), outcome.problem.remedy and hide(outcome.problem.remedy, secrets)
    return replace(outcome, problem=replace(outcome.problem, words=words, remedy=remedy), trace=hide(outcome.trace, secrets))


def try_connection(connection: Connection) -> str:
    """Use a connection once, and return what was found, in a sentence.

    Raises:
        ModuleError: When it does not work.
    """
    with reach_of():
        return trial.try_connection(connection)
