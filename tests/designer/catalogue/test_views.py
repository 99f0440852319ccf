"""What can be dragged, over REST."""

from __future__ import annotations

from tests.designer.conftest import Team


def test_the_palette_is_sent_once(team: Team) -> None:
    client = team.client("viewer")
    answer = client.get("/api/modules/")
    palette = answer.json()
    assert {module["shelf"] for module in palette["modules"]} == {shelf["id"] for shelf in palette["shelves"]}
    again = client.get("/api/modules/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""
