"""Trying a connection: the smallest use of it, and the checks of what is entered."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pipelines.catalogue.connection import Connection, ConnectionKind
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.outside import storage, web


def check(connection: Connection) -> None:
    """Check the form of a connection; nothing is reached.

    Raises:
        ModuleError: With the field in `param`.
    """
    match connection.kind:
        case ConnectionKind.DATABASE:
            from pipelines.outside.database import database_url  # SQLAlchemy is loaded where a database is used

            database_url(connection.address)
        case ConnectionKind.HTTP:
            web.checked_url(connection.address, "address")
            _check_login(connection)
        case ConnectionKind.S3:
            _check_bucket(connection)
        case ConnectionKind.FOLDER:
            if not Path(connection.address).is_absolute():
                words = "The address of a folder is its absolute path."
                raise ModuleError("bad_address", words, param="address", remedy="Enter a path such as /data/sales.")


def _check_login(connection: Connection) -> None:
    """A token is a header, which holds no line breaks and no letters beyond ASCII; a password is encoded."""
    token = connection.secret.reveal()
    if not connection.user and not (token.isascii() and token.isprintable()):
        words = "The token contains characters that cannot be sent."
        raise ModuleError("bad_token", words, param="secret", remedy="Check it for line breaks and letters such as é.")


def _check_bucket(connection: Connection) -> None:
    place = urlsplit(connection.address)
    if place.scheme != "s3" or not place.netloc or "@" in place.netloc or place.query or place.fragment:
        words = "The address of a bucket is s3:// and its name, and perhaps a folder in it."
        raise ModuleError("bad_address", words, param="address", remedy="Enter an address such as s3://sales/2026.")
    if connection.endpoint:
        web.checked_url(connection.endpoint, "endpoint")
    if bool(connection.user) != bool(connection.secret):
        words = "A bucket needs both the id of an access key and its secret key, or neither."
        raise ModuleError("half_a_key", words, param="user", remedy="Enter both, or leave both empty for a public bucket.")


def try_connection(connection: Connection) -> str:
    """Use a connection once, and return what was found, in a sentence.

    Raises:
        ModuleError: When it does not work.
    """
    check(connection)
    try:
        return _try(connection)
    except ModuleError:
        raise
    except UNFORESEEN as stray:  # drivers repeat what they were given, so nothing of theirs leaves unchecked
        words = f"The connection does not work: {connection.hide(str(stray))[:300]}"
        remedy = "Check its address, user and secret."
        raise ModuleError("connection_failed", words, remedy=remedy) from None


def _try(connection: Connection) -> str:
    match connection.kind:
        case ConnectionKind.DATABASE:
            return _try_database(connection)
        case ConnectionKind.HTTP:
            try:
                web.state_of(connection.address, connection)
            except ModuleError as wrong:
                if wrong.code != "bad_answer" or wrong.transient:  # such as no file at the server's root
                    raise
            return "The server answers."
        case ConnectionKind.S3:
            return f"The bucket answers: {counted(storage.count(connection), 'entry', 'entries')} at its top."
        case ConnectionKind.FOLDER:
            return f"The folder can be read: {counted(storage.count(connection), 'entry', 'entries')} at its top."


def _try_database(connection: Connection) -> str:
    import sqlalchemy as sql

    from pipelines.outside.database import opened

    with opened(connection) as held:
        tables = sql.inspect(held).get_table_names()
    return f"The database answers: {counted(len(tables), 'table')}."
