"""The scripts and styles built by Vite, from its manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

PREFIX = "/static/canvas/"
MANIFESTS = ("canvas/manifest.json", "canvas/.vite/manifest.json")


@dataclass(frozen=True)
class Bundle:
    """The URLs that the page must load."""

    script: str
    preload: tuple[str, ...]
    styles: tuple[str, ...]


def bundle() -> Bundle | None:
    """The built front end; None when it has not been built."""
    for name in MANIFESTS:
        file = Path(settings.STATIC_ROOT) / name
        if file.is_file():
            return _read(file, file.stat().st_mtime_ns)
    return None


@lru_cache(maxsize=4)
def _read(file: Path, _written: int) -> Bundle | None:
    chunks = json.loads(file.read_text())
    entry = next((key for key, chunk in chunks.items() if chunk.get("isEntry")), None)
    if entry is None:
        return None
    keys: dict[str, None] = {}
    _gather(chunks, entry, keys)
    styles = dict.fromkeys(style for key in keys for style in chunks[key].get("css", ()))
    preload = [chunks[key]["file"] for key in keys if key != entry]
    return Bundle(PREFIX + chunks[entry]["file"], tuple(PREFIX + file for file in preload), tuple(PREFIX + style for style in styles))


def _gather(chunks: dict[str, dict[str, list[str]]], key: str, seen: dict[str, None]) -> None:
    """The chunks that the entry imports statically, each once."""
    if key not in seen:
        seen[key] = None
        for needed in chunks[key].get("imports", ()):
            _gather(chunks, needed, seen)
