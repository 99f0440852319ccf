"""A frame keeps what is around a learner, and says what came of a candidate."""

from pipelines.catalogue.items import Item, ItemResult, Trial
from pipelines.modelling.automl.opening import candidate_of, frame_of, said_of, seed_of

DOCUMENT = {
    "nodes": {id: {"module": "a.b", "params": {}, "comment": id} for id in ("data", "one", "two", "blend", "train", "validate")},
    "edges": [
        ["data.table", "train.table"],
        ["one.model", "blend.untrained"],
        ["two.model", "blend.untrained"],
        ["blend.model", "train.untrained"],
        ["blend.model", "validate.untrained"],
    ],
}


def test_a_frame_has_no_part_of_the_learner_and_takes_another():
    frame = frame_of(DOCUMENT, "train.untrained")
    assert list(frame.nodes) == ["data", "train", "validate"] and frame.edges == [["data.table", "train.table"]]
    frame.fill("other.model")
    assert frame.edges[1:] == [["other.model", "train.untrained"], ["other.model", "validate.untrained"]]
    frame.say("validate", "")
    frame.say("train", "words")
    frame.say("gone", "words")
    assert "comment" not in frame.nodes["validate"] and frame.nodes["train"]["comment"] == "words"
    assert DOCUMENT["nodes"]["train"]["comment"] == "train", "the winner's is as it was"
    entry = frame.entry({"name": "Winner", "pipeline": DOCUMENT, "inputs": {"data": "table"}}, "Linear 1")
    assert entry["name"] == entry["pipeline"]["name"] == "Linear 1"
    assert entry["inputs"] == {"data": "table"} and entry["pipeline"]["nodes"] == frame.nodes


def test_what_came_of_a_candidate_is_said_of_its_last_trial():
    def trial(share, figures):
        content = {"candidate": 0, "learner": "linear", "module": "a.b", "settings": {"seed": 3}, "stops": False, "share": share}
        return Trial(Item(f"Linear 1, {'all folds' if share == 0 else 'first fold'}", content), ItemResult("", figures))

    trials = [trial(1, {"first_fold": 0.5}), trial(0, {"metric": "MASE", "score": 0.25, "error": 0.125, "folds": 3})]
    one = candidate_of(trials, "Linear 1")
    assert said_of(one, trials, "origin") == "In the search: MASE 0.25 ± 0.125. Mean over 3 origins."
    assert [seed_of(one.settings), seed_of({"parameters": {"random_state": 7}}), seed_of({"neighbors": 2})] == [3, 7, None]
