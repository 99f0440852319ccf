"""Fetching from the web: http and https, to checked addresses, with limits of size and time."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from pipelines.catalogue.connection import Connection
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import progress
from pipelines.outside.addresses import checked_addresses, is_private, shown
from pipelines.outside.reach import reach

CONNECT_SECONDS, STALL_SECONDS, MOST_SECONDS = 10.0, 30.0, 3600.0
MOST_REDIRECTS = 5
PIECE = 1 << 20
REDIRECTS = (301, 302, 303, 307, 308)
PORTS = {"http": 80, "https": 443}
AGENT = "Easel"
# Percent-encoding leaves these as they are; other characters of a typed address, such as spaces and umlauts, are encoded.
KEPT = "/%:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True)
class Fetched:
    """A fetched file: its final URL, the type that the server gives it, and its size."""

    url: str
    content_type: str
    bytes: int


def fetch(url: str, out: Path, login: Connection | None = None, *, param: str | None = "url") -> Fetched:
    """Fetch a file.

    Args:
        url: Its address.
        out: Where its bytes go.
        login: A connection whose secret is sent to its own server, and to no other.
        param: The setting that errors name.

    Raises:
        ModuleError: When the address is not allowed, or the server does not give the file.
    """
    until = time.monotonic() + MOST_SECONDS
    with _answer("GET", url, login, param) as (final, answer), out.open("wb") as file:
        expected = int(length) if (length := answer.headers.get("Content-Length", "")).isdecimal() else 0
        _check_size(expected, param)
        size = 0
        while piece := answer.read(PIECE):
            size += len(piece)
            _check_size(size, param)
            if time.monotonic() > until:
                raise ModuleError(
                    "too_slow",
                    f"The file did not arrive within {MOST_SECONDS / 60:g} minutes.",
                    param=param,
                    remedy="Try again later, or download the file and upload it.",
                    transient=True,
                )
            file.write(piece)
            progress(size, max(expected, size), "Downloading")
        if expected and size < expected:
            raise _away(f"only {size:,} of {expected:,} bytes arrived", param)
        return Fetched(final, answer.headers.get_content_type(), size)


def state_of(url: str, login: Connection | None = None) -> str | None:
    """Return what the server says of a file's version without sending it: ETag or Last-Modified; None when it says neither.

    Raises:
        ModuleError: As `fetch` does.
    """
    with _answer("HEAD", url, login, "url") as (_, answer):
        tag, since = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
        return f"ETag {tag}" if tag else f"Last-Modified {since}, {answer.headers.get('Content-Length')} bytes" if since else None


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Send a message as JSON. Redirects are not followed, and the answer's body is not read.

    Raises:
        ModuleError: When the address is not allowed, or the server does not take the message.
    """
    place = checked_url(url)
    port = place.port or PORTS[place.scheme]
    line = _connected(place.scheme, place.hostname or "", port, "url")
    try:
        target = quote(place.path or "/", KEPT) + (f"?{quote(place.query, KEPT)}" if place.query else "")
        line.request("POST", target, body, {"User-Agent": AGENT, "Content-Type": "application/json", **headers})
        status = line.getresponse().status
    except (OSError, http.client.HTTPException) as fault:
        words = f"The server did not take the message: {type(fault).__name__}."
        raise ModuleError("server_away", words, param="url", remedy="Check the address, and try again later.", transient=True) from fault
    finally:
        line.close()
    if not 200 <= status < 300:
        words = f"“{place.hostname}” answered with status {status}."
        raise ModuleError("bad_answer", words, param="url", remedy="Check the address with the server's owner.", transient=status >= 500)


@contextmanager
def _answer(method: str, url: str, login: Connection | None, param: str | None) -> Iterator[tuple[str, http.client.HTTPResponse]]:
    """Send a request and follow redirects, each checked like the first address."""
    for _ in range(MOST_REDIRECTS + 1):
        place = checked_url(url, param)
        host = place.hostname or ""
        port = place.port or PORTS[place.scheme]
        target = quote(place.path or "/", KEPT) + (f"?{quote(place.query, KEPT)}" if place.query else "")
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", **_authorization(place, login, param)}
        line = _connected(place.scheme, host, port, param)
        try:
            line.request(method, target, headers=headers)
            answer = line.getresponse()
            if answer.status in REDIRECTS and (location := answer.headers.get("Location")):
                url = _next_url(url, location, param)
                continue
            _check_status(answer, host, param)
            yield url, answer
            return
        except (OSError, http.client.HTTPException) as fault:
            raise _away(f"{type(fault).__name__}: {fault}", param) from fault
        finally:
            line.close()
    raise ModuleError(
        "too_many_redirects", f"The server redirects more than {MOST_REDIRECTS} times.", param=param, remedy="Use the final address."
    )


