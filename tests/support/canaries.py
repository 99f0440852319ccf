"""Canaries: made-up secrets that are planted in a product, and the search for them in whatever comes out of it."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from base64 import b64encode
from secrets import token_hex

DEPTH = 3
CORE = 16  # characters that are searched for: the same in a URL, in JSON, in HTML and between quotes


def forms(text: str) -> set[bytes]:
    """A text as it stands in files: plain, in base64 at each of its three alignments, in hexadecimal, and in UTF-16."""
    plain = text.encode()
    found = {plain, plain.hex().encode(), plain.hex().upper().encode(), text.encode("utf-16-le")}
    for before in range(3):
        coded = b64encode(b"\0" * before + plain)
        sure = coded[-(-before * 4 // 3) : (before + len(plain)) * 4 // 3]  # characters of which each bit is the text's
        found |= {sure, sure.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


class Canaries:
    """Planted secrets by name."""

    def __init__(self) -> None:
        self._cores: dict[str, set[bytes]] = {}

    def plant(self, name: str, around: str = "{}") -> str:
        """Return a new secret; `around` has characters before and after, which URLs and quotes change."""
        core = token_hex(CORE // 2)
        self._cores[name] = forms(core)
        return around.format(core)

    def know(self, name: str, secret: str) -> str:
        """Take a secret that the product made."""
        assert len(secret) >= CORE, (name, secret)
        self._cores[name] = forms(secret[-CORE * 2 :])
        return secret

    def __len__(self) -> int:
        return len(self._cores)

    def found(self, data: bytes | str) -> set[str]:
        """The names of those that are in a text or a file, also inside of archives."""
        seen = {
            name
            for part in parts(data.encode() if isinstance(data, str) else data)
            for name, forms in self._cores.items()
            if any(form in part for form in forms)
        }
        return seen


def parts(data: bytes, depth: int = DEPTH) -> list[bytes]:
    """A file, and what is in it when it is compressed or an archive."""
    found = [data]
    if depth and data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found += [part for name in archive.namelist() for part in parts(archive.read(name), depth - 1)]
    elif depth and data[:2] == b"\x1f\x8b":
        found += parts(zlib.decompressobj(31).decompress(data), depth - 1)
    elif depth and data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            found += [part for member in archive if (file := archive.extractfile(member)) for part in parts(file.read(), depth - 1)]
    return found
