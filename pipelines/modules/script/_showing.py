"""What a script shows: figures of a dict of numbers, pictures of matplotlib, charts of Plotly, Altair and Vega-Lite; they become a report."""

from __future__ import annotations

import base64
import io
import os
import sys
import warnings
from collections.abc import Mapping
from numbers import Real
from typing import Any

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.ports import Report
from pipelines.catalogue.reporting import log
from pipelines.modules.script._plotly import charts_of

MOST_PICTURES = 20
MOST_PICTURE_BYTES = 2 * 1024**2
DOTS_PER_INCH = 100

VEGA_LITE = "application/vnd.vegalite."
PNG = b"\x89PNG\r\n"

Block = Mapping[str, Any]


class Shown:
    """Collects what is shown. Make it before the script runs: matplotlib then draws into memory."""

    def __init__(self) -> None:
        os.environ["MPLBACKEND"] = "agg"
        warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")
        self._blocks: list[Block] = []
        self._metrics: dict[str, float] = {}
        self._pictures = 0

    def add(self, value: Any) -> bool:
        """Take a returned value that is shown; returns whether it is one."""
        if _is_metrics(value):
            self._metrics |= {str(name): float(number) for name, number in value.items()}
        elif figure := _figure_of(value):
            self._draw(figure)
        elif type(value).__module__.startswith("plotly.") and hasattr(value, "to_json"):
            for drawn in charts_of(value):
                self._add_chart(drawn)
        elif spec := _chart_of(value):
            self._add_chart(spec)
        elif png := _png_of(value):
            self.add_picture(png)
        else:
            return False
        return True

    def report(self) -> Report:
        """All that was shown, and the matplotlib figures that are still open."""
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            for number in pyplot.get_fignums():
                self._draw(pyplot.figure(number))
        metrics = [{"name": "main", "metrics": self._metrics}] if self._metrics else []
        return Report("", [*([_figures(self._metrics)] if metrics else []), *self._blocks], metrics)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was shown that was returned or is still open."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        return not (self._blocks or self._metrics or (pyplot and pyplot.get_fignums()))

    def _add_chart(self, spec: Mapping[str, Any]) -> None:
        self._blocks.append({"type": "chart", "title": _title(spec), "description": "A chart from the script.", "spec": spec})

    def add_picture(self, png: bytes, title: str = "") -> None:
        """Take an image; one too many, or one that is too large, is left out and logged."""
        self._pictures += 1
        if self._pictures > MOST_PICTURES:
            if self._pictures == MOST_PICTURES + 1:
                log(f"More than {MOST_PICTURES} images; the rest was left out.", "warning")
        elif len(png) > MOST_PICTURE_BYTES:
            words = f"Image {self._pictures} is larger than {MOST_PICTURE_BYTES // 1024**2} MB and was left out. Draw fewer points."
            log(words, "warning")
        else:
            data = f"data:image/png;base64,{base64.b64encode(png).decode()}"
            self._blocks.append({"type": "picture", "title": title or f"Image {self._pictures}", "image": data})

    def _draw(self, figure: Any) -> None:
        image = io.BytesIO()
        if self._pictures < MOST_PICTURES:
            figure.savefig(image, format="png", dpi=DOTS_PER_INCH, bbox_inches="tight", metadata={"Software": None})
        self.add_picture(image.getvalue(), _heading(figure))
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close(figure)


def _is_metrics(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(number, Real) for number in value.values())


def _figure_of(value: Any) -> Any:
    """The matplotlib figure that a value is or belongs to."""
    if not type(value).__module__.startswith(("matplotlib.", "mpl_toolkits.")):
        return None
    return value if hasattr(value, "savefig") else getattr(value, "figure", None)


def _chart_of(value: Any) -> dict[str, Any] | None:
    """The Vega-Lite specification that a value is or gives: a dict, a chart of Altair, or what shows itself as one in notebooks."""
    if isinstance(value, Mapping):
        return dict(value) if "vega-lite" in str(value.get("$schema", "")) else None
    if type(value).__module__.startswith("altair.") and hasattr(value, "to_dict"):
        spec: dict[str, Any] = _asked(value.to_dict)
        return spec
    return next((dict(spec) for kind, spec in _bundle_of(value).items() if kind.startswith(VEGA_LITE)), None)


def _png_of(value: Any) -> bytes | None:
    """The image as which a value shows itself in notebooks."""
    found = _asked(value._repr_png_) if hasattr(value, "_repr_png_") else _bundle_of(value).get("image/png")
    found = found[0] if isinstance(found, tuple) else found  # with metadata
    png = base64.b64decode(found) if isinstance(found, str) else found
    return png if isinstance(png, bytes) and png.startswith(PNG) else None


def _bundle_of(value: Any) -> Mapping[str, Any]:
    if not hasattr(value, "_repr_mimebundle_"):
        return {}
    found = _asked(value._repr_mimebundle_)
    found = found[0] if isinstance(found, tuple) else found
    return found if isinstance(found, Mapping) else {}


def _asked(show: Any) -> Any:
    """What a value says of how it looks: code of a library on data of a script, so it may fail."""
    try:
        return show()
    except UNFORESEEN as wrong:
        words = f"A returned chart cannot be shown: {' '.join(str(wrong).split())[:300].rstrip('.')}."
        raise ModuleError("wrong_return", words, param="code", remedy="Draw fewer rows, or check the chart.") from wrong


def _title(spec: Mapping[str, Any]) -> str:
    title = spec.get("title")
    return str(title.get("text", "") if isinstance(title, Mapping) else title or "Chart")


def _heading(figure: Any) -> str:
    found = [figure.get_suptitle(), *(axes.get_title() for axes in figure.axes)]
    return next((title for title in found if title), "")


def _figures(metrics: Mapping[str, float]) -> Block:
    heads = [{"key": name, "title": name.replace("_", " "), "better": None} for name in metrics]
    return {"type": "figures", "title": "Metrics", "columns": heads, "rows": [{"name": "main", "values": dict(metrics)}]}
