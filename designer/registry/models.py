"""The model registry: models with numbered versions, and aliases that move between them. Files are in the store; these tables refer to them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db import models

from designer.workspaces.models import Workspace, new_id
from pipelines.flow import Output
from pipelines.models import Leased

LONGEST_NAME = 64


class Stage(models.TextChoices):
    """What people have decided about a version. Whether it is served is derived, and not set."""

    CANDIDATE = "candidate"
    APPROVED = "approved"
    RETIRED = "retired"


class RegisteredModel(models.Model):
    """A name with versions. `last_number` is the number of the newest version that ever was: numbers are not used again.

    `gates` are the conditions that a version must meet before it is approved or gets an alias.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="registered_models")
    name = models.CharField(max_length=LONGEST_NAME)
    description = models.CharField(max_length=2000, blank=True)
    last_number = models.PositiveIntegerField(default=0)
    gates = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_model_per_name")]

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """A name that a model had: pipelines and programs that use it still find the model."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    model = models.ForeignKey(RegisteredModel, models.CASCADE, related_name="former_names")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_model_per_former_name")]


class ModelVersion(models.Model):
    """A version: content that does not change, known by its digest, and what is known of its origin.

    `record` is the engine's record of the output; `origin` are the facts of the run that made it, `signature` its inputs and outputs, `metrics` the
    figures of the run's evaluations; all as they were when it was registered, since runs are cleaned up.
    """

    model = models.ForeignKey(RegisteredModel, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    record: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    run = models.CharField(max_length=32, blank=True, db_index=True)
    origin = models.JSONField(default=dict)
    signature = models.JSONField(null=True)
    metrics = models.JSONField(default=list)
    note = models.CharField(max_length=2000, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.CANDIDATE)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "number"], name="one_model_version_per_number"),
            models.UniqueConstraint(fields=["model", "digest"], name="one_model_version_per_content"),
        ]

    @property
    def output(self) -> Output:
        """The engine's record of the model."""
        return Output.from_json(self.record)


class Alias(models.Model):
    """A word that names one version of a model, and may be moved to another."""

    model = models.ForeignKey(RegisteredModel, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=LONGEST_NAME)
    version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="aliases")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["model", "name"], name="one_alias_per_name")]


class Change(models.Model):
    """A decision about a model: an alias was moved, or a version has another stage. Rows are added and never changed.

    Of an alias, `before` and `after` are numbers of versions, null where it was or is nowhere. Of a stage, `number` is the version, and `stage_before` and
    `stage_after` its stages. `met` are the conditions that were checked.
    """

    model = models.ForeignKey(RegisteredModel, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    why = models.CharField(max_length=500, blank=True)
    alias = models.CharField(max_length=LONGEST_NAME, blank=True)
    before = models.PositiveIntegerField(null=True)
    after = models.PositiveIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    stage_before = models.CharField(max_length=10, blank=True)
    stage_after = models.CharField(max_length=10, blank=True)
    met = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["model", "alias", "-at"], name="alias_history")]


class TransferState(models.TextChoices):
    """The state of an import or of a file that is written."""

    GOING = "going"
    DONE = "done"
    FAILED = "failed"


class Transfer(Leased):
    """Work on a file of a model, which a worker holds while it does it. `fault` says why it failed: code, words, remedy, and the field of a form."""

    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.GOING)
    fault: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    asked_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True


class ModelImport(Transfer):
    """A file that becomes a version. `digest` is that of the file in the store, `asked` what was said of it, `notes` what was taken from where."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    note = models.CharField(max_length=2000, blank=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    asked = models.JSONField(default=dict)
    version = models.ForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="+")
    is_new = models.BooleanField(default=True)


class OnnxFile(Transfer):
    """A version as an ONNX file, and how its answers differ from those of the model."""

    version = models.OneToOneField(ModelVersion, models.CASCADE, related_name="onnx")
    digest = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    difference: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
