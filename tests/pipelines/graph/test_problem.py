"""A problem says what, where and what to do."""

from pipelines.graph.problem import Problem, UnsoundGraph


def test_a_problem_as_json_names_every_place():
    json = Problem("bad_setting", "It is bad.", node="a", param="p").as_json()
    assert json == {
        "code": "bad_setting", "words": "It is bad.", "node": "a", "port": None, "param": "p", "column": None, "edge": None,
        "remedy": None, "severity": "error", "key": None, "subject": (),
    }  # fmt: skip


def test_an_unsound_graph_says_all_of_its_problems():
    refused = UnsoundGraph([Problem("a", "One."), Problem("b", "Two.")])
    assert str(refused) == "One.; Two."
    assert [problem.code for problem in refused.problems] == ["a", "b"]
