"""The scripts and styles built by Vite, from its manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

PREFIX = "/static/canvas/"
MANIFESTS = ("canvas/manifest.json", "canvas/.vite/manifest.json")
CANVAS, PAGES = "src/main.tsx", "src/site.css"  # the entries of the build
FONT = "geist-latin-wght-normal"  # of nearly every text; the others load when a page needs them


@dataclass(frozen=True)
class Bundle:
    """The URLs that the page must load."""

    script: str
    preload: tuple[str, ...]
    styles: tuple[str, ...]
    page_styles: tuple[str, ...]
    font: str | None


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
    if CANVAS not in chunks or PAGES not in chunks:
        return None
    keys: dict[str, None] = {}
    _gather(chunks, CANVAS, keys)
    styles = dict.fromkeys(style for key in keys for style in chunks[key].get("css", ()))
    assets = (asset for chunk in chunks.values() for asset in (chunk["file"], *chunk.get("assets", ())))
    font = next((asset for asset in assets if FONT in asset), None)
    return Bundle(
        script=PREFIX + chunks[CANVAS]["file"],
        preload=tuple(PREFIX + chunks[key]["file"] for key in keys if key != CANVAS),
        styles=tuple(PREFIX + style for style in styles),
        page_styles=(PREFIX + chunks[PAGES]["file"],),
        font=font and PREFIX + font,
    )


def _gather(chunks: dict[str, dict[str, list[str]]], key: str, seen: dict[str, None]) -> None:
    """The chunks that the entry imports statically, each once."""
    if key not in seen:
        seen[key] = None
        for needed in chunks[key].get("imports", ()):
            _gather(chunks, needed, seen)
