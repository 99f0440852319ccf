"""Databases: addresses that are accepted, and errors without secrets."""

import json
import sqlite3
from base64 import b64encode, urlsafe_b64encode

import pytest

from pipelines.catalogue.connection import Connection, ConnectionKind, Secret, hide
from pipelines.catalogue.errors import ModuleError
from pipelines.outside.database import database_url, opened, refused
from pipelines.outside.reach import Reach, reaching


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://easel:word@host/db", "secret_in_address"),
        ("postgresql://easel@/db", "bad_address"),
        ("postgresql://easel@one,two/db", "bad_address"),
        ("postgresql://easel@host/db?host=/var/run/postgresql", "bad_address"),
        ("postgresql://easel@host/db?sslmode=none", "bad_address"),
        ("postgresql://easel@host", "bad_address"),
        ("mysql://easel@host/db", "unsupported_database"),
        ("sqlite://", "bad_address"),
        ("sqlite:///relative.db", "bad_address"),
        ("sqlite:////data/a.db?mode=rwc", "bad_address"),
        ("somewhere", "bad_address"),
    ],
)
def test_addresses_that_hide_a_secret_or_reach_elsewhere_are_refused(address, code):
    with pytest.raises(ModuleError) as caught:
        database_url(address)
    assert (caught.value.code, caught.value.param) == (code, "address") and caught.value.remedy


def test_the_usual_address_is_accepted():
    assert database_url("postgres://easel@host:5433/db?sslmode=require").host == "host"


@pytest.mark.parametrize("address", ["postgresql://easel@127.0.0.1:1/db", "postgresql://easel@localhost/db"])
def test_a_database_in_a_private_network_is_not_reached(address):
    with pytest.raises(ModuleError) as caught, opened(Connection("db", ConnectionKind.DATABASE, address)):
        pass
    assert caught.value.code == "address_not_allowed"


def test_a_file_elsewhere_is_not_opened_whatever_links_to_it(tmp_path):
    (tmp_path / "allowed").mkdir()
    sqlite3.connect(tmp_path / "other.db").close()
    (tmp_path / "allowed" / "link.db").symlink_to(tmp_path / "other.db")
    for path in ("other.db", "allowed/link.db", "allowed/../other.db"):
        with (
            reaching(Reach(read_folders=(tmp_path / "allowed",))),
            pytest.raises(ModuleError) as caught,
            opened(Connection("db", ConnectionKind.DATABASE, f"sqlite:///{tmp_path}/{path}")),
        ):
            pass
        assert caught.value.code == "folder_not_allowed"


@pytest.mark.parametrize("query", ["DELETE FROM t", "ATTACH 'x.db' AS x", "CREATE TABLE u (a)", "PRAGMA writable_schema=1; DELETE FROM t"])
def test_a_file_that_is_read_is_not_written_and_no_other_is_reached(tmp_path, query):
    with sqlite3.connect(tmp_path / "a.db") as made:
        made.execute("CREATE TABLE t (a)")
        made.execute("INSERT INTO t VALUES (1)")
    connection = Connection("db", ConnectionKind.DATABASE, f"sqlite:///{tmp_path}/a.db")
    with reaching(Reach(read_folders=(tmp_path,))), pytest.raises(ModuleError) as caught, opened(connection) as held:
        held.exec_driver_sql(query)
    assert caught.value.code == "database_refused"
    assert sqlite3.connect(tmp_path / "a.db").execute("SELECT count(*) FROM t").fetchone() == (1,)


SECRET = "pa ss/wörd'\"%"


@pytest.mark.parametrize(
    "said", [SECRET, "pa%20ss/w%C3%B6rd%27%22%25", "pa+ss%2Fw%C3%B6rd%27%22%25", repr(SECRET), json.dumps(SECRET), json.dumps([SECRET])]
)
def test_a_driver_that_repeats_the_password_is_corrected(said):
    connection = Connection("db", ConnectionKind.DATABASE, "postgresql://a@h/d", secret=Secret(SECRET))
    wrong = refused(connection, ConnectionError(f'could not open "postgresql://a:{said}@h/d"'), "database")
    assert "•••" in wrong.words and "ss" not in wrong.words.replace("postgresql", "")
    assert hide(said, [Secret("")]) == said


@pytest.mark.parametrize("coder", [b64encode, urlsafe_b64encode])
def test_a_login_in_base64_is_hidden_whatever_stands_before_the_secret(coder):
    secret = Secret(SECRET + "~~~???>>>")
    for user in ("", "a", "ann", "anna"):
        shown = hide(f"Basic {coder(f'{user}:{secret.reveal()}!'.encode()).decode()}.", [secret])
        assert shown.startswith("Basic ") and shown.count("•••") == 1 and len(shown) <= 24
    assert hide("Basic YWJj", [Secret("abc")]) == "Basic YWJj", "what is so short is found in other texts"


def test_a_secret_is_in_no_text_of_a_connection():
    connection = Connection("db", ConnectionKind.DATABASE, "postgresql://a@h/d", secret=Secret("word"))
    assert "word" not in f"{connection!r} {connection} {connection.secret!r} {connection.secret} {connection.place}"
