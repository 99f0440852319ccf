"""The isolated process: `python -m pipelines.exchange.job FOLDER` reads `order.json` and writes `outputs/`; its last line of output says how it ended."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.isolation import enter_isolation
from pipelines.exchange.order import Ended, Fault, Order
from pipelines.execution.targets.job import limit


def main(folder: Path) -> None:
    """Do what the order says."""
    order = msgspec.json.decode((folder / "order.json").read_bytes(), type=Order)
    wire = os.dup(1)
    os.dup2(2, 1)  # libraries print to standard error
    limit(order.memory_bytes, order.disk_bytes, order.processes)
    enter_isolation()
    try:
        ended = _done(order, folder)
    except ModuleError as wrong:
        ended = Ended(fault=Fault(wrong.code, wrong.words, wrong.remedy or "", wrong.param or "", wrong.column or ""))
    except (*UNFORESEEN, MemoryError) as stray:
        what = "could not be read as a model" if order.asked else "could not be written as ONNX"
        words = f"The file {what}: {type(stray).__name__}: {' '.join(str(stray).split())[:300]}."
        ended = Ended(fault=Fault("damaged", words, "Export the model again, by current versions of its libraries, or in another format."))
    line = memoryview(b"\n" + msgspec.json.encode(ended) + b"\n")
    while line:
        line = line[os.write(wire, line) :]
    os._exit(0)


def _done(order: Order, folder: Path) -> Ended:
    outputs = folder / "outputs"
    if order.asked is not None:
        from pipelines.exchange.reading import read_model  # what is heavy is loaded for its own order

        return Ended(imported=read_model(folder / "inputs" / "file", order.asked, outputs, outputs / "result"))
    from pipelines.exchange.onnx_writing import write_onnx

    rows = folder / "inputs" / "rows"
    return Ended(
        difference=write_onnx(folder / "inputs" / "file", rows if rows.exists() else None, order.signature, outputs / "result", order.words)
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
