"""What the API of people and workspaces takes and gives."""

from __future__ import annotations

from rest_framework import serializers

from designer.workspaces.models import ApiToken, Membership, Role, Scope, Workspace
from designer.workspaces.people import name_of


class RoleField(serializers.ChoiceField):
    """One of the four roles."""

    def __init__(self) -> None:
        super().__init__(choices=Role.choices)


class PersonSerializer(serializers.Serializer[object]):
    """A person."""

    id = serializers.CharField(source="pk")
    name = serializers.SerializerMethodField()
    email = serializers.CharField()

    def get_name(self, user: object) -> str:
        return name_of(user)  # type: ignore[arg-type]


class WorkspaceSerializer(serializers.Serializer[Membership]):
    """A workspace as one of its members sees it."""

    id = serializers.CharField(source="workspace_id")
    name = serializers.CharField(source="workspace.name")
    role = RoleField()


class MeSerializer(serializers.Serializer[object]):
    """Who is signed in, and where they work."""

    user = PersonSerializer()
    workspaces = WorkspaceSerializer(many=True)
    needs_current_password = serializers.BooleanField()


class MeEditSerializer(serializers.Serializer[object]):
    """A new name or password."""

    name = serializers.CharField(max_length=100, required=False)
    password = serializers.CharField(max_length=200, required=False, trim_whitespace=False)
    current_password = serializers.CharField(max_length=200, required=False, trim_whitespace=False)


class WorkspaceNameSerializer(serializers.ModelSerializer[Workspace]):
    """A workspace's name."""

    class Meta:
        model = Workspace
        fields = ("name",)


class LimitsSerializer(serializers.Serializer[object]):
    """What a workspace may use; null is without limit."""

    runs = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, required=False)
    step_memory_bytes = serializers.IntegerField(min_value=64 * 1024**2, max_value=2**50, allow_null=True, required=False)
    step_seconds = serializers.IntegerField(min_value=1, max_value=7 * 24 * 3600, allow_null=True, required=False)
    store_bytes = serializers.IntegerField(min_value=1024**2, max_value=2**60, allow_null=True, required=False)
    retention_days = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, required=False)


class WorkspaceLimitsSerializer(serializers.Serializer[object]):
    """A workspace's own limits, those of the installation, and what follows: of both the lower."""

    own = LimitsSerializer()
    installation = LimitsSerializer()
    in_force = LimitsSerializer()


class MemberSerializer(serializers.Serializer[Membership]):
    """A member."""

    user = PersonSerializer()
    role = RoleField()


class MemberAddSerializer(serializers.Serializer[object]):
    """Whom to let in, and as what."""

    email = serializers.EmailField(max_length=254)
    role = RoleField()


class RoleSerializer(serializers.Serializer[object]):
    """A role to give."""

    role = RoleField()


class LinkSerializer(serializers.Serializer[object]):
    """A link to send."""

    link = serializers.CharField()


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token, without its secret."""

    class Meta:
        model = ApiToken
        fields = ("id", "name", "scope", "created_at", "last_used_at", "expires_at")
        read_only_fields = fields


class TokenAskSerializer(serializers.Serializer[object]):
    """A token to make: it may read, also write (edit and run), or do all that its person may; it ends after so many days, with null never."""

    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(Scope.choices, default=Scope.WRITE.value)
    days = serializers.IntegerField(min_value=1, max_value=3650, allow_null=True, default=90)


class NewTokenSerializer(TokenSerializer):
    """A token as it is shown once."""

    token = serializers.CharField()

    class Meta(TokenSerializer.Meta):
        fields = ("id", "name", "scope", "token", "created_at", "last_used_at", "expires_at")  # type: ignore[assignment]
