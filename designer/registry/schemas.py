"""What the API of the model registry takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.registry import models
from designer.registry.gates import Gate, read_gates
from designer.registry.models import Stage
from designer.registry.transfer_schemas import OnnxFile
from designer.registry.uses import Use

EXPECTED = "The version that the alias names now, as you believe; null for none. Refused if somebody moved it."


class Figure(msgspec.Struct):
    """A figure of an evaluation of the run that made a version."""

    node: str
    evaluation: str
    model: str
    rows: int | None
    key: str
    title: str
    better: Literal["high", "low"] | None
    value: float
    interval: Annotated[tuple[float, float] | None, msgspec.Meta(description="95\u00a0% confidence interval, where one is known.")]


class OriginPipeline(msgspec.Struct):
    """The pipeline that made a version, and the SHA-256 of its graph as it ran."""

    id: str | None
    name: str
    digest: str


class OriginStep(msgspec.Struct):
    """A step that a version depends on: its settings, and the hash of its code."""

    node: str
    title: str
    module: str
    code: str | None
    settings: dict[str, Any]


class OriginDataset(msgspec.Struct):
    """Data, or a parent model, that a version was made of."""

    node: str
    name: str | None
    version: int | None
    digest: str
    kind: str


class ModelFacts(msgspec.Struct):
    """What the file of a model says of it."""

    name: str
    task: str
    label: str = ""
    features: list[tuple[str, str]] = []
    classes: list[str] | None = None
    settings: dict[str, Any] = {}


class Origin(msgspec.Struct):
    """Run, pipeline, data, code, libraries and settings that made a version; without a run, what it was imported from."""

    model: ModelFacts
    run: str = ""
    node: str = ""
    port: str = ""
    pipeline: OriginPipeline | None = None
    run_by: str = ""
    run_at: Instant | None = None
    receipt: str = ""
    parameters: dict[str, Any] = {}
    libraries: dict[str, str] = {}
    steps: list[OriginStep] = []
    datasets: list[OriginDataset] = []
    imported: Annotated[str, msgspec.Meta(description="The file that it was imported from.")] = ""
    imported_as: Annotated[str, msgspec.Meta(description="The format of that file.")] = ""
    notes: Annotated[list[str], msgspec.Meta(description="What was taken from where when it was imported.")] = []


class ModelColumn(msgspec.Struct):
    """An input or output of a model, as the rows of the run had it."""

    name: str
    type: str
    nullable: bool
    categories: list[str] | None = None
    low: float | None = None
    high: float | None = None


class ModelSignature(msgspec.Struct):
    """Inputs, outputs and one example row."""

    inputs: list[ModelColumn]
    outputs: list[ModelColumn]
    example: dict[str, Any]


class ModelVersionBrief(msgspec.Struct):
    """A version as lists show it."""

    number: int
    stage: Stage
    aliases: list[str]
    title: Annotated[str, msgspec.Meta(description="What trained it, such as Linear Regression.")]
    digest: str
    bytes: int
    metrics: list[Figure]
    note: str
    created_at: Instant
    created_by: str

    @classmethod
    def of(cls, row: models.ModelVersion, **more: Any) -> Self:
        """A version's row."""
        return cls(
            number=row.number,
            stage=Stage(row.stage),
            aliases=sorted(alias.name for alias in row.aliases.all()),
            title=row.origin["model"]["name"],
            digest=row.digest,
            bytes=row.record["bytes"],
            metrics=msgspec.convert(row.metrics, list[Figure]),
            note=row.note,
            created_at=row.created_at,
            created_by=row.created_by,
            **more,
        )


class ModelVersion(ModelVersionBrief, kw_only=True):
    """A version with its signature, its origin and what uses it."""

    id: str
    model: str
    model_name: str
    kind: str
    signature: ModelSignature | None
    origin: Origin
    used_by: list[Use]
    serving: Annotated[bool, msgspec.Meta(description="Whether something serves it now. It is derived, and cannot be set.")]
    onnx: Annotated[OnnxFile | None, msgspec.Meta(description="The ONNX file, once somebody has asked for it.")]
    by_code: Annotated[bool, msgspec.Meta(description="Whether code of a person made it; it is loaded in isolation only.")]


