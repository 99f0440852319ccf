"""Readers of environment variables: each parses a text, and refuses a wrong one in a sentence with the remedy."""

from __future__ import annotations

import importlib.util
import os
import re
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

import fsspec
from limits import RateLimitItem

from designer import rate_table

SHORTEST_KEY = 50
UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([KMGT])i?)?B?", re.IGNORECASE)
ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
BROKERS = ("redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps", "pyamqp", "sqs", "memory")
DATABASES, CHANNELS = ("postgres", "postgresql", "sqlite"), ("redis", "rediss", "unix", "memory")


class WrongVariable(ValueError):
    """An invalid variable; the message has its name, its value and the remedy."""


def wrong(name: str, value: str, what: str, remedy: str) -> WrongVariable:
    """Return the error of a variable: what is wrong with its value, and the remedy."""
    return WrongVariable(f"{name} is '{masked(value)}', {what}. {remedy}")


def masked(address: str) -> str:
    """A URL without its password."""
    return re.sub(r"^([^/]*://)?([^:/@]*):[^/]*@", r"\1\2:**@", address)


def text(name: str, value: str) -> str:
    """Any text."""
    return value


def flag(name: str, value: str) -> bool:
    """Yes or no."""
    if value.lower() in ON + OFF:
        return value.lower() in ON
    raise wrong(name, value, "which is not 1 or 0", "Set it to 1 or 0.")


def whole(name: str, value: str, *, least: int = 1, most: int = 2**31 - 1) -> int:
    """A whole number within bounds."""
    if value.isascii() and value.isdecimal() and least <= int(value) <= most:
        return int(value)
    raise wrong(name, value, f"which is not a whole number from {least} to {most}", "Set it to such a number, or unset it.")


def size(name: str, value: str) -> int:
    """A number of bytes, such as 20G."""
    found = SIZE.fullmatch(value)
    bytes = int(float(found[1]) * UNITS[(found[2] or "").upper()]) if found else 0
    if bytes < 1:
        raise wrong(name, value, "which is not a size", "Set it to a number of bytes, or to a size such as 512 MB or 2 GB.")
    return bytes


def choice(name: str, value: str, *, choices: tuple[str, ...]) -> str:
    """One of several words."""
    found = next((choice for choice in choices if choice.lower() == value.lower()), None)
    if found is None:
        raise wrong(name, value, "which is not a valid value", f"Set it to one of {', '.join(choices)}.")
    return found


def listed(name: str, value: str) -> list[str]:
    """Several words, with commas between them."""
    return [part.strip() for part in value.split(",") if part.strip()]


def modules(name: str, value: str) -> list[str]:
    """Packages with modules of pipelines."""
    for package in listed(name, value):
        try:
            missing = importlib.util.find_spec(package) is None
        except (ImportError, ValueError):
            missing = True
        if missing:
            raise wrong(
                name, value, f"where '{package}' cannot be imported", "Set it to the names of installed packages, separated by commas."
            )
    return listed(name, value)


def hosts(name: str, value: str) -> list[str]:
    """Host names."""
    for host in listed(name, value):
        if not re.fullmatch(r"\*|\.?[\w.-]+|\[[0-9a-fA-F:.]+\]", host):
            raise wrong(
                name, value, f"where '{host}' is not a host name", "Set it to host names without https:// and port, separated by commas."
            )
    return listed(name, value)


