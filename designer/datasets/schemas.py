"""What the API of datasets takes and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, get_args

import msgspec
from rest_framework import serializers
from rest_framework.fields import empty

from designer.datasets import models
from designer.http.errors import Refusal
from designer.http.openapi import Instant
from pipelines.preview.columns import Column
from pipelines.texts import rules
from pipelines.texts.rules import LONGEST_WORD, MISSING_WORDS, MOST_WORDS, Order


class Rules(msgspec.Struct):
    """How the text of a file was read."""

    missing_words: str
    missing_in_text: bool
    dates: Order

    @classmethod
    def of(cls, found: rules.Rules) -> Rules:
        """Rules as the form of an upload takes them."""
        return cls(", ".join(found.missing_words), found.in_text, found.dates)


class DatasetVersion(msgspec.Struct):
    """One upload of a dataset."""

    number: int
    created_at: Instant
    rows: int
    bytes: int
    file_name: str
    encoding: str | None
    notes: Annotated[list[str], msgspec.Meta(description="Notes of the parser, such as a column that mixes numbers and text.")]
    reading: Annotated[Rules | None, msgspec.Meta(description="Null for versions from before this was recorded.")]

    @classmethod
    def of(cls, version: models.DatasetVersion) -> DatasetVersion:
        """A version's row."""
        return cls(
            number=version.number,
            created_at=version.created_at,
            rows=version.rows,
            bytes=version.bytes,
            file_name=version.file_name,
            encoding=version.encoding,
            notes=version.notes,
            reading=Rules.of(version.rules) if version.rules else None,
        )


class Dataset(msgspec.Struct):
    """A dataset; rows, bytes and columns are of its newest version. A saved value of a run is one of another kind than table."""

    id: str
    kind: Annotated[str, msgspec.Meta(description="The id of a port kind.")]
    name: str
    title: str
    source: str
    workspace: str | None
    sample: bool
    version: int
    versions: list[DatasetVersion]
    rows: int
    bytes: int
    columns: list[Column]
    created_at: Instant
    changed_at: Annotated[Instant, msgspec.Meta(description="When its latest version was created.")]

    @classmethod
    def of(cls, dataset: models.Dataset) -> Dataset:
        """A dataset with its versions, which `services.with_versions` fetches."""
        versions = sorted(dataset.versions.all(), key=lambda version: -version.number)
        newest = versions[0]
        return cls(
            id=dataset.pk,
            kind=dataset.kind,
            name=dataset.name,
            title=dataset.title,
            source=dataset.source,
            workspace=dataset.workspace_id,
            sample=dataset.workspace_id is None,
            version=newest.number,
            versions=[*map(DatasetVersion.of, versions)],
            rows=newest.rows,
            bytes=newest.bytes,
            columns=msgspec.convert(newest.columns, list[Column]),
            created_at=dataset.created_at,
            changed_at=newest.created_at,
        )


def in_order(datasets: Iterable[Dataset]) -> list[Dataset]:
    """People's own datasets, the one that changed last first; then the samples by title."""
    listed = sorted(datasets, key=lambda dataset: dataset.title.casefold())
    own = sorted((one for one in listed if not one.sample), key=lambda dataset: dataset.changed_at, reverse=True)
    return [*own, *(one for one in listed if one.sample)]


class OptionalBoolean(serializers.BooleanField):
    """A boolean of a form that stays absent where the form leaves it out; Django REST framework takes it for an unchecked box, false."""

    default_empty_html = empty


class ReadingSerializer(serializers.Serializer[Any]):
    """How the text of a file is to be read. What is left out is as usual; for a further version of a dataset it is as for the newest one."""

    missing_words = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MOST_WORDS * (LONGEST_WORD + 2),
        help_text=f"Values to read as missing, separated by commas; empty for none. Default: {', '.join(MISSING_WORDS)}.",
    )
    missing_in_text = OptionalBoolean(
        required=False,
        help_text="Read them as missing in text columns too, not only if all other values are numbers, dates or Booleans.",
    )
    dates = serializers.ChoiceField(
        get_args(Order), required=False, help_text="What comes first in dates such as 03/04/2024, if no value of the column shows it."
    )


def rules_of(asked: Mapping[str, Any], usual: rules.Rules) -> rules.Rules:
    """The rules that a form asks for; what it leaves out is as usual.

    Raises:
        Refusal: For too many words, or one that is too long.
    """
    words = usual.missing_words
    if "missing_words" in asked:
        words = tuple(word.strip() for word in asked["missing_words"].split(",") if word.strip())
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        said = f"There can be at most {MOST_WORDS} missing values of at most {LONGEST_WORD} characters."
        raise Refusal(400, "bad_request", said, remedy="Enter fewer or shorter ones, separated by commas.", field="missing_words")
    return rules.Rules(words, asked.get("missing_in_text", usual.in_text), asked.get("dates", usual.dates))


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
