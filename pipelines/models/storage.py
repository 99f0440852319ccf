"""What stores hold, and which of their files nothing needs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Holding(models.Model):
    """The storage usage of a scope in bytes, as last measured; `counted` is the newest result that is included."""

    scope = models.CharField(primary_key=True, max_length=32)
    of_runs = models.BigIntegerField(default=0)
    of_datasets = models.BigIntegerField(default=0)
    unreferenced = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    counted = models.BigIntegerField(default=0)
    measured_at = models.DateTimeField(null=True)

    @property
    def bytes(self) -> int:
        """Return the total."""
        return self.of_runs + self.of_datasets + self.unreferenced


class Unreferenced(models.Model):
    """A stored file that was unreferenced when garbage collection ran, and since when."""

    scope = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "digest"], name="one_note_per_file")]
