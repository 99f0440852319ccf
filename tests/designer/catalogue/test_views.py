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


def test_the_help_of_a_module_is_sent_once(team: Team) -> None:
    client = team.client("viewer")
    answer = client.get("/api/modules/transform.join/")
    page = answer.json()
    assert page["module"]["title"] == "Join Data" and page["when"] and page["errors"]
    again = client.get("/api/modules/transform.join/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""


def test_an_unknown_module_has_no_help(team: Team) -> None:
    assert team.client("viewer").get("/api/modules/transform.nonsense/").status_code == 404


def test_an_example_opens_as_a_pipeline(team: Team) -> None:
    client = team.client("editor")
    graph = client.get("/api/modules/transform.join/").json()["example"]
    made = client.post("/api/pipelines/", {"graph": graph}, content_type="application/json")
    assert made.status_code == 201 and made.json()["name"] == "Join Data (example)"


def test_the_form_of_options_depends_on_the_choice(team: Team) -> None:
    client, place = team.client("viewer"), "/api/modules/classification.scikit_learn_classifier/options/parameters/"
    fields = {field["name"]: field for field in client.get(f"{place}?choice=SVC").json()}
    assert fields["C"]["kind"] == "number" and fields["kernel"]["default"] == "rbf"
    assert "C" not in {field["name"] for field in client.get(f"{place}?choice=GaussianNB").json()}
    for wrong in (f"{place}?choice=Nothing", place, place.replace("parameters", "estimator"), place.replace("scikit_learn", "gone")):
        assert client.get(wrong).status_code == 404
