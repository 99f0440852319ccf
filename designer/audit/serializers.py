"""What the API of the audit trail gives."""

from __future__ import annotations

from rest_framework import serializers

from designer.audit.models import Outcome


class AuditEntrySerializer(serializers.Serializer[object]):
    """What somebody did, or was refused."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    user = serializers.CharField(allow_null=True)
    action = serializers.CharField()
    words = serializers.CharField()
    kind = serializers.CharField()
    subject = serializers.CharField()
    name = serializers.CharField()
    workspace = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)
    status = serializers.IntegerField()
    code = serializers.CharField()
    via = serializers.CharField()
    token = serializers.CharField()
    address = serializers.CharField()
    request_id = serializers.CharField()
    details = serializers.DictField(child=serializers.JSONField(allow_null=True))


class AuditPageSerializer(serializers.Serializer[object]):
    """Rows from the newest on, where the next page begins, and the words for every action."""

    entries = AuditEntrySerializer(many=True)
    next = serializers.IntegerField(allow_null=True)
    actions = serializers.DictField(child=serializers.CharField())