@dataclass(frozen=True)
class PrivateHosts:
    """What pipelines may reach in private networks: hosts by name, and networks."""

    names: tuple[str, ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()


def private_hosts(name: str, value: str) -> PrivateHosts:
    """Hosts and networks that steps may reach although they are private."""
    names, networks = [], []
    for host in listed(name, value):
        try:
            networks.append(ip_network(host.strip("[]")))
        except ValueError:
            if "/" in host or not re.fullmatch(r"\.?[a-zA-Z0-9]([\w.-]*[a-zA-Z0-9])?", host):
                remedy = "Set it to hosts, .domains, addresses and networks such as 10.1.0.0/16, separated by commas."
                raise wrong(name, value, f"where '{host}' is neither a host nor a network", remedy) from None
            names.append(host.lower())
    return PrivateHosts(tuple(names), tuple(networks))


def folders(name: str, value: str) -> list[Path]:
    """Folders of this machine."""
    for folder in listed(name, value):
        if not (Path(folder).is_absolute() and Path(folder).is_dir()):
            raise wrong(name, value, f"where '{folder}' is not a folder", "Set it to absolute paths, separated by commas.")
    return [Path(folder).resolve() for folder in listed(name, value)]


def keys(name: str, value: str) -> list[str]:
    """Each key like a new one; they were generated, and contain no comma."""
    return [key(name, each) for each in listed(name, value)]


def existing(name: str, value: str) -> Path:
    """A path that exists."""
    if not Path(value).exists():
        raise wrong(name, value, "which does not exist", "Set it to a path on this machine, or unset it.")
    return Path(value).resolve()


def home(name: str, value: str) -> Path:
    """A folder that can be written to."""
    home = Path(value).resolve()
    remedy = "Set it to a folder that the user who runs Easel can write to."
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise wrong(name, value, "which is a file, or inside one", remedy) from None
    except OSError as error:
        raise wrong(name, value, f"which cannot be created ({error.strerror})", remedy) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise wrong(name, value, "which cannot be written to", remedy)
    return home


def rates(name: str, value: str) -> dict[str, RateLimitItem]:
    """The rate limits."""
    try:
        return rate_table.table(value)
    except ValueError as error:
        raise WrongVariable(f"{name} {error}") from None


def key(name: str, value: str) -> str:
    """A secret key."""
    if len(value) < SHORTEST_KEY:
        words = f"{name} has {len(value)} characters; it signs sessions and needs at least {SHORTEST_KEY}."
        raise WrongVariable(f'{words} python3 -c "import secrets; print(secrets.token_urlsafe(60))" makes one.')
    return value


def address(name: str, value: str, *, schemes: tuple[str, ...], example: str) -> str:
    """An address with one of some schemes."""
    scheme = value.partition("://")[0] if "://" in value else ""
    if scheme.lower() not in schemes:
        what = f"whose scheme '{scheme}' is not supported" if scheme else "which has no scheme"
        raise wrong(name, value, what, f"Set it to an address such as {example}; it may begin with {', '.join(schemes)}.")
    try:
        _ = urlsplit(value).port
    except ValueError as error:
        raise wrong(name, value, f"which is not an address ({error})", f"Set it to an address such as {example}.") from None
    return value


def mail_server(name: str, value: str) -> str:
    """The address of a mail server. Python's client sends a user and a password of ASCII characters only."""
    found = address(name, value, schemes=("smtp", "smtps"), example="smtp://user:password@mail.example.org:587")
    if not unquote(urlsplit(found).netloc).isascii():
        raise wrong(name, value, "whose user or password has characters beyond ASCII", "Set it to an account that has neither.")
    return found


def store(name: str, value: str) -> str:
    """The address of a store."""
    url = urlsplit(value)
    remedy = "Set it to file:///FOLDER with an absolute path, or to an address such as s3://bucket/easel."
    if not url.scheme or (url.scheme == "file" and (url.netloc or not url.path.startswith("/"))):
        raise wrong(name, value, "which is not an absolute address", remedy)
    try:
        fsspec.get_filesystem_class(url.scheme)
    except ValueError:
        raise wrong(name, value, f"whose scheme '{url.scheme}' is not supported", remedy) from None
    except ImportError as missing:
        raise wrong(name, value, f"for which a package is missing ({missing})", "Install it on every machine.") from None
    return value


web = partial(address, schemes=("http", "https"), example="https://host/path")
database = partial(address, schemes=DATABASES, example="postgres://user:password@host/easel")
broker = partial(address, schemes=BROKERS, example="redis://host:6379/0")
channel = partial(address, schemes=CHANNELS, example="redis://host:6379/1")
