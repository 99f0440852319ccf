"""Every environment variable of Easel: its parser, and the error message for an invalid value.

Settings, the Celery application and the supervisor read them here, so that each mistake gives one sentence however Easel is started.
"""

from __future__ import annotations

import difflib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import fsspec
from limits import RateLimitItem

from designer import rate_table

ROOT = Path(__file__).resolve().parents[1]
EXIT_CODE = 3  # uvicorn's code for "could not start": it then does not restart its processes in a loop
SHORTEST_KEY = 50
UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([KMGT])i?)?B?", re.IGNORECASE)
ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
DATABASES = ("postgres", "postgresql", "sqlite")
BROKERS = ("redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps", "pyamqp", "sqs", "memory")
CHANNELS = ("redis", "rediss", "unix", "memory")
# Kubernetes sets these in each pod for every service: EASEL_WEB_SERVICE_HOST, EASEL_BROKER_PORT_6379_TCP …
OF_KUBERNETES = re.compile(r"EASEL_\w+_(SERVICE_(HOST|PORT)\w*|PORT(_\d+_\w+)?)")


class WrongVariable(ValueError):
    """An invalid variable; the message has its name, its value and the remedy."""


def _wrong(name: str, value: str, what: str, remedy: str) -> WrongVariable:
    return WrongVariable(f"{name} is '{masked(value)}', {what}. {remedy}")


def masked(address: str) -> str:
    """A URL without its password."""
    return re.sub(r"^([^/]*://)?([^:/@]*):[^/]*@", r"\1\2:**@", address)


def _text(name: str, value: str) -> str:
    return value


def _flag(name: str, value: str) -> bool:
    if value.lower() in ON + OFF:
        return value.lower() in ON
    raise _wrong(name, value, "which is not 1 or 0", "Set it to 1 or 0.")


def _whole(name: str, value: str, *, least: int = 1, most: int = 2**31 - 1) -> int:
    if value.isascii() and value.isdecimal() and least <= int(value) <= most:
        return int(value)
    raise _wrong(name, value, f"which is not a whole number from {least} to {most}", "Set it to such a number, or unset it.")


def _size(name: str, value: str) -> int:
    found = SIZE.fullmatch(value)
    bytes = int(float(found[1]) * UNITS[(found[2] or "").upper()]) if found else 0
    if bytes < 1:
        raise _wrong(name, value, "which is not a size", "Set it to a number of bytes, or to a size such as 512 MB or 2 GB.")
    return bytes


def _choice(name: str, value: str, *, choices: tuple[str, ...]) -> str:
    found = next((choice for choice in choices if choice.lower() == value.lower()), None)
    if found is None:
        raise _wrong(name, value, "which is not a valid value", f"Set it to one of {', '.join(choices)}.")
    return found


