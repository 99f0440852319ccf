"""Exchange of models with other programs, in a sandbox: read a file as a model, write a model as ONNX."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.exchange.asked import Asked, Difference, Imported
from pipelines.exchange.order import Ended, Order
from pipelines.exchange.stored import KIND, broken, check_signature, checked_facts
from pipelines.execution.output import Output
from pipelines.execution.targets import GIB, JobStopped, Limits
from pipelines.execution.targets.errand import errand_folder, run_errand
from pipelines.execution.targets.job_folder import take_file
from pipelines.runtime.storage.artifacts import store
from pipelines.serving.signature import Signature

PROGRAM = "pipelines.exchange.job"
LIMITS = Limits(memory_bytes=4 * GIB, seconds=300.0, disk_bytes=2 * GIB, processes=64)
REMEDY = "Use a smaller model, or another format."


def import_model(scope: str, digest: str, asked: Asked) -> tuple[Output, Imported]:
    """Read a stored file as a trained model.

    Returns:
        The record of the model, which is loaded in isolation only, and what is known of it.

    Raises:
        ModuleError: When it is not read; with what is wrong with it.
        Damaged: When the stored file is lost.
    """
    out = store(scope).scratch()
    try:
        ended = _run(
            scope, {"file": store(scope).path(digest)}, Order(LIMITS.memory_bytes, LIMITS.disk_bytes, LIMITS.processes, asked=asked), out
        )
        if ended.imported is None:
            raise broken()
        facts = checked_facts(out)
        check_signature(ended.imported.signature, facts)
        stored, size = store(scope).keep(out)
        return Output(KIND, stored, size, by_code=True), msgspec.structs.replace(ended.imported, facts=facts)
    finally:
        out.unlink(missing_ok=True)


def write_onnx(scope: str, digest: str, signature: Signature | None, rows: pl.DataFrame | None, words: str) -> tuple[str, int, Difference]:
    """Write a stored model as ONNX, and measure how its answers differ.

    Args:
        scope: The workspace.
        digest: The model.
        signature: Its signature; without rows, rows are made that follow it.
        rows: Rows with its features to measure on; None if none are kept.
        words: Which rows these are, as a sentence's part.

    Returns:
        The digest of the file in the store, its bytes, and the difference.

    Raises:
        ModuleError: When it cannot be written, with what does not convert.
        Damaged: When the stored model is lost.
    """
    out, given = store(scope).scratch(), store(scope).scratch()
    try:
        files = {"file": store(scope).path(digest)}
        if rows is not None:
            rows.write_ipc(given)
            files["rows"] = given
        order = Order(LIMITS.memory_bytes, LIMITS.disk_bytes, LIMITS.processes, signature=signature, words=words)
        ended = _run(scope, files, order, out)
        if ended.difference is None:
            raise broken()
        return *store(scope).keep(out), ended.difference
    finally:
        for file in (out, given):
            file.unlink(missing_ok=True)


def _run(scope: str, files: dict[str, Path], order: Order, out: Path) -> Ended:
    with errand_folder(store(scope), files) as folder:
        (folder / "order.json").write_bytes(msgspec.json.encode(order))
        try:
            said = run_errand(PROGRAM, folder, LIMITS)
        except JobStopped as wrong:
            words = wrong.words.replace("The process of the step", "Its process").replace("The step", "Its process")
            raise ModuleError(wrong.code, f"The model could not be used: {words[:1].lower()}{words[1:]}", remedy=REMEDY) from wrong
        try:
            ended = msgspec.json.decode(said.strip().rpartition(b"\n")[2], type=Ended)
        except msgspec.MsgspecError as wrong:
            raise broken() from wrong
        if fault := ended.fault:
            raise ModuleError(
                fault.code[:60],
                fault.words[:1000],
                remedy=fault.remedy[:500] or None,
                param=fault.param[:40] or None,
                column=fault.column[:200] or None,
            )
        if not take_file(folder / "outputs" / "result", out, LIMITS.disk_bytes):
            raise broken()
        return ended
