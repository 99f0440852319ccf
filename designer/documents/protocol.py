"""The binary protocol of a document's websocket: the y-protocols framing, and acks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pycrdt import Decoder, Encoder, YMessageType, YSyncMessageType, write_message, write_var_uint

ACK = 100
MOST_CLIENTS = 64
LARGEST_AWARENESS = 16 * 1024
LARGEST_CLIENT = 2**53


class BadMessage(Exception):
    """Bytes that violate the protocol."""


@dataclass(frozen=True)
class Frame:
    """One message of a browser."""

    kind: Literal["ask", "answer", "update", "awareness"]
    body: bytes


_SYNC: dict[int, Literal["ask", "answer", "update"]] = {
    YSyncMessageType.SYNC_STEP1: "ask",
    YSyncMessageType.SYNC_STEP2: "answer",
    YSyncMessageType.SYNC_UPDATE: "update",
}


def parse(data: bytes) -> Frame:
    """Parse a message.

    Raises:
        BadMessage: When it is invalid.
    """
    decoder = Decoder(data)
    kind = _uint(decoder)
    if kind == YMessageType.AWARENESS:
        return Frame("awareness", _rest(decoder))
    step = _SYNC.get(_uint(decoder)) if kind == YMessageType.SYNC else None
    if step is None:
        raise BadMessage("no such kind of message")
    return Frame(step, _rest(decoder))


def _uint(decoder: Decoder) -> int:
    try:
        return decoder.read_var_uint()
    except (RuntimeError, IndexError) as cut:
        raise BadMessage("a number is cut off") from cut


def _rest(decoder: Decoder) -> bytes:
    """The single byte string at the end of a message."""
    length = _uint(decoder)
    body = decoder.stream[decoder.i0 :]
    if len(body) != length:
        raise BadMessage("its length is not what it says")
    return body


def sync_request(vector: bytes) -> bytes:
    """Sync step 1: the sender's state vector."""
    return bytes([YMessageType.SYNC, YSyncMessageType.SYNC_STEP1]) + write_message(vector)


def sync_reply(update: bytes) -> bytes:
    """Sync step 2: the updates that the receiver lacks."""
    return bytes([YMessageType.SYNC, YSyncMessageType.SYNC_STEP2]) + write_message(update)


def update(edit: bytes) -> bytes:
    """An edit."""
    return bytes([YMessageType.SYNC, YSyncMessageType.SYNC_UPDATE]) + write_message(edit)


def awareness(states: bytes) -> bytes:
    """An awareness message."""
    return bytes([YMessageType.AWARENESS]) + write_message(states)


def ack(count: int) -> bytes:
    """Ack: the number of the browser's edits that are stored."""
    return write_var_uint(ACK) + write_var_uint(count)


def clients(states: bytes) -> dict[int, int]:
    """The windows in an awareness message, each with its clock.

    Raises:
        BadMessage: When it is invalid or too large.
    """
    if len(states) > LARGEST_AWARENESS:
        raise BadMessage("too much to say of who is here")
    decoder, found = Decoder(states), {}
    count = _uint(decoder)
    if count > MOST_CLIENTS:
        raise BadMessage("too many windows")
    for _ in range(count):
        client, clock, length = _uint(decoder), _uint(decoder), _uint(decoder)
        if client > LARGEST_CLIENT or decoder.i0 + length > len(states):
            raise BadMessage("a window's state is cut off")
        decoder.i0 += length
        decoder.length -= length
        found[client] = clock
    return found


def together(said: Iterable[bytes]) -> bytes:
    """Several awareness messages merged into one."""
    whole, entries = 0, b""
    for states in said:
        decoder = Decoder(states)
        whole += _uint(decoder)
        entries += decoder.stream[decoder.i0 :]
    return write_var_uint(whole) + entries


def leaving(here: dict[int, int]) -> bytes:
    """Awareness that marks these windows as gone."""
    encoder = Encoder()
    encoder.write_var_uint(len(here))
    for client, clock in here.items():
        encoder.write_var_uint(client)
        encoder.write_var_uint(clock + 1)
        encoder.write_var_string("null")
    return encoder.to_bytes()
