"""Names of datasets in graphs: short, lower case, unique within a workspace."""

from __future__ import annotations

import re
from pathlib import PurePath

from django.db.models import Q

from designer.datasets.models import LONGEST_NAME, Dataset
from designer.http.errors import Refusal
from designer.workspaces.models import Workspace

NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
SUFFIX = 6


def name_from(text: str) -> str:
    """A name derived from a file name or from typed text."""
    stem = _stem(text).strip().lower()
    return re.sub(r"[^a-z0-9]+", "_", stem).strip("_")[: LONGEST_NAME - SUFFIX].strip("_") or "dataset"


def title_from(file_name: str) -> str:
    """A title derived from a file name."""
    stem = _stem(file_name)
    return " ".join("".join(char if char.isprintable() else " " for char in stem).split())[:200] or "Dataset"


def _stem(file_name: str) -> str:
    """A file name without its ending, .tar.gz as a whole."""
    return re.sub(r"(?<=.)\.tar$", "", PurePath(file_name.replace("\\", "/")).stem, flags=re.IGNORECASE)


def seen_from(workspace: Workspace | None, prefix: str = "") -> Q:
    """The datasets that a workspace's graphs may use: its own, and the samples."""
    return Q(**{f"{prefix}workspace": workspace}) | Q(**{f"{prefix}workspace": None})


def free_name(workspace: Workspace | None, wanted: str) -> str:
    """The wanted name, with a number when it is taken."""
    taken = set(Dataset.objects.filter(seen_from(workspace), name__startswith=wanted).values_list("name", flat=True))
    return next(name for name in (wanted, *(f"{wanted}_{number}" for number in range(2, len(taken) + 3))) if name not in taken)


def check_name(dataset: Dataset, name: str) -> str:
    """Validate a new name for a dataset.

    Raises:
        Refusal: When it is invalid or taken.
    """
    if not NAME.fullmatch(name):
        words = f"“{name[:60]}” is not a valid name. Use at most {LONGEST_NAME} lowercase letters, digits and underscores."
        raise Refusal(400, "bad_name", words, remedy=f"Enter “{name_from(name)}”, for example.", field="name")
    if Dataset.objects.filter(seen_from(dataset.workspace), name=name).exclude(pk=dataset.pk).exists():
        raise name_taken(name)
    return name


def name_taken(name: str) -> Refusal:
    """The refusal of a name that another dataset has."""
    return Refusal(409, "name_taken", f"A dataset named “{name}” already exists.", remedy="Enter another name.", field="name")
