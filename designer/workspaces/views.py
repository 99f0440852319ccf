"""The API of workspaces and their members."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.audit import trail
from designer.workspaces import schemas
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.links import make_invitation
from designer.workspaces.models import Membership, Workspace
from designer.workspaces.people import (
    add_member,
    change_limits,
    change_role,
    delete_workspace,
    make_workspace,
    membership_of,
    person_by_email,
    remove_member,
)
from designer.workspaces.permissions import require


def own_id(workspace: Workspace) -> str:
    """A workspace belongs to itself."""
    return workspace.pk


class Workspaces(Endpoint):
    """The workspaces one is in."""

    actions: ClassVar = {"get": "workspace.list", "post": "workspace.make"}

    @extend_schema(responses=list[schemas.Workspace])
    def get(self, request: Request) -> Response:
        memberships = Membership.objects.filter(user=self.person).select_related("workspace").order_by("since", "pk")
        return Response([schemas.Workspace.of(membership) for membership in memberships])

    @extend_schema(request=schemas.WorkspaceNameSerializer, responses={201: schemas.Workspace})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.WorkspaceNameSerializer, request)
        workspace = make_workspace(asked["name"], self.person)
        return Response(schemas.Workspace.of(workspace.memberships.get()), status=201)


class OneWorkspace(Endpoint):
    """A workspace's name and end."""

    actions: ClassVar = {"patch": "workspace.rename", "delete": "workspace.delete"}

    @extend_schema(request=schemas.WorkspaceNameSerializer, responses=schemas.Workspace)
    def patch(self, request: Request, workspace: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        trail.details(was=found.name)
        found.name = checked(schemas.WorkspaceNameSerializer, request)["name"]
        found.save(update_fields=["name"])
        return Response(schemas.Workspace.of(found.memberships.get(user=self.person)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, workspace: str) -> Response:
        delete_workspace(self.fetch(Workspace.objects.all(), workspace, own_id))
        return Response(status=204)


class WorkspaceLimits(Endpoint):
    """What a workspace may use."""

    actions: ClassVar = {"get": "limits.see", "patch": "limits.edit"}

    @extend_schema(responses=schemas.WorkspaceLimits)
    def get(self, request: Request, workspace: str) -> Response:
        return Response(schemas.WorkspaceLimits.of(self.fetch(Workspace.objects.all(), workspace, own_id)))

    @extend_schema(request=schemas.LimitsSerializer, responses=schemas.WorkspaceLimits)
    def patch(self, request: Request, workspace: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        change_limits(found, checked(schemas.LimitsSerializer, request))
        return Response(schemas.WorkspaceLimits.of(found))


class Members(Endpoint):
    """Who is in a workspace."""

    actions: ClassVar = {"get": "member.see", "post": "member.add"}

    @extend_schema(responses=list[schemas.Member])
    def get(self, request: Request, workspace: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        members = found.memberships.select_related("user").order_by("since", "pk")
        return Response([schemas.Member.of(member) for member in members])

    @extend_schema(request=schemas.MemberAddSerializer, responses={201: schemas.Member})
    def post(self, request: Request, workspace: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        asked = checked(schemas.MemberAddSerializer, request)
        own = require(self.person, self.action, found.pk)
        member = add_member(found, person_by_email(asked["email"]), asked["role"], by_role=own)
        return Response(schemas.Member.of(member), status=201)


class OneMember(Endpoint):
    """One person's membership."""

    actions: ClassVar = {"patch": "member.change", "delete": "member.remove"}

    @extend_schema(request=schemas.RoleSerializer, responses=schemas.Member)
    def patch(self, request: Request, workspace: str, user: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        asked = checked(schemas.RoleSerializer, request)
        own = require(self.person, self.action, found.pk)
        member = change_role(membership_of(found, user), asked["role"], by_role=own)
        return Response(schemas.Member.of(member))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, workspace: str, user: str) -> Response:
        leaving = user == str(self.person.pk)
        action = "member.leave" if leaving else self.action
        found = self.fetch(Workspace.objects.all(), workspace, own_id, action)
        remove_member(membership_of(found, user), by_role=require(self.person, action, found.pk))
        return Response(status=204)


class Invitations(Endpoint):
    """Links by which people join."""

    actions: ClassVar = {"post": "member.invite"}

    @extend_schema(request=schemas.RoleSerializer, responses={201: schemas.Link})
    def post(self, request: Request, workspace: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        asked = checked(schemas.RoleSerializer, request)
        path = make_invitation(found, asked["role"], by=self.person, by_role=require(self.person, self.action, found.pk))
        return Response(schemas.Link(request.build_absolute_uri(path)), status=201)
