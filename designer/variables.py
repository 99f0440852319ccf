"""Every environment variable of Easel, with its reader and default.

Settings, the Celery application and the supervisor read them here, so that each mistake gives one sentence however Easel is started.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NoReturn

from designer import readers

ROOT = Path(__file__).resolve().parents[1]
EXIT_CODE = 3  # uvicorn's code for "could not start": it then does not restart its processes in a loop
# Kubernetes sets these in each pod for every service: EASEL_WEB_SERVICE_HOST, EASEL_BROKER_PORT_6379_TCP …
OF_KUBERNETES = re.compile(r"EASEL_\w+_(SERVICE_(HOST|PORT)\w*|PORT(_\d+_\w+)?)")


Read = Callable[[str, str], Any]
KNOWN: Mapping[str, tuple[Read, Any]] = {
    "EASEL_HOME": (readers.home, str(ROOT / ".easel")),
    "EASEL_DATABASE_URL": (readers.database, None),
    "EASEL_BROKER_URL": (readers.broker, "redis://127.0.0.1:6399/0"),
    "EASEL_CHANNEL_URL": (readers.channel, None),
    "EASEL_STORE_URL": (readers.store, None),
    "EASEL_SECRET_KEY": (readers.key, None),
    "EASEL_OLD_SECRET_KEYS": (readers.keys, ""),
    "EASEL_HOSTS": (readers.hosts, ""),
    "EASEL_PRIVATE_HOSTS": (readers.private_hosts, ""),
    "EASEL_IMPORT_FOLDERS": (readers.folders, ""),
    "EASEL_EXPORT_FOLDERS": (readers.folders, ""),
    "EASEL_HTTPS": (readers.flag, "0"),
    "EASEL_BEHIND_PROXY": (readers.flag, "0"),
    "EASEL_COPIES_LIMIT": (readers.size, "20 GB"),
    "EASEL_UPLOAD_LIMIT": (readers.size, "2 GB"),
    "EASEL_RUNS_AT_ONCE": (readers.whole, None),
    "EASEL_STEP_MEMORY": (readers.size, None),
    "EASEL_STEP_SECONDS": (readers.whole, None),
    "EASEL_STORE_QUOTA": (readers.size, None),
    "EASEL_RETENTION_DAYS": (readers.whole, None),
    "EASEL_BASE_IMAGE": (readers.text, None),
    "EASEL_WHEELS": (readers.existing, None),
    "EASEL_PIP_CONFIG": (readers.existing, None),
    "EASEL_BUILD_NETWORK": (readers.text, "bridge"),
    "EASEL_TRUST_SCRIPTS": (readers.flag, "0"),
    "EASEL_RAY_ADDRESS": (readers.text, ""),
    "EASEL_MODULES": (readers.modules, ""),
    "EASEL_METRICS_TOKEN": (readers.text, ""),
    "EASEL_OPENLINEAGE_URL": (readers.web, None),
    "EASEL_OPENLINEAGE_KEY": (readers.text, ""),
    "EASEL_OPENLINEAGE_NAMESPACE": (readers.text, "easel"),
    "EASEL_SMTP_URL": (readers.mail_server, None),
    "EASEL_MAIL_FROM": (readers.text, "easel@localhost"),
    "EASEL_LOG_FORMAT": (partial(readers.choice, choices=("plain", "json")), "plain"),
    "EASEL_LOG_LEVEL": (partial(readers.choice, choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")), "INFO"),
    "EASEL_RATES": (readers.rates, ""),
    "EASEL_AUDIT_DAYS": (partial(readers.whole, least=0), "365"),
    "EASEL_HISTORY_DAYS": (partial(readers.whole, least=0), "90"),
    "EASEL_STOP_SECONDS": (partial(readers.whole, least=0), "120"),
    "EASEL_DATABASE_POOL": (partial(readers.whole, least=0), "32"),
    "EASEL_DEBUG": (readers.flag, "0"),
    "EASEL_NO_BROWSER": (readers.flag, "0"),
    "EASEL_SERVE_PORT": (partial(readers.whole, most=65_535), None),
    "EASEL_SERVE_URL": (readers.web, None),
    "PORT": (partial(readers.whole, most=65_535), "8000"),
}
ELSEWHERE = ("EASEL_CONCURRENCY", "EASEL_PORT", "EASEL_TEST_KEEPS")  # of the systemd units, of Compose, of the tests


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """All variables; an empty one counts as not set.

    Raises:
        readers.WrongVariable: When one is invalid.
    """
    found: dict[str, Any] = {}
    for name, (reader, default) in KNOWN.items():
        text = environment.get(name, "").strip() or default
        found[name] = None if text is None else reader(name, text)
    if found["EASEL_CHANNEL_URL"] is None:
        found["EASEL_CHANNEL_URL"] = _channel_of(found["EASEL_BROKER_URL"])
    return found


def _channel_of(broker: str) -> str:
    """The channel layer uses the broker, when that is a Redis with an address."""
    if broker.partition("://")[0] not in readers.CHANNELS:
        raise readers.WrongVariable(
            f"EASEL_CHANNEL_URL is not set, and EASEL_BROKER_URL is '{readers.masked(broker)}', which cannot tell open windows of changes. "
            "Set EASEL_CHANNEL_URL to a Redis or Valkey, such as redis://host:6379/1."
        )
    return broker


def unknown(environment: Mapping[str, str]) -> dict[str, str]:
    """Unknown variables that begin with EASEL_, each with a sentence."""
    found: dict[str, str] = {}
    for name in sorted(environment):
        if name.startswith("EASEL_") and name not in KNOWN and name not in ELSEWHERE and not OF_KUBERNETES.fullmatch(name):
            near = difflib.get_close_matches(name, KNOWN, 1, 0.75)
            found[name] = f"{name} is set, and Easel knows no such variable." + (f" Is {near[0]} meant?" if near else "")
    return found


@cache
def of_this_process() -> dict[str, Any]:
    """The variables of this process, which exits with one sentence when one of them is invalid."""
    try:
        found = read(os.environ)
    except readers.WrongVariable as wrong:
        refuse(str(wrong))
    os.environ["EASEL_TRUST_SCRIPTS"] = str(int(found["EASEL_TRUST_SCRIPTS"]))  # the engine, which reads no settings, compares it with 1
    return found


def refuse(why: str) -> NoReturn:
    """Exit this process with one sentence."""
    print(f"Easel cannot start: {why}", file=sys.stderr, flush=True)
    sys.exit(EXIT_CODE)
