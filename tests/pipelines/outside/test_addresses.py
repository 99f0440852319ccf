"""Which addresses are reached: a table of the ways in which a private one is written."""

import socket
from ipaddress import ip_network

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.outside import addresses
from pipelines.outside.addresses import checked_addresses, shown
from pipelines.outside.reach import Reach, reaching

PRIVATE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:53aa:64c::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "fec0::1",
    "192.0.0.192",
    "192.88.99.1",
    "168.63.129.16",
    "3fff::1",
    "localhost",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_refused_however_they_are_written(host):
    with pytest.raises(ModuleError) as caught:
        checked_addresses(host, 80)
    assert caught.value.code in ("address_not_allowed", "unknown_host") and caught.value.remedy


def test_at_least_the_plain_forms_are_understood_and_refused_for_what_they_are():
    for host in ("2130706433", "0177.0.0.1", "::ffff:127.0.0.1", "localhost", *PRIVATE[-6:]):
        with pytest.raises(ModuleError) as caught:
            checked_addresses(host, 80)
        assert caught.value.code == "address_not_allowed"


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("postgresql://ann:pa/s@s@host:x/db", "postgresql://…@host:x/db"),
        ("ann:word@host", "…@host"),
        ("https://example.org/a b", "https://example.org/a b"),
        (f"https://{'a' * 200}", f"https://{'a' * 92}"),
    ],
)
def test_an_error_shows_an_address_without_a_password(address, seen):
    assert shown(address) == seen


def test_public_addresses_are_reached():
    assert checked_addresses("8.8.8.8", 443) == ["8.8.8.8"]
    assert checked_addresses("2606:4700::1111", 443) == ["2606:4700::1111"]


def resolve_to(monkeypatch, *found):
    asked = []

    def getaddrinfo(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_public_name_of_a_private_address_is_refused_even_beside_a_public_one(monkeypatch):
    resolve_to(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(ModuleError, match=r"127\.0\.0\.1"):
        checked_addresses("evil.example", 80)


@pytest.mark.parametrize(
    "far",
    [Reach(networks=(ip_network("127.0.0.0/8"),)), Reach(hosts=("db.corp.example",)), Reach(hosts=(".corp.example",))],
    ids=["network", "host", "domain"],
)
def test_the_administrator_allows_private_ones(monkeypatch, far):
    resolve_to(monkeypatch, "127.0.0.1")
    with reaching(far):
        assert checked_addresses("DB.corp.example", 80) == ["127.0.0.1"]


def test_an_allowed_domain_is_no_suffix_of_any_name(monkeypatch):
    resolve_to(monkeypatch, "10.0.0.1")
    with reaching(Reach(hosts=("corp.example", ".intra.example"))), pytest.raises(ModuleError):
        checked_addresses("evilcorp.example", 80)
