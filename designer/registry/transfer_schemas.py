"""What the API of imports and of ONNX files takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.registry import models
from designer.registry.models import TransferState
from pipelines.exchange.asked import TASKS


class TransferFault(msgspec.Struct):
    """Why an import or a conversion failed, and what to do. `field` is that of the form."""

    code: str
    words: str
    remedy: str = ""
    field: str = ""


class ModelImport(msgspec.Struct):
    """An import of a file. When it is done, `model` and `version` are the version; `new` is false when equal content was there."""

    id: str
    workspace: str
    name: str
    file_name: str
    state: TransferState
    model: str | None
    version: int | None
    new: bool
    notes: list[str]
    fault: TransferFault | None
    asked_at: Instant

    @classmethod
    def of(cls, row: models.ModelImport) -> Self:
        """An import's row."""
        version = row.version
        return cls(
            id=row.pk,
            workspace=row.workspace_id,
            name=version.model.name if version else row.name,
            file_name=row.file_name,
            state=TransferState(row.state),
            model=version.model_id if version else None,
            version=version.number if version else None,
            new=row.is_new,
            notes=version.origin.get("notes", []) if version else [],
            fault=fault_of(row),
            asked_at=row.asked_at,
        )


class OnnxDifference(msgspec.Struct):
    """How the answers of an ONNX file differ from those of the model, on `rows` rows.

    `largest` is the largest difference of numbers and probabilities, `relative` that divided by the larger of 1 and the value, `labels` the rows that get
    another label; `bits` are those of the numbers that the learner computes with.
    """

    rows: int
    largest: float
    relative: float
    labels: int
    words: Annotated[str, msgspec.Meta(description="Which rows these are.")]
    bits: int


class OnnxFile(msgspec.Struct):
    """A version as an ONNX file."""

    state: TransferState
    bytes: int
    difference: OnnxDifference | None
    fault: TransferFault | None
    asked_at: Instant

    @classmethod
    def of(cls, row: models.OnnxFile) -> Self:
        """The row of a file."""
        difference = msgspec.convert(row.difference, OnnxDifference) if row.difference else None
        return cls(TransferState(row.state), row.bytes, difference, fault_of(row), row.asked_at)


def fault_of(row: models.Transfer) -> TransferFault | None:
    """Why it failed."""
    return msgspec.convert(row.fault, TransferFault) if row.fault else None


class JSONList(serializers.JSONField):
    """A list in the text of a form's field; empty for none."""

    def to_internal_value(self, data: Any) -> Any:
        return [] if data == "" else super().to_internal_value(data)


class ImportSerializer(serializers.Serializer[Any]):
    """A file to import as a version, and what it does not say of itself."""

    file = serializers.FileField(
        help_text="skops, ONNX, LightGBM text, XGBoost JSON or UBJSON, or an MLflow model folder as a ZIP archive."
    )
    workspace = serializers.CharField(required=False, allow_blank=True, max_length=64)
    name = serializers.CharField(max_length=200, help_text="The name of the model, which is created if it is new.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    task = serializers.ChoiceField(choices=TASKS, required=False, allow_blank=True, help_text="Read from the file if it is empty.")
    label = serializers.CharField(  # type: ignore[assignment]  # a field, which the metaclass takes out of the class
        required=False, allow_blank=True, max_length=200, help_text="The column that it predicts."
    )
    features = JSONList(
        required=False,
        binary=True,
        help_text='The inputs in the order of the model, as JSON: [{"name": "age", "type": "number"}]; types are number, integer, text and boolean.',
    )
    classes = JSONList(required=False, binary=True, help_text='The classes as JSON: ["no", "yes"]; of two, the positive one last.')
