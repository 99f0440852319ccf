"""What the API of published pipelines takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.documents.schemas import Graph
from designer.endpoints.schemas import LONGEST_WHY, NAME
from designer.http.openapi import Instant
from designer.published import models
from designer.published.ends import LONGEST_NAME, PublishedInput, PublishedResult

NAME_WORDS = "Use up to 64 lowercase letters, digits and -, with a letter or digit first and last."


class PublishedVersionBrief(msgspec.Struct):
    """A version as lists show it."""

    number: int
    pipeline: Annotated[str | None, msgspec.Meta(description="The pipeline that it was published from.")]
    source: str
    inputs: dict[str, PublishedInput]
    results: list[PublishedResult]
    parameters: Annotated[dict[str, Any], msgspec.Meta(description="The declarations of its parameters, by name.")]
    presets: Annotated[dict[str, dict[str, Any]], msgspec.Meta(description="Named sets of values of its parameters.")]
    by: str
    why: str
    created_at: Instant

    @classmethod
    def of(cls, row: models.PublishedVersion, /, **more: Any) -> Self:
        """A version's row."""
        return cls(
            row.number,
            row.pipeline,
            row.source,
            msgspec.convert(row.inputs, dict[str, PublishedInput]),
            msgspec.convert(row.results, list[PublishedResult]),
            row.graph.get("parameters", {}),
            row.graph.get("presets", {}),
            row.by,
            row.why,
            row.created_at,
            **more,
        )


class PublishedPipelineVersion(PublishedVersionBrief):
    """A version with its frozen graph."""

    graph: Graph


class PublishedBrief(msgspec.Struct):
    """A published pipeline as lists show it."""

    id: str
    workspace: str
    name: str
    description: str
    default: int
    versions: int
    address: Annotated[str, msgspec.Meta(description="Where POST starts a run.")]
    runs: Annotated[int, msgspec.Meta(description="How many runs were asked for.")]
    last_run: Annotated[str | None, msgspec.Meta(description="The state of the newest run; null without one.")]
    last_run_at: Instant | None
    created_by: str
    created_at: Instant


class PublishedPipeline(PublishedBrief):
    """A published pipeline as its page shows it, with its versions, newest first."""

    listed: list[PublishedVersionBrief]


class PublishedMove(msgspec.Struct):
    """A move of the default; `before` is 0 for the first."""

    at: Instant
    by: str
    before: int
    after: int
    why: str

    @classmethod
    def of(cls, row: models.PublishedMove) -> Self:
        """A move's row."""
        return cls(row.at, row.by, row.before, row.after, row.why)


class PublishedKey(msgspec.Struct):
    """A key, without its secret. `start` is its beginning."""

    id: str
    name: str
    start: str
    by: str
    created_at: Instant
    expires_at: Instant | None
    last_used_at: Instant | None

    @classmethod
    def of(cls, row: models.PublishedKey, /, **more: Any) -> Self:
        """A key's row."""
        known = {name: getattr(row, name) for name in PublishedKey.__struct_fields__}
        return cls(**known, **more)


class NewPublishedKey(PublishedKey):
    """A key as it is shown once."""

    key: str


class WantedResultSerializer(serializers.Serializer[Any]):
    """An output as `node.port`, its name for clients, and the dataset that gets a version of it after each run."""

    output = serializers.CharField(max_length=200)
    name = serializers.RegexField(r"^[\w.-]{1,64}\Z", required=False, error_messages={"invalid": "Use letters, digits, _, . and -."})
    save_as = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)