class RegisteredModel(msgspec.Struct):
    """A registered model with its versions, the newest first."""

    id: str
    workspace: str
    name: str
    former_names: list[str]
    description: str
    aliases: dict[str, int]
    versions: list[ModelVersionBrief]
    gates: Annotated[list[Gate], msgspec.Meta(description="What a version must meet before it is approved, or gets an alias.")]
    created_at: Instant
    created_by: str

    @classmethod
    def of(cls, row: models.RegisteredModel) -> Self:
        """A model's row, with what `queries.whole` fetches."""
        versions = sorted(row.versions.all(), key=lambda version: -version.number)
        return cls(
            id=row.pk,
            workspace=row.workspace_id,
            name=row.name,
            former_names=sorted(former.name for former in row.former_names.all()),
            description=row.description,
            aliases={alias.name: version.number for version in versions for alias in version.aliases.all()},
            versions=[*map(ModelVersionBrief.of, versions)],
            gates=read_gates(row),
            created_at=row.created_at,
            created_by=row.created_by,
        )


class Registered(msgspec.Struct):
    """What registering gave."""

    id: str
    name: str
    version: int
    new: Annotated[bool, msgspec.Meta(description="False when a version with equal content was there, which is given.")]


class RegistryChange(msgspec.Struct):
    """A decision: an alias was moved, or a version has another stage."""

    at: Instant
    who: str
    why: str
    alias: str
    before: int | None
    after: int | None
    number: int | None
    stage_before: str
    stage_after: str
    met: Annotated[list[str], msgspec.Meta(description="The conditions that were checked.")]

    @classmethod
    def of(cls, row: models.Change) -> Self:
        """A row of the history."""
        return cls(row.at, row.who, row.why, row.alias, row.before, row.after, row.number, row.stage_before, row.stage_after, row.met)


class Aliases(msgspec.Struct):
    """The version that each alias names, or named at a moment."""

    aliases: dict[str, int]


class RegisterSerializer(serializers.Serializer[Any]):
    """The output of a run to register, and the name of the model, which is created if it is new."""

    run = serializers.CharField(max_length=64)
    node = serializers.CharField(max_length=64)
    port = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ModelEditSerializer(serializers.Serializer[Any]):
    """What may be changed of a model. Its former names still lead to it."""

    name = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ModelVersionEditSerializer(serializers.Serializer[Any]):
    """What may be changed of a version: its note."""

    note = serializers.CharField(allow_blank=True, max_length=2000)


class StageSerializer(serializers.Serializer[Any]):
    """A stage, and the reason for the history."""

    stage = serializers.ChoiceField(choices=Stage.values)
    why = serializers.CharField(required=False, allow_blank=True, max_length=500)


class AliasSerializer(serializers.Serializer[Any]):
    """The version that an alias is to name."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    expected = serializers.IntegerField(min_value=1, max_value=2**31 - 1, allow_null=True, help_text=EXPECTED)
    why = serializers.CharField(required=False, allow_blank=True, max_length=500)


class AliasRemovalSerializer(serializers.Serializer[Any]):
    """The query string of an alias's removal."""

    expected = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text=EXPECTED)
    why = serializers.CharField(required=False, allow_blank=True, max_length=500)


class GatesSerializer(serializers.Serializer[Any]):
    """All conditions of a model; those that are left out end."""

    gates = serializers.ListField(
        child=serializers.DictField(),
        help_text="Each with `kind` (parity, signature, figure, approved), `alias` (empty for approving), `figure`, `bound` or `margin`.",
    )


class MomentSerializer(serializers.Serializer[Any]):
    """A moment of the history."""

    at = serializers.DateTimeField(required=False)


class CompareSerializer(serializers.Serializer[Any]):
    """The versions to compare, the first being what the others are compared with."""

    versions = serializers.RegexField(
        r"^\d{1,9}(,\d{1,9}){1,9}\Z", error_messages={"invalid": "Give two to ten numbers of versions, such as 1,2."}
    )
