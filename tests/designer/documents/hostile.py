"""Edits that try to break what reads them, as bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator

from pycrdt import write_message, write_var_uint

ROOT = b"\x01\x05nodes\x01k"


def nested_lists(deep: int, client: int = 1) -> bytes:
    """One value under `nodes`: a list in a list in a list…"""
    return b"\x01\x01" + write_var_uint(client) + b"\x00\x28" + ROOT + b"\x01" + b"\x75\x01" * deep + b"\x7f\x00"


def nested_objects(deep: int) -> bytes:
    return b"\x01\x01\x01\x00\x28" + ROOT + b"\x01" + b"\x76\x01\x01a" * deep + b"\x7f\x00"


def nested_json(deep: int) -> bytes:
    return b"\x01\x01\x01\x00\x25" + ROOT + write_message(b"[" * deep + b"]" * deep) + b"\x00"


def map_in(parent: int | None, clock: int, client: int = 1, keyed: bool = True) -> bytes:
    """An edit that puts a shared map into the map that the same client made at another clock; None is the root `nodes`."""
    return b"\x01\x01" + write_var_uint(client) + write_var_uint(clock) + _map(parent, client, keyed) + b"\x00"


def _map(parent: int | None, client: int, keyed: bool = True) -> bytes:
    if parent is None:
        return b"\x27" + ROOT + b"\x01"
    at = b"\x00" + write_var_uint(client) + write_var_uint(parent)
    return b"\x27" + at + b"\x01k\x01" if keyed else b"\x07" + at + b"\x01"


def nested_maps(deep: int, delete: bool = False, client: int = 1) -> bytes:
    """Shared maps in each other, in one edit; deleting the outermost at once is a recursion too."""
    maps = b"".join(_map(number - 1 if number else None, client) for number in range(deep))
    deleted = b"\x01" + write_var_uint(client) + b"\x01\x00\x01" if delete else b"\x00"
    return b"\x01" + write_var_uint(deep) + write_var_uint(client) + b"\x00" + maps + deleted


def circle() -> bytes:
    """Two items that each say they are in the other."""
    return b"\x01\x02\x01\x00" + _map(1, 1) + _map(0, 1) + b"\x00"


def damaged(dice: random.Random, good: bytes) -> bytes:
    """Good bytes with some flipped, cut out or put in."""
    data = bytearray(good)
    for _ in range(dice.randrange(1, 5)):
        at = dice.randrange(len(data))
        match dice.randrange(3):
            case 0:
                data[at] = dice.randrange(256)
            case 1:
                del data[at : at + dice.randrange(1, 4)]
            case _:
                data[at:at] = dice.randbytes(dice.randrange(1, 6))
        data = data or bytearray(b"\x00")
    return bytes(data)


def claims(number: bytes = b"\xff\xff\xff\xff\x07") -> Iterator[bytes]:
    """Edits that say more follows than does, so that who believes them makes room for it."""
    tail = bytes(10)
    yield number + tail
    yield b"\x01" + number + b"\x01\x00" + tail
    yield b"\x01\x01\x01\x00\x28" + ROOT + number + tail
    yield b"\x01\x01\x01\x00\x24" + ROOT + number + tail
    yield b"\x01\x01\x01\x00\x28" + ROOT + b"\x01\x75" + number + tail
    yield b"\x01\x01\x01\x00\x28" + ROOT + b"\x01\x76" + number + tail
    yield b"\x00\x01\x01" + number + tail
    yield b"\x01\x01\x01\x00\x00" + number + b"\xff\xff\xff\xff\x07" + tail