class ScoredBySerializer(serializers.Serializer[Any]):
    """What to score datasets with: an endpoint, a registered model, or a run. A pipeline is made for it."""

    endpoint = serializers.CharField(max_length=64, required=False, help_text="An endpoint's id.")
    model = serializers.CharField(max_length=64, required=False, help_text="A registered model's id.")
    run = serializers.CharField(max_length=64, required=False, help_text="A run's id.")
    version = serializers.CharField(
        max_length=64,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Of the endpoint: a number. Of the model: a number or an alias.",
    )
    scored = serializers.CharField(max_length=200, required=False, help_text="Of a run: the output with the scores, as node.port.")
    dataset = serializers.CharField(
        max_length=60, required=False, help_text="The dataset that is scored where a request names none; without it, that of the run."
    )
    database = serializers.CharField(
        max_length=60, required=False, help_text="A connection to the database whose rows are scored, in place of a dataset; each run reads them."
    )
    query = serializers.CharField(max_length=20_000, required=False, help_text="The SELECT statement that gives the rows of the database.")
    table = serializers.CharField(max_length=300, required=False, help_text="The table or view of the database, in place of a query.")
    row_id = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="The column whose values name the rows.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """One of the three is named, and rows come from a dataset or a database."""
        if len(given.keys() & {"endpoint", "model", "run"}) != 1:
            raise serializers.ValidationError("Name one of endpoint, model and run.")
        if len(given.keys() & {"dataset", "database"}) > 1:
            raise serializers.ValidationError({"database": "Name either a dataset or a database."})
        if len(given.keys() & {"query", "table"}) != ("database" in given):
            raise serializers.ValidationError({"query": "Give a query or a table with the connection of a database, and with nothing else."})
        return given


class PublishSerializer(serializers.Serializer[Any]):
    """A pipeline, as it is drawn or in a saved version, with its inputs and results; or what to score datasets with."""

    pipeline = serializers.CharField(max_length=64, required=False)
    scoring = ScoredBySerializer(required=False)
    version = serializers.CharField(
        max_length=64, required=False, allow_null=True, allow_blank=True, help_text="The id of a saved version; without it, as it is drawn."
    )
    inputs = serializers.DictField(
        child=serializers.CharField(max_length=64),
        required=False,
        allow_null=True,
        help_text="Nodes that load datasets, by the names that clients use; without it all of them, by their ids.",
    )
    results = WantedResultSerializer(many=True, required=False, allow_null=True, help_text="Without it, every output that no node reads.")
    why = serializers.CharField(max_length=LONGEST_WHY, required=False, allow_blank=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """One of the two is named; what is made for scoring has ends of its own."""
        if len(given.keys() & {"pipeline", "scoring"}) != 1:
            raise serializers.ValidationError({"pipeline": "Name either a pipeline, or what to score with (scoring)."})
        if "scoring" in given and (strange := sorted(given.keys() & {"version", "inputs", "results"})):
            raise serializers.ValidationError({strange[0]: "This is for a pipeline of your own; leave it out with scoring."})
        return given

    def validate_inputs(self, given: dict[str, str] | None) -> dict[str, str] | None:
        """Names are short, since they stand in addresses and forms."""
        if given and (long := next((name for name in given if not 0 < len(name) <= LONGEST_NAME), None)) is not None:
            raise serializers.ValidationError(f"The name “{long[:60]}” must have 1 to {LONGEST_NAME} characters.")
        return given


class NewPublishedSerializer(PublishSerializer):
    """A name, and the pipeline whose first version is published."""

    name = serializers.RegexField(NAME, error_messages={"invalid": NAME_WORDS})
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)


class NewPublishedVersionSerializer(PublishSerializer):
    """Another version, which becomes the default unless `default` is false."""

    default = serializers.BooleanField(required=False, default=True)
    expected = serializers.IntegerField(required=False, allow_null=True, help_text="The default that was seen; another one is a conflict.")


class PublishedSettingsSerializer(serializers.Serializer[Any]):
    """What can be changed of a published pipeline; its address stays."""

    name = serializers.RegexField(NAME, required=False, error_messages={"invalid": NAME_WORDS})
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)


class PublishedDefaultSerializer(serializers.Serializer[Any]):
    """The version that runs when a request names none."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    expected = serializers.IntegerField(required=False, allow_null=True, help_text="The default that was seen; another one is a conflict.")
    why = serializers.CharField(max_length=LONGEST_WHY, required=False, allow_blank=True, default="")


class NewPublishedKeySerializer(serializers.Serializer[Any]):
    """The name of a client, and when the key ends."""

    name = serializers.CharField(max_length=100)
    days = serializers.IntegerField(min_value=1, max_value=3650, required=False, allow_null=True)