def _next_url(url: str, location: str, param: str | None) -> str:
    """Where a redirect leads to; the address is checked when it is asked."""
    try:
        return urljoin(url, location)
    except ValueError:
        words = f"The server redirects to “{shown(location)}”, which is not an address."
        raise ModuleError("bad_url", words, param=param, remedy="Use the final address, or tell the server's owner.") from None


def checked_url(url: str, param: str | None = "url") -> SplitResult:
    """Return the parts of a URL.

    Raises:
        ModuleError: `bad_url` when it is not http or https, or has no host; `secret_in_url` when it contains a user or a password.
    """
    place = None
    with suppress(ValueError):
        parts = urlsplit(url.strip())
        if parts.port != 0 and parts.hostname and parts.scheme in PORTS and url.strip().isprintable():
            place = parts
    if place is None:
        words = f"“{shown(url)}” is not the address of a file on the web."
        raise ModuleError("bad_url", words, param=param, remedy="Enter an address that begins with https:// or http://.")
    if "@" in place.netloc:
        words = "The address contains a user or a password, which everyone who sees the pipeline can read."
        raise ModuleError("secret_in_url", words, param=param, remedy="Remove it from the address, and select a connection that has it.")
    return place


def _authorization(place: SplitResult, login: Connection | None, param: str | None) -> Mapping[str, str]:
    """The header of a login, for its own server only: the same scheme, host and port."""
    if login is None or not login.secret:
        return {}
    own = urlsplit(login.address)
    if (place.scheme, place.hostname, place.port or PORTS[place.scheme]) != (own.scheme, own.hostname, own.port or PORTS.get(own.scheme)):
        return {}
    if place.scheme != "https" and not is_private(place.hostname or "", place.port or PORTS[place.scheme]):
        words = f"The secret of the connection “{login.name}” would be sent without encryption."
        raise ModuleError("unencrypted", words, param=param, remedy="Use an address that begins with https://.")
    if login.user:
        return {"Authorization": "Basic " + b64encode(f"{login.user}:{login.secret.reveal()}".encode()).decode()}
    return {"Authorization": f"Bearer {login.secret.reveal()}"}


def _connected(scheme: str, host: str, port: int, param: str | None) -> http.client.HTTPConnection:
    """Connect to a checked address of a host. The certificate must be the host's."""
    fault: OSError | None = None
    for address in checked_addresses(host, port, param=param):
        try:
            sock = socket.create_connection((address, port), CONNECT_SECONDS)
            try:
                if scheme == "https":
                    sock = _trust().wrap_socket(sock, server_hostname=host)
                sock.settimeout(STALL_SECONDS)
            except BaseException:
                sock.close()
                raise
        except ssl.SSLCertVerificationError as wrong:
            words = f"The certificate of “{host}” is not valid: {wrong.verify_message}."
            raise ModuleError("bad_certificate", words, param=param, remedy="Check the address, or tell the server's owner.") from wrong
        except OSError as wrong:
            fault = wrong
        else:
            line = http.client.HTTPConnection(host, port)
            line.default_port = PORTS[scheme]  # it is left out of the header Host
            line.sock = sock
            return line
    raise _away(str(fault), param)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _check_status(answer: http.client.HTTPResponse, host: str, param: str | None) -> None:
    if answer.status == 200:
        return
    words = f"“{host}” answered with status {answer.status} ({answer.reason[:60] or 'no reason'})."
    if answer.status in (401, 403, 407):
        raise ModuleError("login_refused", words, param=param, remedy="Select a connection that has a valid login for the file.")
    if answer.status in (404, 410):
        remedy = "Check the address; the file may have moved."
    else:
        remedy = "Try again later, or open the address in a browser to see what is wrong."
    raise ModuleError("bad_answer", words, param=param, remedy=remedy, transient=answer.status >= 500 or answer.status == 429)


def _check_size(size: int, param: str | None) -> None:
    if size > reach().most_bytes:
        words = f"The file is larger than {reach().most_bytes / 1024**2:,.0f} MB."
        raise ModuleError(
            "too_large", words, param=param, remedy="Use a smaller file, or ask the administrator to raise EASEL_UPLOAD_LIMIT."
        )


def _away(why: str, param: str | None) -> ModuleError:
    words = f"The server did not give the file: {why[:200]}."
    return ModuleError("server_away", words, param=param, remedy="Check the address, and try again later.", transient=True)
