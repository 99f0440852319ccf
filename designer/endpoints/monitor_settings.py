"""How an endpoint is watched: windows, bounds, and where its notices are sent to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import msgspec
from django.contrib.auth.models import User
from django.db import transaction

from designer.endpoints.models import Endpoint
from designer.http.errors import Refusal
from designer.http.misread import misread
from designer.notices.services import set_webhook
from pipelines.monitoring.judging import Thresholds

CHANNELS = ("email", "webhook")


class MonitorSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an endpoint is watched. A window is an hour, a day of the time zone, or as many hours as have `rows` rows."""

    enabled: bool = True
    window: Literal["hour", "day", "rows"] = "hour"
    zone: str = "UTC"
    rows: Annotated[int, msgspec.Meta(ge=200, le=10_000_000)] = 1_000
    thresholds: Thresholds = Thresholds()


def settings_of(endpoint: Endpoint) -> MonitorSettings:
    """The stored settings of an endpoint; defaults for the others."""
    return msgspec.convert(endpoint.monitoring, MonitorSettings)


def change_settings(endpoint: Endpoint, asked: Mapping[str, Any], person: User) -> tuple[dict[str, str], list[str]]:
    """Change settings; those that are not given stay. `email` means that this person gets the notices.

    Returns:
        A new secret of the webhook, which is shown once, and notes on its address.

    Raises:
        Refusal: 422 naming the setting.
    """
    with transaction.atomic():
        held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        thresholds = {**held.monitoring.get("thresholds", {}), **asked.get("thresholds", {})}
        wanted = {**held.monitoring, **{name: value for name, value in asked.items() if name not in CHANNELS}, "thresholds": thresholds}
        try:
            found = msgspec.convert(wanted, MonitorSettings)
        except msgspec.ValidationError as wrong:
            raise Refusal(
                422, "wrong_setting", f"A setting cannot be: {misread(wrong)}.", remedy="Give a value in its range.", field="monitoring"
            ) from None
        if found.zone not in available_timezones():
            words = f"There is no time zone {found.zone[:60]}."
            raise Refusal(422, "wrong_setting", words, remedy="Give its name, such as Europe/Paris.", field="zone")
        held.monitoring = wanted
        if "email" in asked:
            held.email, held.mailed = asked["email"], person if asked["email"] else None
        made = set_webhook(held, asked.get("webhook"))
        held.save(update_fields=["monitoring", "email", "mailed", "webhook", "webhook_secret"])
    endpoint.refresh_from_db()
    return made
