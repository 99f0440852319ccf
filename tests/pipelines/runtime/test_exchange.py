"""Exchange of models in the real sandbox: what it reads, that it ends what does not end, and that nothing is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.exchange.asked import Asked
from pipelines.exchange.stored import check_signature
from pipelines.execution import targets
from pipelines.execution.targets import errand
from pipelines.runtime import exchange
from pipelines.runtime.storage.artifacts import store
from pipelines.serving.signature import Column, Signature
from tests.support.foreign_models import lightgbm_text, mlflow_folder

pytestmark = pytest.mark.processes
SCOPE = "exchange"


def left() -> list[Path]:
    return list(store(SCOPE).scratch().parent.iterdir())


def test_a_file_is_read_in_the_sandbox_and_refused_there(monkeypatch: pytest.MonkeyPatch) -> None:
    digest, _ = store(SCOPE).keep_bytes(lightgbm_text())
    output, found = exchange.import_model(SCOPE, digest, Asked(file_name="model.txt", label="bought"))
    assert (output.kind, output.by_code, found.facts["task"], found.facts["label"]) == ("model", True, "two_class", "bought")
    assert store(SCOPE).has(output.digest)
    broken, _ = store(SCOPE).keep_bytes(mlflow_folder("  onnx:\n    data: ../../../etc/passwd\n", {}))
    with pytest.raises(ModuleError) as caught:
        exchange.import_model(SCOPE, broken, Asked())
    assert (caught.value.code, left()) == ("missing_file", [])


def test_what_the_process_says_is_not_believed() -> None:
    facts = {"name": "A", "features": [("a", "Float64")]}
    own = Signature((Column("a", "number", "Float64"),), (Column("Scored Labels", "number", "Float64"),))
    check_signature(own, facts)
    for signature, other in (
        (msgspec.structs.replace(own, inputs=(Column("b", "number", "Float64"),)), facts),
        (msgspec.structs.replace(own, outputs=(Column("y", "number", "Config"),)), facts),
        (own, facts | {"name": "A" * 201}),
    ):
        with pytest.raises(ModuleError, match="no model"):
            check_signature(signature, other)


def test_what_does_not_end_is_ended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LIMITS", replace(exchange.LIMITS, seconds=0.2))
    digest, _ = store(SCOPE).keep_bytes(lightgbm_text())
    with pytest.raises(ModuleError) as caught:
        exchange.import_model(SCOPE, digest, Asked())
    assert (caught.value.code, "time limit" in caught.value.words, left()) == ("took_too_long", True, [])


def test_without_a_sandbox_nothing_is_read_unless_the_installation_trusts_its_scripts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def none(*_: Any) -> None:
        raise ModuleError("no_sandbox", "This machine cannot create the sandbox.", remedy="Install bubblewrap.")

    monkeypatch.setattr(errand, "require", none)
    (tmp_path / "outputs").mkdir()
    with pytest.raises(ModuleError, match="cannot create"):
        errand.run_errand("platform", tmp_path, targets.Limits())
    monkeypatch.setenv("EASEL_TRUST_SCRIPTS", "1")
    assert errand.run_errand("platform", tmp_path, targets.Limits(seconds=60)).startswith(b"Linux")
