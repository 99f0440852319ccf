"""Databases: opening one by a connection, and its errors without the secret."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import sqlalchemy as sql
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from pipelines.catalogue.connection import Connection
from pipelines.catalogue.errors import ModuleError
from pipelines.outside.addresses import checked_addresses, shown
from pipelines.outside.reach import reach, within

POSTGRESQL, SQLITE = "postgresql", "sqlite"
NAMES = {"postgres": POSTGRESQL, "postgresql": POSTGRESQL, "postgresql+psycopg": POSTGRESQL, "sqlite": SQLITE}
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
CONNECT_SECONDS, MOST_SECONDS = 10, 3600
EXAMPLE = "postgresql://user@host:5432/database"


def database_url(address: str) -> URL:
    """Parse the address of a database.

    Raises:
        ModuleError: `bad_address`, `secret_in_address` or `unsupported_database`.
    """
    try:
        url = sql.make_url(address.strip())
    except (ArgumentError, ValueError):
        raise _bad(f"“{shown(address)}” is not the address of a database.") from None
    if url.password is not None:
        raise ModuleError(
            "secret_in_address", "The address contains a password.", param="address", remedy="Enter the password in its own field."
        )
    if url.drivername not in NAMES:
        words = f"Databases of the kind “{url.drivername[:40]}” are not supported."
        raise ModuleError("unsupported_database", words, param="address", remedy="PostgreSQL and SQLite are; export from others as a file.")
    url = url.set(drivername=NAMES[url.drivername])
    if url.drivername == SQLITE:
        if url.host or url.query or not url.database or not url.database.startswith("/"):
            raise _bad("The address of an SQLite file is sqlite:/// and its absolute path.", "sqlite:////data/sales.sqlite")
        return url
    mode = url.query.get("sslmode", "prefer")
    if not url.host or "," in url.host or not url.database or set(url.query) - {"sslmode"} or mode not in SSL_MODES:
        raise _bad("The address needs one host and a database; sslmode is the only option that it may have.")
    return url


def _bad(words: str, example: str = EXAMPLE) -> ModuleError:
    return ModuleError("bad_address", words, param="address", remedy=f"Enter an address such as {example}.")


@contextmanager
def opened(connection: Connection, *, write: bool = False, param: str = "database") -> Iterator[sql.Connection]:
    """Open a database in one transaction, which is committed at the end of the block; without `write` it is read-only.

    Raises:
        ModuleError: When it cannot be reached, or refuses; the secret is not in the words.
    """
    try:
        url = database_url(connection.address)
        connect = partial(_connect_sqlite if url.drivername == SQLITE else _connect_postgresql, url, connection, write=write, param=param)
        drawn = "sqlite://" if url.drivername == SQLITE else "postgresql+psycopg://"
        engine = sql.create_engine(drawn, creator=connect, poolclass=NullPool, hide_parameters=True)
        with engine.begin() as held:
            if url.drivername == SQLITE:
                held.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
            yield held
    except (SQLAlchemyError, psycopg.Error, sqlite3.Error, OSError) as fault:
        raise refused(connection, fault, param) from None


def refused(connection: Connection, fault: Exception, param: str) -> ModuleError:
    """Return the error of a database as one for the user. Drivers repeat addresses and values: the secret is replaced."""
    cause = getattr(fault, "orig", None) or fault
    said = " ".join(connection.hide(str(cause)).split())[:500] or type(cause).__name__
    away = isinstance(fault, sql.exc.OperationalError | sql.exc.InterfaceError | OSError) and not getattr(cause, "sqlstate", None)
    if away and not isinstance(cause, sqlite3.Error):
        words = f"The database of the connection “{connection.name}” cannot be reached: {said}"
        remedy = "Test the connection on the Team page; check its address, user and password."
        return ModuleError("database_away", words, param=param, remedy=remedy, transient=True)
    words = f"The database of the connection “{connection.name}” refused: {said}"
    return ModuleError("database_refused", words, param=param, remedy="Check the settings, and what the user of the connection may do.")


def _connect_postgresql(url: URL, connection: Connection, *, write: bool, param: str) -> Any:
    port = url.port or 5432
    addresses = checked_addresses(url.host or "", port, param=param)
    mode = str(url.query.get("sslmode", "prefer"))
    limits = f"-c statement_timeout={MOST_SECONDS * 1000} -c idle_in_transaction_session_timeout={MOST_SECONDS * 1000}"
    return psycopg.connect(
        host=",".join([url.host or ""] * len(addresses)),
        hostaddr=",".join(addresses),
        port=port,
        user=url.username,
        password=connection.secret.reveal(),
        dbname=url.database,
        sslmode=mode,
        sslrootcert="system" if mode == "verify-full" else None,
        passfile=f"{os.devnull}/none",  # never that of the worker's own user
        connect_timeout=CONNECT_SECONDS,
        application_name="Easel",
        options=limits if write else f"{limits} -c default_transaction_read_only=on",
    )


def _connect_sqlite(url: URL, connection: Connection, *, write: bool, param: str) -> Any:
    file = within(
        Path(url.database or ""),
        reach().write_folders if write else reach().read_folders,
        words=f"The file of the connection “{connection.name}” is in no folder that pipelines may {'write' if write else 'read'}.",
        remedy=f"Ask the administrator to allow its folder with {'EASEL_EXPORT_FOLDERS' if write else 'EASEL_IMPORT_FOLDERS'}.",
        param=param,
    )
    held = sqlite3.connect(
        f"file:{quote(str(file))}?mode={'rwc' if write else 'ro'}", uri=True, timeout=CONNECT_SECONDS, isolation_level=None
    )
    held.set_authorizer(_only_this_file)
    return held


def _only_this_file(action: int, *_: str | None) -> int:
    """Deny ATTACH and DETACH: a query reaches its own file alone."""
    return sqlite3.SQLITE_DENY if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH) else sqlite3.SQLITE_OK
