"""Every wrong variable is one sentence that names it, its value and what to do, whichever way Easel is started."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from designer import variables
from designer.readers import WrongVariable, masked
from designer.variables import KNOWN, read, unknown
from tests.support.installation import ROOT

DOCS = ROOT / "docs" / "how-to" / "install-for-a-team.md"


def value_of(name: str, text: str, home: Path) -> Any:
    return read({"EASEL_HOME": str(home), name: text})[name]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("PORT", "abc", "PORT is 'abc', which is not a whole number from 1 to 65535."),
        ("PORT", "99999", "PORT is '99999', which is not a whole number from 1 to 65535."),
        ("EASEL_HOME", __file__, f"EASEL_HOME is '{__file__}', which is a file, or inside one."),
        ("EASEL_HOME", "/proc/easel", "EASEL_HOME is '/proc/easel', which cannot be created"),
        ("EASEL_DATABASE_URL", "localhost/easel", "EASEL_DATABASE_URL is 'localhost/easel', which has no scheme."),
        ("EASEL_DATABASE_URL", "mysql://u:geheim@h/x", "EASEL_DATABASE_URL is 'mysql://u:**@h/x', whose scheme 'mysql' is not supported."),
        ("EASEL_DATABASE_URL", "postgres://u:p@h:x/e", "EASEL_DATABASE_URL is 'postgres://u:**@h:x/e', which is not an address"),
        ("EASEL_BROKER_URL", "nonsense://x", "EASEL_BROKER_URL is 'nonsense://x', whose scheme 'nonsense' is not supported."),
        ("EASEL_BROKER_URL", "amqp://u:geheim@h//", "EASEL_CHANNEL_URL is not set, and EASEL_BROKER_URL is 'amqp://u:**@h//',"),
        ("EASEL_CHANNEL_URL", "amqp://h", "EASEL_CHANNEL_URL is 'amqp://h', whose scheme 'amqp' is not supported."),
        ("EASEL_STORE_URL", "store", "EASEL_STORE_URL is 'store', which is not an absolute address."),
        ("EASEL_STORE_URL", "file://store", "EASEL_STORE_URL is 'file://store', which is not an absolute address."),
        ("EASEL_STORE_URL", "foo://bar", "EASEL_STORE_URL is 'foo://bar', whose scheme 'foo' is not supported."),
        ("EASEL_UPLOAD_LIMIT", "2XB", "EASEL_UPLOAD_LIMIT is '2XB', which is not a size."),
        ("EASEL_STORE_QUOTA", "0", "EASEL_STORE_QUOTA is '0', which is not a size."),
        ("EASEL_SECRET_KEY", "x", "EASEL_SECRET_KEY has 1 characters; it signs sessions and needs at least 50."),
        ("EASEL_LOG_FORMAT", "xml", "EASEL_LOG_FORMAT is 'xml', which is not a valid value."),
        ("EASEL_LOG_LEVEL", "loud", "EASEL_LOG_LEVEL is 'loud', which is not a valid value."),
        ("EASEL_HOSTS", "https://a.org", "EASEL_HOSTS is 'https://a.org', where 'https://a.org' is not a host name."),
        ("EASEL_HOSTS", "a.org:8443", "EASEL_HOSTS is 'a.org:8443', where 'a.org:8443' is not a host name."),
        ("EASEL_RUNS_AT_ONCE", "many", "EASEL_RUNS_AT_ONCE is 'many', which is not a whole number from 1"),
        ("EASEL_SMTP_URL", "smtp://u:%C3%A9@h", "EASEL_SMTP_URL is 'smtp://u:**@h', whose user or password has characters beyond ASCII."),
        ("EASEL_HTTPS", "maybe", "EASEL_HTTPS is 'maybe', which is not 1 or 0."),
        ("EASEL_WHEELS", "/no/such", "EASEL_WHEELS is '/no/such', which does not exist."),
        (
            "EASEL_PRIVATE_HOSTS",
            "a.org,http://b",
            "EASEL_PRIVATE_HOSTS is 'a.org,http://b', where 'http://b' is neither a host nor a network.",
        ),
        ("EASEL_PRIVATE_HOSTS", "10.0.0.1/8", "EASEL_PRIVATE_HOSTS is '10.0.0.1/8', where '10.0.0.1/8' is neither a host nor a network."),
        ("EASEL_IMPORT_FOLDERS", "data", "EASEL_IMPORT_FOLDERS is 'data', where 'data' is not a folder."),
        ("EASEL_OLD_SECRET_KEYS", "x", "EASEL_OLD_SECRET_KEYS has 1 characters; it signs sessions and needs at least 50."),
        ("EASEL_OPENLINEAGE_URL", "ftp://u:geheim@h", "EASEL_OPENLINEAGE_URL is 'ftp://u:**@h', whose scheme 'ftp' is not supported."),
        ("EASEL_MODULES", "no_such_package", "EASEL_MODULES is 'no_such_package', where 'no_such_package' cannot be imported."),
    ],
)
def test_what_is_said_of_a_wrong_value(name: str, text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WrongVariable) as wrong:
        value_of(name, text, tmp_path)
    words = str(wrong.value)
    assert words.startswith(said) and "\n" not in words and "geheim" not in words
    assert re.search(r"\. (Set|Give|Install|python3) .+", words), "and what to do"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("EASEL_UPLOAD_LIMIT", "2147483648", 2 * 1024**3),
        ("EASEL_UPLOAD_LIMIT", "2GB", 2 * 1024**3),
        ("EASEL_UPLOAD_LIMIT", "512 MB", 512 * 1024**2),
        ("EASEL_UPLOAD_LIMIT", "1.5 GiB", 3 * 512 * 1024**2),
        ("EASEL_UPLOAD_LIMIT", "", 2 * 1024**3),
        ("EASEL_HTTPS", "true", True),
        ("EASEL_HTTPS", "", False),
        ("EASEL_HOSTS", "a.org, .b.org,[::1]", ["a.org", ".b.org", "[::1]"]),
        ("EASEL_LOG_LEVEL", "debug", "DEBUG"),
        ("EASEL_RUNS_AT_ONCE", "4", 4),
        ("EASEL_RUNS_AT_ONCE", "", None),
        ("EASEL_DATABASE_URL", "postgres://easel@%2Ftmp%2Fsockets:5432/easel", "postgres://easel@%2Ftmp%2Fsockets:5432/easel"),
    ],
)
def test_what_is_taken(name: str, text: str, value: Any, tmp_path: Path) -> None:
    assert value_of(name, text, tmp_path) == value


def test_private_hosts_are_names_and_networks(tmp_path: Path) -> None:
    found = value_of("EASEL_PRIVATE_HOSTS", "DB.corp, .intra.example,10.0.0.0/8,[::1]", tmp_path)
    assert found.names == ("db.corp", ".intra.example") and [str(each) for each in found.networks] == ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgres://easel:p@ss:w@host/easel", "postgres://easel:**@host/easel"),
        ("redis://:secret@host:6379/0", "redis://:**@host:6379/0"),
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("easel:secret@host/easel", "easel:**@host/easel"),
    ],
)
def test_passwords_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_a_name_that_nobody_knows_is_told_with_the_nearest() -> None:
    kubernetes = {"EASEL_WEB_SERVICE_HOST": "10.0.0.1", "EASEL_BROKER_PORT_6379_TCP": "x", "EASEL_BROKER_PORT": "tcp://10.0.0.1:6379"}
    found = unknown({"EASEL_DATABSE_URL": "x", "EASEL_HOME": "x", "HOME": "x", **kubernetes})
    assert found == {"EASEL_DATABSE_URL": "EASEL_DATABSE_URL is set, and Easel knows no such variable. Is EASEL_DATABASE_URL meant?"}


def test_the_table_of_the_docs_names_them_all() -> None:
    table = DOCS.read_text().partition("## Every variable")[2]
    assert set(
        re.findall(r"`((?:EASEL_|PORT)\w*)`", "\n".join(line.split("|")[1] for line in table.splitlines() if line[:1] == "|"))
    ) == set(KNOWN)


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "manage.py check",
        "-m celery -A designer.config.celery worker",
        "-m uvicorn designer.config.asgi:application --port 0",
        "-m uvicorn designer.config.asgi:application --port 0 --workers 2",
        "-m designer.site.server --port 0 --workers 2",
        "-m designer.site.supervisor",
    ],
)
def test_it_is_said_whichever_way_it_is_started(command: str, tmp_path: Path) -> None:
    env = {**os.environ, "EASEL_HOME": str(tmp_path), "EASEL_UPLOAD_LIMIT": "2XB", "DJANGO_SETTINGS_MODULE": "designer.config.settings"}
    done = subprocess.run([sys.executable, *command.split()], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0 or "--workers" in command  # uvicorn's own parent ends with 0
    assert "Easel cannot start: EASEL_UPLOAD_LIMIT is '2XB', which is not a size." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EASEL_DATABASE_URL", "postgres://easel:geheim@127.0.0.1:1/easel", "The database does not answer. EASEL_DATABASE_URL is 'postgres://easel:**@127.0.0.1:1/easel'."),
        ("EASEL_STORE_URL", "file:///proc/nothing", "EASEL_STORE_URL is 'file:///proc/nothing', where no file can be stored:"),
    ],
)  # fmt: skip
def test_what_shows_only_when_it_is_tried_is_a_sentence_too(name: str, value: str, said: str, tmp_path: Path) -> None:
    env = {**os.environ, "EASEL_HOME": str(tmp_path), name: value}
    done = subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and said in done.stderr and "geheim" not in done.stderr and "Traceback" not in done.stderr


def test_a_wrong_key_file_ends_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        variables.refuse("The key is wrong.")
    assert (ended.value.code, capsys.readouterr().err) == (3, "Easel cannot start: The key is wrong.\n")
