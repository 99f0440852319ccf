"""Tables of notices: what happened, where it is to be sent, and who has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models

from designer.workspaces.models import Workspace

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Channels(models.Model):
    """What has notices, and where they are sent to: by email to one person, and to a webhook.

    `webhook` is its address as it is shown. The secret that signs and the whole address are encrypted: who has the address of some services
    may write there.
    """

    email = models.BooleanField(default=False)
    webhook = models.CharField(max_length=1000, blank=True)
    webhook_secret = models.TextField(blank=True)
    name: Any
    workspace_id: str

    class Meta:
        abstract = True

    @property
    def noun(self) -> str:
        """What it is, in messages."""
        raise NotImplementedError

    @property
    def reader(self) -> User | None:
        """The person who gets email."""
        raise NotImplementedError

    @property
    def facts(self) -> dict[str, Any]:
        """What a webhook is told of it, beside the notice."""
        raise NotImplementedError


class Notice(models.Model):
    """Something that the people of a workspace should know, about a schedule or an endpoint.

    It is written in the transaction of what it tells of, so that nobody writes it twice.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    schedule = models.ForeignKey("schedules.Schedule", models.CASCADE, null=True, related_name="notices")
    endpoint = models.ForeignKey("endpoints.Endpoint", models.CASCADE, null=True, related_name="notices")
    kind = models.CharField(max_length=20)
    words = models.CharField(max_length=500)
    run = models.CharField(max_length=32, null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-id"], name="notices_of_workspace")]

    @property
    def about(self) -> Channels:
        """What it tells of."""
        found: Channels | None = self.schedule or self.endpoint
        assert found is not None, "a notice is about a schedule or an endpoint"
        return found


class Delivery(models.Model):
    """A notice that is to be sent outside, by email or webhook: tried until it is sent, or was tried too often."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10)
    target = models.CharField(max_length=1000)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)


class NoticeRead(models.Model):
    """That a person has read a notice."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "notice"], name="one_read_per_notice")]
