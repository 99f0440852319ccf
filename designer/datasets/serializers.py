"""What the API of datasets takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.fields import empty

from designer.datasets.models import Dataset, DatasetVersion
from designer.http.errors import Refusal
from designer.http.tables import ColumnSerializer
from pipelines.texts.rules import LONGEST_WORD, MISSING_WORDS, MOST_WORDS, Order, Rules


class RulesSerializer(serializers.Serializer[Any]):
    """How the text of a file was read."""

    missing_words = serializers.CharField(allow_blank=True)
    missing_in_text = serializers.BooleanField()
    dates = serializers.ChoiceField(get_args(Order))


class DatasetVersionSerializer(serializers.Serializer[Any]):
    """One upload of a dataset."""

    number = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    rows = serializers.IntegerField()
    bytes = serializers.IntegerField()
    file_name = serializers.CharField()
    encoding = serializers.CharField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    reading = RulesSerializer(allow_null=True, help_text="Null for versions that came before this was recorded.")


class DatasetSerializer(serializers.Serializer[Any]):
    """A dataset; rows, bytes and columns are of its newest version."""

    id = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    workspace = serializers.CharField(allow_null=True)
    sample = serializers.BooleanField()
    version = serializers.IntegerField()
    versions = DatasetVersionSerializer(many=True)
    rows = serializers.IntegerField()
    bytes = serializers.IntegerField()
    columns = ColumnSerializer(many=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(help_text="When its newest version came.")


class OptionalBoolean(serializers.BooleanField):
    """A boolean of a form that stays absent where the form leaves it out; Django REST framework takes it for an unchecked box, false."""

    default_empty_html = empty


class ReadingSerializer(serializers.Serializer[Any]):
    """How the text of a file is to be read. What is left out is as usual; for a further version of a dataset it is as for the newest one."""

    missing_words = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MOST_WORDS * (LONGEST_WORD + 2),
        help_text=f"Texts that mean a missing value, between commas; empty for none. Usual: {', '.join(MISSING_WORDS)}.",
    )
    missing_in_text = OptionalBoolean(
        required=False,
        help_text="Take them as missing in columns of text too, not only where all other values are numbers, dates or true and false.",
    )
    dates = serializers.ChoiceField(
        get_args(Order), required=False, help_text="Which comes first in dates such as 03/04/2024, where no value of the column tells."
    )


def rules_of(asked: Mapping[str, Any], usual: Rules) -> Rules:
    """The rules that a form asks for; what it leaves out is as usual.

    Raises:
        Refusal: For too many words, or one that is too long.
    """
    words = usual.missing_words
    if "missing_words" in asked:
        words = tuple(word.strip() for word in asked["missing_words"].split(",") if word.strip())
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        said = f"There may be {MOST_WORDS} missing-value words of at most {LONGEST_WORD} characters."
        raise Refusal(400, "bad_request", said, remedy="Give fewer or shorter ones, with commas between them.", field="missing_words")
    return Rules(words, asked.get("missing_in_text", usual.in_text), asked.get("dates", usual.dates))


def _rules_json(rules: Rules | None) -> dict[str, Any] | None:
    """Rules as the form takes them."""
    if rules is None:
        return None
    return {"missing_words": ", ".join(rules.missing_words), "missing_in_text": rules.in_text, "dates": rules.dates}


class UploadSerializer(ReadingSerializer):
    """A file to make a dataset of."""

    file = serializers.FileField()
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    workspace = serializers.CharField(required=False, allow_blank=True, max_length=64)


class NewVersionSerializer(ReadingSerializer):
    """A file to make a further version of."""

    file = serializers.FileField()


class DatasetEditSerializer(serializers.Serializer[Any]):
    """What may be changed of a dataset."""

    name = serializers.CharField(required=False, max_length=200)
    title = serializers.CharField(required=False, max_length=200)
    source = serializers.CharField(required=False, allow_blank=True, max_length=500)  # type: ignore[assignment]


def with_versions(found: QuerySet[Dataset]) -> QuerySet[Dataset]:
    """Datasets with all that their JSON needs, in two queries."""
    return found.prefetch_related("versions")


def dataset_json(dataset: Dataset) -> dict[str, Any]:
    """A dataset as the API shows it."""
    versions = sorted(dataset.versions.all(), key=lambda version: -version.number)
    newest = versions[0]
    return {
        "id": dataset.pk,
        "name": dataset.name,
        "title": dataset.title,
        "source": dataset.source,
        "workspace": dataset.workspace_id,
        "sample": dataset.workspace_id is None,
        "version": newest.number,
        "versions": [_version_json(version) for version in versions],
        "rows": newest.rows,
        "bytes": newest.bytes,
        "columns": [{key: column[key] for key in ("name", "dtype", "kind", "role", "categorical")} for column in newest.columns],
        "created_at": dataset.created_at,
        "changed_at": newest.created_at,
    }


def in_order(datasets: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """People's own datasets, the one that changed last first; then the samples by title."""
    listed = sorted(datasets, key=lambda dataset: dataset["title"].casefold())
    own = sorted((one for one in listed if not one["sample"]), key=lambda dataset: dataset["changed_at"], reverse=True)
    return [*own, *(one for one in listed if one["sample"])]


def _version_json(version: DatasetVersion) -> dict[str, Any]:
    facts = ("number", "created_at", "rows", "bytes", "file_name", "encoding", "notes")
    return {**{fact: getattr(version, fact) for fact in facts}, "reading": _rules_json(version.rules)}
