"""Validation of reports from user code: the canvas shows their blocks without changes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

MOST_BYTES = 16 * 1024**2
PICTURE = r"^data:image/png;base64,[A-Za-z0-9+/]+={0,2}$"
THUMBNAIL = PICTURE.replace("png", "(?:png|jpeg)")


class _Head(msgspec.Struct):
    key: str
    title: str
    better: Literal["high", "low"] | None


class _Row(msgspec.Struct):
    name: str
    values: dict[str, float | str | None]
    rows: float | None = None
    intervals: dict[str, tuple[float, float]] = {}


class _Figures(msgspec.Struct, tag="figures"):
    title: str
    columns: list[_Head]
    rows: list[_Row]


class _Chart(msgspec.Struct, tag="chart"):
    title: str
    description: str
    spec: dict[str, Any]
    role: str = ""


class _Table(msgspec.Struct, tag="table"):
    title: str
    columns: list[str]
    rows: list[list[float | str | bool | None]]


class _ThresholdModel(msgspec.Struct):
    name: str
    positive: str
    negative: str
    auc: float | None
    thresholds: list[float]
    tp: list[float]
    fp: list[float]
    tn: list[float]
    fn: list[float]
    weighed: bool = False
    at: float = 0.5


class _Threshold(msgspec.Struct, tag="threshold"):
    title: str
    models: list[_ThresholdModel]


class _Picture(msgspec.Struct, tag="picture"):
    title: str
    image: Annotated[str, msgspec.Meta(pattern=PICTURE)]


class _Image(msgspec.Struct):
    image: Annotated[str, msgspec.Meta(pattern=THUMBNAIL)]
    name: str
    label: str | None
    size: str


class _Pictures(msgspec.Struct, tag="pictures"):
    title: str
    pictures: list[_Image]


class _Metrics(msgspec.Struct):
    name: str
    metrics: dict[str, float | None]


class _Report(msgspec.Struct):
    title: str
    blocks: list[_Figures | _Chart | _Table | _Threshold | _Picture | _Pictures]
    metrics: list[_Metrics]


_decoder = msgspec.json.Decoder(_Report)


def check(text: bytes) -> None:
    """Check that a script's report has the form that the canvas shows.

    Raises:
        ValueError: When it does not, or is too large.
    """
    if len(text) > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES // 1024**2} MB")
    _decoder.decode(text)
