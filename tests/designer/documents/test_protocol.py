"""The bytes on the socket."""

from __future__ import annotations

import pytest

from designer.documents import protocol


@pytest.mark.parametrize(
    ("made", "kind"),
    [(protocol.sync_request, "ask"), (protocol.sync_reply, "answer"), (protocol.update, "update"), (protocol.awareness, "awareness")],
)
@pytest.mark.parametrize("body", [b"", b"x", b"x" * 200, b"x" * 20_000])
def test_there_and_back(made: object, kind: str, body: bytes) -> None:
    assert protocol.parse(made(body)) == protocol.Frame(kind, body)  # type: ignore[operator,arg-type]


def test_acks_count_beyond_one_byte() -> None:
    assert protocol.ack(300) == bytes([100, 0xAC, 0x02])


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x02\x00", b"\x00\x03\x00", b"\x00\x00\x02x", b"\x00\x00\x01xy", b"\x80", b"\x01"])
def test_what_is_no_message(data: bytes) -> None:
    with pytest.raises(protocol.BadMessage):
        protocol.parse(data)


def test_windows_of_an_awareness_message() -> None:
    states = bytes([2, 5, 1, 2]) + b"{}" + bytes([0x80, 0x01, 7, 4]) + b"null"
    assert protocol.clients(states) == {5: 1, 128: 7}
    assert protocol.clients(protocol.leaving({5: 1, 128: 7})) == {5: 2, 128: 8}


@pytest.mark.parametrize(
    "states", [b"", b"\x01", b"\x01\x05\x01\x09{}", b"\x41" + b"\x01" * 300, b"x" * 20_000, b"\x01" + b"\xff" * 12 + b"\x01\x01\x00"]
)
def test_what_is_no_awareness(states: bytes) -> None:
    with pytest.raises(protocol.BadMessage):
        protocol.clients(states)
