"""Fetching from the web, from a server in this process."""

import socket
from dataclasses import replace
from ipaddress import ip_network

import pytest

from pipelines.catalogue.connection import Connection, ConnectionKind, Secret
from pipelines.catalogue.errors import ModuleError
from pipelines.outside import addresses, web
from pipelines.outside.reach import Reach, reaching
from tests.pipelines.outside.test_addresses import PRIVATE
from tests.support.web import site

HERE = Reach(networks=(ip_network("127.0.0.1/32"),))


@pytest.fixture
def server():
    with site() as found, reaching(HERE):
        yield found


def fetch(url, tmp_path, login=None):
    out = tmp_path / "out"
    return web.fetch(url, out, login), out.read_bytes()


def refused(url, tmp_path, login=None):
    with pytest.raises(ModuleError) as caught:
        fetch(url, tmp_path, login)
    assert caught.value.words.endswith(".") and caught.value.remedy
    return caught.value.code


def test_a_file_is_fetched_with_its_type(server, tmp_path):
    server.pages["/ä b.csv"] = server.pages["/%C3%A4%20b.csv"] = (200, {"Content-Type": "text/csv; charset=utf-8"}, b"a\n1\n")
    found, data = fetch(f"{server.url}/ä b.csv?x=1", tmp_path)
    assert (found.content_type, found.bytes, data) == ("text/csv", 4, b"a\n1\n")


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "file:///etc/passwd", "http://", "https:///x", "x", "http://a:b", "http://h/\r\nX: y"]
)
def test_only_web_addresses_are_accepted(url, tmp_path):
    assert refused(url, tmp_path) == "bad_url"


def test_a_password_in_an_address_is_refused(tmp_path):
    assert refused("http://user:word@example.org/a.csv", tmp_path) == "secret_in_url"
    assert refused("http://example.org@127.0.0.1/a.csv", tmp_path) == "secret_in_url"


def test_without_permission_the_server_is_not_even_asked(tmp_path):
    with site() as here:
        assert refused(f"{here.url}/a.csv", tmp_path) == "address_not_allowed"
        assert here.asked == []


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data", "http://127.0.0.2/", "http://[::1]/", "http://user@127.0.0.1/", "http://[127.0.0.1]/"],
)
def test_redirects_are_checked_like_the_first_address(server, tmp_path, target):
    server.pages["/a"] = (302, {"Location": target}, b"")
    assert refused(f"{server.url}/a", tmp_path) in ("address_not_allowed", "secret_in_url", "bad_url")


def test_redirects_are_followed_to_an_end(server, tmp_path):
    server.pages |= {"/a": (301, {"Location": "/b"}, b""), "/b": (200, {}, b"x"), "/loop": (302, {"Location": "/loop"}, b"")}
    assert fetch(f"{server.url}/a", tmp_path)[0].url == f"{server.url}/b"
    assert refused(f"{server.url}/loop", tmp_path) == "too_many_redirects"


def test_a_name_is_resolved_once_so_that_it_cannot_change_its_meaning(server, tmp_path, monkeypatch):
    """DNS rebinding: the connection goes to the address that was checked."""
    server.pages["/a"] = (200, {}, b"x")
    answers = iter(["127.0.0.1", "169.254.169.254"])
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **more):
        if host != "rebinding.example":
            return real(host, port, *args, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    assert fetch(f"http://rebinding.example:{server.port}/a", tmp_path)[1] == b"x"
    assert next(answers) == "169.254.169.254", "it was asked once"


def test_sizes_are_limited_whatever_the_server_says(server, tmp_path):
    server.pages |= {"/said": (200, {}, b"x" * 2000), "/unsaid": (200, {"Content-Length": "", "Connection": "close"}, b"x" * 2000)}
    with reaching(replace(HERE, most_bytes=1000)):
        assert refused(f"{server.url}/said", tmp_path) == refused(f"{server.url}/unsaid", tmp_path) == "too_large"


@pytest.mark.parametrize(("status", "code"), [(404, "bad_answer"), (401, "login_refused"), (403, "login_refused"), (500, "bad_answer")])
def test_bad_answers_are_explained(server, tmp_path, status, code):
    server.pages["/a"] = (status, {}, b"")
    assert refused(f"{server.url}/a", tmp_path) == code


def test_a_closed_port_is_explained(server, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert refused(f"http://127.0.0.1:{taken.getsockname()[1]}/a", tmp_path) == "server_away"


def login(url, user=""):
    return Connection("web", ConnectionKind.HTTP, url, user, secret=Secret("word"))


def test_a_login_goes_to_its_own_server_alone(server, tmp_path):
    with site() as other:
        other.pages["/b"] = (200, {}, b"x")
        server.pages["/a"] = (302, {"Location": f"{other.url}/b"}, b"")
        fetch(f"{server.url}/a", tmp_path, login(server.url))
        fetch(f"{server.url}/a", tmp_path, login(server.url, "ann"))
        assert [headers.get("Authorization") for _, _, headers in server.asked] == ["Bearer word", "Basic YW5uOndvcmQ="]
        assert [headers.get("Authorization") for _, _, headers in other.asked] == [None, None]


def test_a_login_is_not_sent_in_the_open_to_a_public_server(tmp_path, monkeypatch):
    monkeypatch.setattr(web, "is_private", lambda host, port: False)
    assert refused("http://example.org/a", tmp_path, login("http://example.org")) == "unencrypted"


def test_what_a_server_says_of_a_version(server):
    server.pages |= {
        "/tag": (200, {"ETag": '"1"'}, b"x"),
        "/date": (200, {"Last-Modified": "Sat, 28 Nov 2026"}, b"x"),
        "/": (200, {}, b"x"),
    }
    assert [web.state_of(server.url + path) for path in ("/tag", "/date", "/")] == [
        'ETag "1"',
        "Last-Modified Sat, 28 Nov 2026, 1 bytes",
        None,
    ]
    assert {method for method, _, _ in server.asked} == {"HEAD"}


def test_a_message_is_posted_and_a_redirect_is_not_followed(server):
    server.pages["/told"] = (204, {}, b"")
    web.post(f"{server.url}/told?a=b", b"{}", {"X-Mark": "1"})
    method, path, headers = server.asked[0]
    assert (method, path, headers["X-Mark"], headers["Content-Type"]) == ("POST", "/told?a=b", "1", "application/json")
    assert server.bodies == [b"{}"]
    server.pages["/moved"] = (302, {"Location": f"{server.url}/told"}, b"")
    with pytest.raises(ModuleError, match="status 302"):
        web.post(f"{server.url}/moved", b"{}", {})
    assert len(server.asked) == 2


def test_no_spelling_of_a_private_address_gets_a_message():
    """136 addresses, with a server of this machine behind most of them."""
    with site() as canary:
        hosts = [f"[{host}]" if ":" in host else host for host in PRIVATE]
        urls = [
            f"{scheme}://{host}:{canary.port}{path}"
            for host in hosts
            for scheme in ("http", "https")
            for path in ("/", "/told?@example.org")
        ]
        for url in urls:
            with pytest.raises(ModuleError) as caught:
                web.post(url, b"{}", {})
            assert caught.value.code in ("address_not_allowed", "unknown_host", "bad_url"), url
        assert len(urls) == 136 and canary.asked == []
