"""Datasets and their versions. Rows are files in the store; these tables refer to them."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from django.conf import settings
from django.db import models
from django.db.models import Q

from designer.workspaces.models import Workspace, new_id
from pipelines.flow import Output
from pipelines.texts.rules import Rules

LONGEST_NAME = 60
SAMPLES = "samples"


class Dataset(models.Model):
    """An uploaded table; without a workspace, a sample that comes with Easel. Graphs refer to it by `name`.

    A saved value of a run, such as a trained model, is a dataset of another `kind`: a port kind of the engine.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, related_name="datasets")
    name = models.CharField(max_length=LONGEST_NAME)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=60, default="table")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_dataset_per_name"),
            models.UniqueConstraint(fields=["name"], condition=Q(workspace=None), name="one_sample_per_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        """The scope of the store that holds its rows."""
        return self.workspace_id or SAMPLES


class DatasetVersion(models.Model):
    """One upload. `bytes` and `digest` are of the table in the store, `file_digest` of the uploaded file, `reading` its parsing rules.

    A saved value has the engine's whole `record` of it in place of those of a file. Versions from before November 2026 have no rules.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    rows = models.BigIntegerField()
    columns = models.JSONField()
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20, null=True)
    notes = models.JSONField(default=list)
    reading = models.JSONField(default=dict)
    record = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["dataset", "number"], name="one_version_per_number")]

    @property
    def rules(self) -> Rules | None:
        """The parsing rules of the file's text; None where they were not recorded."""
        return msgspec.convert(self.reading, Rules) if self.reading else None

    @property
    def output(self) -> Output:
        """The engine's record of the table or the saved value."""
        if self.record is not None:
            return Output.from_json(self.record)
        return Output.from_json(
            {"kind": "table", "digest": self.digest, "bytes": self.bytes, "rows": self.rows, "columns": self.columns, "report": None}
        )
