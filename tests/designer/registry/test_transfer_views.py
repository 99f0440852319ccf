"""Importing files as versions, and versions as ONNX files, by REST."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer.audit.models import AuditEntry
from designer.datasets.quota import in_datasets
from designer.registry import tasks, transfer_views
from designer.registry.models import ModelImport, ModelVersion, OnnxFile, RegisteredModel
from pipelines import flow
from tests.designer.conftest import Team
from tests.designer.registry.conftest import content_of, register, trained, upload
from tests.support.foreign_models import INPUTS, REFUSED_AT_ONCE, SKLEARN, lightgbm_text, mlflow_folder, pickled, pipeline, skops_of

FEATURES = json.dumps([{"name": "power"}, {"name": "make", "type": "text"}])


def fault(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    return found


def test_a_file_becomes_a_version_with_its_signature_and_what_was_taken_from_where(team: Team, worker: None) -> None:
    made = upload(team, skops_of(pipeline()), label="bought", note="from Ada", features=FEATURES)
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["name"], told["version"], told["new"], told["fault"]) == ("done", "bought", 1, True, None)
    assert "The inputs are as given." not in told["notes"] and any("missing values" in note for note in told["notes"])
    seen = team.client("viewer").get(f"/api/models/{told['model']}/versions/1/").json()
    assert (seen["title"], seen["by_code"], seen["note"], seen["created_by"]) == ("LogisticRegression", True, "from Ada", "Editor")
    origin = seen["origin"]
    assert (origin["imported"], origin["imported_as"], origin["run"], origin["model"]["label"]) == ("model.skops", "skops", "", "bought")
    assert [(column["name"], column["type"]) for column in seen["signature"]["inputs"]] == [("power", "number"), ("make", "text")]
    assert seen["signature"]["example"] == {"power": 1.0, "make": "bmw"} and origin["notes"] == told["notes"]
    row = AuditEntry.objects.get(action="model.import")
    assert (row.kind, row.name, row.details) == ("model", "bought", {"name": "bought"})
    assert team.client("viewer").get(f"/api/models/imports/{told['id']}/").json() == told
    assert ModelVersion.objects.get().digest in in_datasets(team.workspace)


def test_equal_content_gives_the_version_that_has_it_and_another_file_the_next(team: Team, worker: None) -> None:
    folder = mlflow_folder(SKLEARN, {"model.skops": skops_of(pipeline(False))}, INPUTS)
    first, again = upload(team, folder, file_name="model.zip"), upload(team, folder, file_name="model.zip")
    assert (first.status_code, again.status_code, again.json()["version"], again.json()["new"]) == (201, 200, 1, False)
    assert upload(team, lightgbm_text(), file_name="model.txt").json()["version"] == 2
    compared = team.client("viewer").get(f"/api/models/{first.json()['model']}/compare/?versions=1,2").json()
    assert compared["compatibility"][1]["verdict"] == "breaking"  # classes in place of a number


def test_what_easel_wrote_comes_back_as_it_was(team: Team, two: str, worker: None) -> None:
    skops = content_of(team.client("viewer").get(f"/api/models/{two}/versions/1/download/?as=skops"))
    back = upload(team, skops, "again").json()
    version = ModelVersion.objects.get(model=back["model"])
    assert version.digest == ModelVersion.objects.get(model=two, number=1).digest and version.output.by_code
    folder = content_of(team.client("viewer").get(f"/api/models/{two}/versions/1/download/?as=mlflow"))
    assert (upload(team, folder, "again", file_name="line-v1-mlflow.zip").json()["new"]) is False
    assert upload(team, skops, "line").json()["version"] == 1  # the version that a run made


@pytest.mark.parametrize("what", REFUSED_AT_ONCE)
def test_what_is_no_model_is_refused_at_once_and_leaves_nothing(what: str, team: Team) -> None:
    code, made, name = REFUSED_AT_ONCE[what]
    content = made()
    refused = upload(team, content, file_name=name)
    assert refused.status_code == (400 if not content else 422)
    assert fault(refused)["field"] == "file" and fault(refused)["words"] and (not content or fault(refused)["code"] == code)
    assert not ModelImport.objects.exists() and not RegisteredModel.objects.exists()


@pytest.mark.parametrize(
    ("content", "fields", "code", "field"),
    [
        (lambda: skops_of(pipeline()), {"task": "regression"}, "wrong_task", "task"),
        (lambda: skops_of(pipeline()), {"features": '[{"name": "power"}]'}, "wrong_signature", "features"),
        (lambda: skops_of(pipeline()), {"classes": '["a", "b"]'}, "wrong_classes", "classes"),
        (lambda: mlflow_folder(SKLEARN, {"model.skops": pickled()}), {}, "pickle_refused", "file"),
        (lambda: lightgbm_text()[:2000], {}, "damaged", "file"),
    ],
)
def test_what_a_worker_finds_wrong_is_refused_with_field_and_remedy(
    content: Any, fields: dict[str, str], code: str, field: str, team: Team, worker: None
) -> None:
    refused = upload(team, content(), **fields)
    assert (refused.status_code, fault(refused)["code"], fault(refused)["field"]) == (422, code, field)
    assert fault(refused)["remedy"] and not ModelVersion.objects.exists()
    row = ModelImport.objects.get()
    assert (row.state, row.fault["code"], row.lease_until) == ("failed", code, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "No name"}, "name"),
        ({"features": "power"}, "features"),
        ({"features": '[{"name": "a", "type": "date"}]'}, "features"),
        ({"features": '[{"nam": "a"}]'}, "features"),
        ({"features": '[{"name": ""}]'}, "features"),
        ({"classes": "[1, 2]"}, "classes"),
        ({"classes": '["no", "y\\u0000"]'}, "classes"),
        ({"task": "clustering"}, "task"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_with_its_field(fields: dict[str, str], field: str, team: Team) -> None:
    refused = upload(team, lightgbm_text(), **fields)
    assert (refused.status_code, fault(refused)["field"]) == (400, field) and not ModelImport.objects.exists()


def test_without_a_worker_the_import_is_answered_and_made_later(team: Team, worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_views, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(flow, "send", lambda *_: False)
    waiting = upload(team, lightgbm_text())
    assert (waiting.status_code, waiting.json()["state"]) == (202, "going")
    assert ModelImport.objects.get().digest in in_datasets(team.workspace)
    ModelImport.objects.update(attempt=1)  # of a worker that is gone
    tasks.resume()
    told = team.client("viewer").get(f"/api/models/imports/{waiting.json()['id']}/").json()
    assert (told["state"], told["version"]) == ("done", 1)


def test_three_lost_workers_end_it_with_the_reason(team: Team, worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_views, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(flow, "send", lambda *_: False)
    upload(team, lightgbm_text())
    ModelImport.objects.update(attempt=tasks.MOST_ATTEMPTS)
    tasks.resume()
    row = ModelImport.objects.get()
    assert (row.state, "workers were lost" in row.fault["words"]) == ("failed", True) and not ModelVersion.objects.exists()


def test_viewers_and_others_import_nothing(team: Team) -> None:
    for who, status in (("viewer", 403), ("foreign", 404)):
        assert upload(team, lightgbm_text(), who=who).status_code == status
    assert not ModelImport.objects.exists()


def test_an_onnx_file_is_written_once_with_its_difference(team: Team, two: str, worker: None) -> None:
    pytest.importorskip("onnx", reason="the extra onnx is not installed")
    at = f"/api/models/{two}/versions/1/"
    viewer, editor = team.client("viewer"), team.client("editor")
    assert viewer.get(at + "onnx/").status_code == 404 and fault(viewer.get(at + "download/?as=onnx"))["code"] == "not_converted"
    assert viewer.post(at + "onnx/").status_code == 403 and viewer.get(at).json()["onnx"] is None
    assert editor.post(at + "onnx/").status_code == 202
    told = viewer.get(at + "onnx/").json()
    assert (told["state"], told["difference"]["rows"], told["difference"]["labels"], told["fault"]) == ("done", 20, 0, None)
    assert viewer.get(at).json()["onnx"] == told
    assert told["difference"]["largest"] < 1e-12 and told["difference"]["words"] == "20 rows at score.table of its run"
    file = viewer.get(at + "download/?as=onnx")
    content = content_of(file)
    assert file["Content-Disposition"].endswith('line-v1.onnx"') and len(content) == told["bytes"] and b"20 rows at score.table" in content
    assert OnnxFile.objects.get().digest in in_datasets(team.workspace)
    assert editor.post(at + "onnx/").json() == told and OnnxFile.objects.get().attempt == 1
    assert AuditEntry.objects.filter(action="model.convert").count() >= 2
    back = upload(team, content, "again", file_name="line.onnx").json()
    assert back["state"] == "done"


def test_what_does_not_convert_says_why_and_may_be_tried_again(team: Team, worker: None) -> None:
    pytest.importorskip("onnx", reason="the extra onnx is not installed")
    at = f"/api/models/{upload(team, lightgbm_text()).json()['model']}/versions/1/"
    editor = team.client("editor")
    editor.post(at + "onnx/")
    told = editor.get(at + "onnx/").json()
    assert (told["state"], told["fault"]["code"], "imported" in told["fault"]["words"]) == ("failed", "not_exported", True)
    assert fault(editor.get(at + "download/?as=onnx"))["words"] == told["fault"]["words"]
    first = OnnxFile.objects.get().pk
    editor.post(at + "onnx/")
    assert OnnxFile.objects.get().pk != first


def test_a_run_that_is_gone_leaves_made_rows_to_measure_on(team: Team, worker: None) -> None:
    pytest.importorskip("onnx", reason="the extra onnx is not installed")
    run = trained(team)
    at = f"/api/models/{register(team, run).json()['id']}/versions/1/onnx/"
    ModelVersion.objects.update(run="gone")
    team.client("editor").post(at)
    told = team.client("editor").get(at).json()["difference"]
    assert (told["rows"], "made by the signature" in told["words"]) == (200, True)