def _names(name: str, value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _modules(name: str, value: str) -> list[str]:
    for package in _names(name, value):
        try:
            missing = importlib.util.find_spec(package) is None
        except (ImportError, ValueError):
            missing = True
        if missing:
            raise _wrong(
                name, value, f"where '{package}' cannot be imported", "Set it to the names of installed packages, separated by commas."
            )
    return _names(name, value)


def _hosts(name: str, value: str) -> list[str]:
    for host in _names(name, value):
        if not re.fullmatch(r"\*|\.?[\w.-]+|\[[0-9a-fA-F:.]+\]", host):
            raise _wrong(
                name, value, f"where '{host}' is not a host name", "Set it to host names without https:// and port, separated by commas."
            )
    return _names(name, value)


@dataclass(frozen=True)
class PrivateHosts:
    """What pipelines may reach in private networks: hosts by name, and networks."""

    names: tuple[str, ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()


def _private_hosts(name: str, value: str) -> PrivateHosts:
    names, networks = [], []
    for host in _names(name, value):
        try:
            networks.append(ip_network(host.strip("[]")))
        except ValueError:
            if "/" in host or not re.fullmatch(r"\.?[a-zA-Z0-9]([\w.-]*[a-zA-Z0-9])?", host):
                remedy = "Set it to hosts, .domains, addresses and networks such as 10.1.0.0/16, separated by commas."
                raise _wrong(name, value, f"where '{host}' is neither a host nor a network", remedy) from None
            names.append(host.lower())
    return PrivateHosts(tuple(names), tuple(networks))


def _folders(name: str, value: str) -> list[Path]:
    for folder in _names(name, value):
        if not (Path(folder).is_absolute() and Path(folder).is_dir()):
            raise _wrong(name, value, f"where '{folder}' is not a folder", "Set it to absolute paths, separated by commas.")
    return [Path(folder).resolve() for folder in _names(name, value)]


def _keys(name: str, value: str) -> list[str]:
    """Each key like a new one; they were generated, and contain no comma."""
    return [_key(name, key) for key in _names(name, value)]


def _existing(name: str, value: str) -> Path:
    if not Path(value).exists():
        raise _wrong(name, value, "which does not exist", "Set it to a path on this machine, or unset it.")
    return Path(value).resolve()


def _home(name: str, value: str) -> Path:
    home = Path(value).resolve()
    remedy = "Set it to a folder that the user who runs Easel can write to."
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise _wrong(name, value, "which is a file, or inside one", remedy) from None
    except OSError as error:
        raise _wrong(name, value, f"which cannot be created ({error.strerror})", remedy) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise _wrong(name, value, "which cannot be written to", remedy)
    return home


def _rates(name: str, value: str) -> dict[str, RateLimitItem]:
    try:
        return rate_table.table(value)
    except ValueError as error:
        raise WrongVariable(f"{name} {error}") from None


def _key(name: str, value: str) -> str:
    if len(value) < SHORTEST_KEY:
        words = f"{name} has {len(value)} characters; it signs sessions and needs at least {SHORTEST_KEY}."
        raise WrongVariable(f'{words} python3 -c "import secrets; print(secrets.token_urlsafe(60))" makes one.')
    return value


def _address(name: str, value: str, *, schemes: tuple[str, ...], example: str) -> str:
    scheme = value.partition("://")[0] if "://" in value else ""
    if scheme.lower() not in schemes:
        what = f"whose scheme '{scheme}' is not supported" if scheme else "which has no scheme"
        raise _wrong(name, value, what, f"Set it to an address such as {example}; it may begin with {', '.join(schemes)}.")
    try:
        _ = urlsplit(value).port
    except ValueError as error:
        raise _wrong(name, value, f"which is not an address ({error})", f"Set it to an address such as {example}.") from None
    return value


def _store(name: str, value: str) -> str:
    url = urlsplit(value)
    remedy = "Set it to file:///FOLDER with an absolute path, or to an address such as s3://bucket/easel."
    if not url.scheme or (url.scheme == "file" and (url.netloc or not url.path.startswith("/"))):
        raise _wrong(name, value, "which is not an absolute address", remedy)
    try:
        fsspec.get_filesystem_class(url.scheme)
    except ValueError:
        raise _wrong(name, value, f"whose scheme '{url.scheme}' is not supported", remedy) from None
    except ImportError as missing:
        raise _wrong(name, value, f"for which a package is missing ({missing})", "Install it on every machine.") from None
    return value


_database = partial(_address, schemes=DATABASES, example="postgres://user:password@host/easel")
_broker = partial(_address, schemes=BROKERS, example="redis://host:6379/0")
_channel = partial(_address, schemes=CHANNELS, example="redis://host:6379/1")

Read = Callable[[str, str], Any]
KNOWN: Mapping[str, tuple[Read, Any]] = {
    "EASEL_HOME": (_home, str(ROOT / ".easel")),
    "EASEL_DATABASE_URL": (_database, None),
    "EASEL_BROKER_URL": (_broker, "redis://127.0.0.1:6399/0"),
    "EASEL_CHANNEL_URL": (_channel, None),
    "EASEL_STORE_URL": (_store, None),
    "EASEL_SECRET_KEY": (_key, None),
    "EASEL_OLD_SECRET_KEYS": (_keys, ""),
    "EASEL_HOSTS": (_hosts, ""),
    "EASEL_PRIVATE_HOSTS": (_private_hosts, ""),
    "EASEL_IMPORT_FOLDERS": (_folders, ""),
    "EASEL_EXPORT_FOLDERS": (_folders, ""),
    "EASEL_HTTPS": (_flag, "0"),
    "EASEL_BEHIND_PROXY": (_flag, "0"),
    "EASEL_COPIES_LIMIT": (_size, "20 GB"),
    "EASEL_UPLOAD_LIMIT": (_size, "2 GB"),
    "EASEL_RUNS_AT_ONCE": (_whole, None),
    "EASEL_STEP_MEMORY": (_size, None),
    "EASEL_STEP_SECONDS": (_whole, None),
    "EASEL_STORE_QUOTA": (_size, None),
    "EASEL_RETENTION_DAYS": (_whole, None),
    "EASEL_BASE_IMAGE": (_text, None),
    "EASEL_WHEELS": (_existing, None),
    "EASEL_PIP_CONFIG": (_existing, None),
    "EASEL_BUILD_NETWORK": (_text, "bridge"),
    "EASEL_TRUST_SCRIPTS": (_flag, "0"),
    "EASEL_RAY_ADDRESS": (_text, ""),
    "EASEL_MODULES": (_modules, ""),
    "EASEL_METRICS_TOKEN": (_text, ""),
    "EASEL_LOG_FORMAT": (partial(_choice, choices=("plain", "json")), "plain"),
    "EASEL_LOG_LEVEL": (partial(_choice, choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")), "INFO"),
    "EASEL_RATES": (_rates, ""),
    "EASEL_AUDIT_DAYS": (partial(_whole, least=0), "365"),
    "EASEL_STOP_SECONDS": (partial(_whole, least=0), "120"),
    "EASEL_DATABASE_POOL": (partial(_whole, least=0), "32"),
    "EASEL_DEBUG": (_flag, "0"),
    "EASEL_NO_BROWSER": (_flag, "0"),
    "EASEL_SERVE_PORT": (partial(_whole, most=65_535), None),
    "EASEL_SERVE_URL": (partial(_address, schemes=("http", "https"), example="https://models.example.org"), None),
    "PORT": (partial(_whole, most=65_535), "8000"),
}
ELSEWHERE = ("EASEL_CONCURRENCY", "EASEL_PORT", "EASEL_TEST_KEEPS")  # of the systemd units, of Compose, of the tests


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """All variables; an empty one counts as not set.

    Raises:
        WrongVariable: When one is invalid.
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
    if broker.partition("://")[0] not in CHANNELS:
        raise WrongVariable(
            f"EASEL_CHANNEL_URL is not set, and EASEL_BROKER_URL is '{masked(broker)}', which cannot tell open windows of changes. "
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
    except WrongVariable as wrong:
        refuse(str(wrong))
    os.environ["EASEL_TRUST_SCRIPTS"] = str(int(found["EASEL_TRUST_SCRIPTS"]))  # the engine, which reads no settings, compares it with 1
    return found


def refuse(why: str) -> NoReturn:
    """Exit this process with one sentence."""
    print(f"Easel cannot start: {why}", file=sys.stderr, flush=True)
    sys.exit(EXIT_CODE)
