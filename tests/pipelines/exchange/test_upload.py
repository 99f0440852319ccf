"""What a file is, by its first bytes and the directory of an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.exchange import upload
from pipelines.exchange.upload import Upload, identify
from tests.support.foreign_models import REFUSED_AT_ONCE, SKLEARN, lightgbm_text, mlflow_folder, packed, pipeline, skops_of


@pytest.mark.parametrize("what", REFUSED_AT_ONCE)
def test_what_is_no_model_or_is_dangerous_is_refused_with_a_remedy(what: str, tmp_path: Path) -> None:
    code, made, name = REFUSED_AT_ONCE[what]
    (tmp_path / "file").write_bytes(made())
    with pytest.raises(ModuleError) as caught:
        identify(tmp_path / "file", name)
    assert caught.value.code == code and caught.value.words and caught.value.remedy
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(upload, "MOST_BYTES", 10)
    (tmp_path / "file").write_bytes(b"tree\n" + b"a" * 20)
    with pytest.raises(ModuleError, match="25 bytes; a model may have 10"):
        identify(tmp_path / "file", "model.txt")


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (lambda: skops_of(pipeline()), Upload("skops")),
        (lambda: mlflow_folder(SKLEARN, {"model.skops": b"a"}), Upload("mlflow")),
        (lambda: mlflow_folder(SKLEARN, {"model.skops": b"a"}, folder="model/"), Upload("mlflow", "model/")),
        (lightgbm_text, Upload("lightgbm")),
        (lambda: b'{"learner":{"attributes":{}},"version":[3,2,0]}', Upload("xgboost")),
        (lambda: b"{L\0\0\0\0\0\0\0\x07learner{", Upload("xgboost")),
        (lambda: b"\x08\x0a\x12\x05Easel", Upload("onnx")),
        (lambda: packed({"schema.json": "{}", "1.npy": b"a"}), Upload("skops")),
    ],
)
def test_formats_are_told_by_content_whatever_the_name(made: Any, found: Upload, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(made())
    assert identify(tmp_path / "file", "anything.dat") == found
