"""The palette's form, for the OpenAPI description."""

from __future__ import annotations

from rest_framework import serializers

PARAM_KINDS = ["number", "integer", "text", "multiline", "switch", "choice", "seed", "column", "columns", "dataset", "code"]


class ColoursSerializer(serializers.Serializer[object]):
    """CSS colours."""

    light = serializers.CharField(help_text="On a light background.")
    dark = serializers.CharField(help_text="On a dark background.")


class DownloadSerializer(serializers.Serializer[object]):
    """A format for download."""

    vars()["as"] = serializers.CharField(help_text="The value of the query parameter `as`.")
    title = serializers.CharField()


class PortKindSerializer(serializers.Serializer[object]):
    """A kind of value on an edge."""

    id = serializers.CharField()
    words = serializers.CharField(help_text="Its name with an article, for sentences.")
    icon = serializers.CharField(help_text="The data of an SVG path in a box of 12 by 12.")
    hollow = serializers.BooleanField(help_text="Whether the path is drawn as an outline.")
    colours = ColoursSerializer()
    downloads = DownloadSerializer(many=True)


class ShelfSerializer(serializers.Serializer[object]):
    """A shelf of modules."""

    id = serializers.CharField()
    title = serializers.CharField()
    hue = serializers.IntegerField()


class OutputPortSerializer(serializers.Serializer[object]):
    """An output port."""

    name = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField(help_text="The id of a port kind.")
    help = serializers.CharField()


class InputPortSerializer(OutputPortSerializer):
    """An input port."""

    optional = serializers.BooleanField()
    multiple = serializers.BooleanField()


class ChoiceSerializer(serializers.Serializer[object]):
    """A value to choose."""

    value = serializers.JSONField()
    title = serializers.CharField()


class ShownWhenSerializer(serializers.Serializer[object]):
    """When a setting matters."""

    param = serializers.CharField()
    vars()["is"] = serializers.ListField(child=serializers.JSONField())


class ParamSerializer(serializers.Serializer[object]):
    """A setting."""

    name = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(PARAM_KINDS)
    vars()["default"] = serializers.JSONField(allow_null=True)
    vars()["required"] = serializers.BooleanField()
    nullable = serializers.BooleanField()
    vars()["help"] = serializers.CharField()
    min = serializers.FloatField(allow_null=True, required=False)
    max = serializers.FloatField(allow_null=True, required=False)
    exclusive_min = serializers.BooleanField(required=False)
    exclusive_max = serializers.BooleanField(required=False)
    choices = ChoiceSerializer(many=True, allow_null=True, required=False)
    port = serializers.CharField(allow_null=True, required=False)
    language = serializers.CharField(allow_null=True, required=False)
    shown_when = ShownWhenSerializer(allow_null=True, required=False)


class ModuleSerializer(serializers.Serializer[object]):
    """A module."""

    id = serializers.CharField()
    title = serializers.CharField()
    shelf = serializers.CharField()
    summary = serializers.CharField()
    help = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()
    runs_code = serializers.BooleanField()
    inputs = InputPortSerializer(many=True)
    outputs = OutputPortSerializer(many=True)
    params = ParamSerializer(many=True)


class PaletteSerializer(serializers.Serializer[object]):
    """All port kinds, shelves and modules."""

    kinds = PortKindSerializer(many=True)
    shelves = ShelfSerializer(many=True)
    modules = ModuleSerializer(many=True)
