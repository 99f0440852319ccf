"""Names of registered models and of aliases."""

from __future__ import annotations

import re

from designer.http.errors import Refusal
from designer.registry.models import LONGEST_NAME, FormerName, RegisteredModel

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
RESERVED = re.compile(r"latest|v?\d+")
WORDS = f"Use 1 to {LONGEST_NAME} lowercase letters, digits and -, with a letter or digit first."


def check_name(name: str) -> str:
    """Validate the name of a model.

    Raises:
        Refusal: When it has other characters or is too long.
    """
    if not NAME.fullmatch(name):
        words = f"“{name[:70]}” is not a valid name of a model."
        raise Refusal(400, "bad_name", words, remedy=f"{WORDS} For example “{suggested(name)}”.", field="name")
    return name


def check_alias(name: str) -> str:
    """Validate an alias.

    Raises:
        Refusal: When it has other characters, or looks like the number of a version.
    """
    if not NAME.fullmatch(name):
        raise Refusal(400, "bad_alias", f"“{name[:70]}” is not a valid alias.", remedy=WORDS, field="alias")
    if RESERVED.fullmatch(name):
        words = f"“{name}” cannot be an alias: “latest” and numbers name versions themselves."
        raise Refusal(400, "reserved_alias", words, remedy="Choose a word such as champion.", field="alias")
    return name


def suggested(text: str) -> str:
    """A valid name near a text."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_NAME].strip("-") or "model"


def named(workspace: str, name: str) -> RegisteredModel | None:
    """The model of a name, or of a name that it had."""
    if not NAME.fullmatch(name):
        return None
    found = RegisteredModel.objects.filter(workspace=workspace, name=name).first()
    if found is None:
        former = FormerName.objects.filter(workspace=workspace, name=name).select_related("model").first()
        found = former.model if former else None
    return found


def name_taken(name: str) -> Refusal:
    """The refusal of a name that another model has or had."""
    words = f"“{name}” is, or was, the name of another model."
    return Refusal(
        409, "name_taken", words, remedy="Enter another name. Former names stay with their model, so that pipelines find it.", field="name"
    )
