"""What an isolated process is told, and what it answers; the answer is untrusted."""

from __future__ import annotations

import msgspec

from pipelines.exchange.asked import Asked, Difference, Imported
from pipelines.serving.signature import Signature


class Order(msgspec.Struct):
    """With `asked` the file is read as a model; else the model in it is written as ONNX.

    `signature` is that of the model, `words` tell which rows it is measured on.
    """

    memory_bytes: int
    disk_bytes: int
    processes: int
    asked: Asked | None = None
    signature: Signature | None = None
    words: str = ""


class Fault(msgspec.Struct):
    """Why it was not done."""

    code: str
    words: str
    remedy: str = ""
    param: str = ""
    column: str = ""


class Ended(msgspec.Struct):
    """One of the three."""

    imported: Imported | None = None
    difference: Difference | None = None
    fault: Fault | None = None
