"""Several small pictures on one page, in the product's own type and colours."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page

# Of the 256 colours of a picture.
EXACT = 72
STYLE = """
  body { margin: 0; padding: 24px; background: var(--canvas); color: var(--text); font: var(--t-dense); overflow: auto; }
  main { display: grid; grid-template-columns: repeat(var(--columns), max-content); gap: 20px; justify-content: start; }
  figure { margin: 0; }
  figcaption { margin-bottom: 8px; }
  figcaption b { font-weight: 600; }
  figcaption span { margin-left: 8px; color: var(--text-soft); font: var(--t-small); }
  img { display: block; border: 1px solid var(--line); border-radius: 10px; }
"""


class Shot(NamedTuple):
    """A small picture with its caption."""

    title: str
    words: str
    png: bytes


class Box(NamedTuple):
    """A part of a window, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def clip(self) -> FloatRect:
        return FloatRect(x=self.x, y=self.y, width=self.width, height=self.height)


def around(of: Locator, width: float, height: float) -> Box:
    """A part of the window with something in its middle."""
    box = of.bounding_box()
    assert box is not None
    return Box(max(0, box["x"] + box["width"] / 2 - width / 2), max(0, box["y"] + box["height"] / 2 - height / 2), width, height)


def small(png: bytes, width: int) -> bytes:
    """A whole window at the width of a cell."""
    image, out = Image.open(io.BytesIO(png)), io.BytesIO()
    image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS).save(out, "png")
    return out.getvalue()


def sheet(page: Page, shots: list[Shot], columns: int, to: Path) -> None:
    """Lay them out on a page of the product, and keep the picture of it."""
    figures = "".join(
        f"<figure><figcaption><b>{shot.title}</b><span>{shot.words}</span></figcaption>"
        f'<img src="data:image/png;base64,{base64.b64encode(shot.png).decode()}"></figure>'
        for shot in shots
    )
    body = f"<style>{STYLE}</style><main style='--columns: {columns}'>{figures}</main>"
    page.evaluate("body => { document.body.innerHTML = body }", body)
    page.evaluate("() => Promise.all([...document.images].map((image) => image.decode()))")
    width, height = page.evaluate(
        "() => { const box = document.querySelector('main').getBoundingClientRect(); return [box.width, box.height] }"
    )
    page.set_viewport_size({"width": round(width) + 48, "height": round(height) + 48})
    keep(page.screenshot(), to)


def keep(png: bytes, to: Path) -> None:
    """With 256 colours, which is a third of the size: the commonest stay as they are, so that surfaces keep their steps; the others are near."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    colours, at, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(-counts)
    exact, rest = colours[order[:EXACT]], colours[order[EXACT:]]
    palette = np.concatenate([exact, _spread(rest, 256 - len(exact))])
    nearest = np.array([((palette.astype(int) - colour) ** 2).sum(axis=1).argmin() for colour in colours.astype(int)], np.uint8)
    image = Image.fromarray(nearest[at].reshape(pixels.shape[:2]), "P")
    image.putpalette(palette.astype(np.uint8).tobytes())
    image.save(to, optimize=True)
    print(to)


def _spread(colours: NDArray[np.uint8], most: int) -> NDArray[np.uint8]:
    """As many colours as stand well for all of these."""
    if len(colours) <= most:
        return colours
    line = Image.fromarray(colours[np.newaxis]).quantize(most, method=Image.Quantize.MEDIANCUT)
    return np.array(line.getpalette(), np.uint8).reshape(-1, 3)[:most]
