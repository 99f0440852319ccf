"""The scripts and styles built by Vite, from its manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

PREFIX = "/static/canvas/"
MANIFESTS = ("canvas/manifest.json", "canvas/.vite/manifest.json")
MAIN, PAGES = "src/main.tsx", "src/site.css"  # the entries of the build
CANVAS = ("src/pages/canvas/prefetch.ts", "src/pages/canvas/CanvasPage.tsx")  # which the application imports when it is opened
Chunks = dict[str, dict[str, Any]]
FONT = "geist-latin-wght-normal"  # of nearly every text; the others load when a page needs them


@dataclass(frozen=True)
class Bundle:
    """The URLs that the page must load."""

    script: str
    preload: tuple[str, ...]
    styles: tuple[str, ...]
    canvas_preload: tuple[str, ...]
    canvas_styles: tuple[str, ...]
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
    if not {MAIN, *CANVAS, PAGES} <= set(chunks):
        return None
    keys = _gather(chunks, {}, MAIN)
    canvas = [key for key in _gather(chunks, {}, *CANVAS) if key not in keys]
    assets = (asset for chunk in chunks.values() for asset in (chunk["file"], *chunk.get("assets", ())))
    font = next((asset for asset in assets if FONT in asset), None)
    return Bundle(
        script=PREFIX + chunks[MAIN]["file"],
        preload=tuple(PREFIX + chunks[key]["file"] for key in keys if key != MAIN),
        styles=_styles(chunks, keys),
        canvas_preload=tuple(PREFIX + chunks[key]["file"] for key in canvas),
        canvas_styles=_styles(chunks, canvas),
        page_styles=(PREFIX + chunks[PAGES]["file"],),
        font=font and PREFIX + font,
    )


def _styles(chunks: Chunks, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(PREFIX + style for key in keys for style in chunks[key].get("css", ())))


def _gather(chunks: Chunks, seen: dict[str, None], *wanted: str) -> dict[str, None]:
    """The chunks that entries import statically, each once."""
    for key in wanted:
        if key not in seen:
            seen[key] = None
            _gather(chunks, seen, *chunks[key].get("imports", ()))
    return seen
