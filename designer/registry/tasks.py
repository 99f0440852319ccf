"""Celery tasks of the registry: read imported files, write ONNX files. The rows are leased, so that a killed worker's work is done by another one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task

from designer.http.errors import Refusal
from designer.registry import transfers
from designer.registry.models import ModelImport, OnnxFile, Transfer, TransferState
from pipelines import flow
from pipelines.catalogue.errors import ModuleError
from pipelines.flow import Damaged

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=20)
MOST_ATTEMPTS = 3
IMPORT_TASK, ONNX_TASK = "registry.import", "registry.onnx"
LOST = {"code": "out_of_memory", "words": f"{MOST_ATTEMPTS} workers were lost while they did it, probably because they ran out of memory."}
Work = Callable[[Any], dict[str, Any]]


@shared_task(name="registry.resume", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def resume() -> None:
    """Do what is left of imports and conversions whose message or worker was lost. Beat calls it."""
    for row in _due(ModelImport).values_list("pk", flat=True):
        read_import(row)
    for row in _due(OnnxFile).values_list("pk", flat=True):
        write_onnx(row)


@shared_task(name=IMPORT_TASK, ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def read_import(pk: str) -> None:
    """Read an imported file as a version, unless another worker does."""
    _do(ModelImport, pk, transfers.imported)


@shared_task(name=ONNX_TASK, ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def write_onnx(pk: int) -> None:
    """Write a version as ONNX, unless another worker does."""
    _do(OnnxFile, pk, transfers.converted)


def _due(kind: type[Transfer]) -> Any:
    return kind._default_manager.filter(kind.unheld(), state=TransferState.GOING)


def _do(kind: type[Transfer], pk: str | int, work: Work) -> None:
    held = kind.claim(_due(kind).filter(pk=pk), LEASE)
    if held is None:
        return
    if held.attempt > MOST_ATTEMPTS:
        held.release(state=TransferState.FAILED, fault=LOST)
        return
    with held.kept(LEASE):
        try:
            found = {"state": TransferState.DONE, **work(held)}
        except ModuleError as wrong:
            fault = {"code": wrong.code, "words": wrong.words, "remedy": wrong.remedy or "", "field": wrong.param or "file"}
            found = {"state": TransferState.FAILED, "fault": fault}
        except Refusal as refused:
            error = refused.body["error"]
            fault = {"code": error["code"], "words": error["words"], "remedy": error["remedy"] or "", "field": error.get("field") or ""}
            found = {"state": TransferState.FAILED, "fault": fault}
        except Damaged:
            fault = {
                "code": "data_lost",
                "words": "The stored file is missing or damaged.",
                "remedy": "Upload it, or register the model, again.",
            }
            found = {"state": TransferState.FAILED, "fault": fault}
        except Exception as stray:
            log.exception("%s %s failed unexpectedly", kind.__name__, pk)
            words = f"It stopped with an unexpected error: {type(stray).__name__}: {str(stray)[:300]}"
            found = {"state": TransferState.FAILED, "fault": {"code": "unexpected_error", "words": words}}
    held.release(**found)


def enqueue(row: Transfer) -> None:
    """Wake a worker for a row. Delivery is best effort: `resume` repeats it."""
    flow.send(IMPORT_TASK if isinstance(row, ModelImport) else ONNX_TASK, row.pk)
