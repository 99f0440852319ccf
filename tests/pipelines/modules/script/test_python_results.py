"""Execute Python Script: figures, charts and numbers of the report."""

import base64

import pytest

from tests.pipelines.modules.script.test_python import PANDAS, TABLE, refused, said, script


def test_a_dict_of_numbers_goes_to_the_report():
    report = script("import numpy as np\ndef main(t):\n    return t, {'rmse': np.float64(0.5), 'rows': 3}", first=TABLE)["report"]
    assert report.metrics == [{"name": "main", "metrics": {"rmse": 0.5, "rows": 3.0}}]
    assert report.blocks[0]["rows"] == [{"name": "main", "values": {"rmse": 0.5, "rows": 3.0}}]


def test_figures_that_are_left_open_or_returned_become_pictures():
    code = """
import matplotlib.pyplot as plt
def main(t):
    plt.plot([1, 2]); plt.title('Left open'); plt.show()
    figure, axes = plt.subplots()
    axes.bar([1], [2])
    return t, axes
"""
    made, notes = said(code, first=TABLE)
    pictures = made["report"].blocks
    assert sorted(picture["title"] for picture in pictures) == ["Image 1", "Left open"]
    for picture in pictures:
        assert base64.b64decode(picture["image"].removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")
    assert notes == [] and script("def main(t):\n    return t", first=TABLE)["report"].blocks == []


def test_a_script_may_only_draw():
    made = script("import matplotlib.pyplot as plt\ndef main(t):\n    plt.plot([1])", first=TABLE)
    assert made["first"].width == 0 and len(made["report"].blocks) == 1


PLOTLY = {
    "data": [
        {"type": "bar", "name": "a", "x": ["u", "v"], "y": {"dtype": "i1", "bdata": "AQM="}},
        {"type": "bar", "name": "b", "x": ["u", "v"], "y": {"dtype": "f8", "bdata": "AAAAAAAA+D8AAAAAAAD4fw=="}},
        {"type": "scatter", "x": ["2024-01-01T00:00", "2024-01-02"], "y": [1, 2], "mode": "lines", "xaxis": "x2", "yaxis": "y2"},
        {"type": "pie", "labels": ["u", "v"], "values": [1, 2]},
        {"type": "heatmap", "z": {"dtype": "i1", "bdata": "AAECAw==", "shape": "2, 2"}, "xaxis": "x3", "yaxis": "y3"},
        {"type": "sankey"},
    ],
    "layout": {"title": {"text": "T<br>u"}, "xaxis": {"title": {"text": "X"}}, "yaxis2": {"type": "log"}, "barmode": "group"},
}
FIGURE = f"""
import json
class Figure:
    def to_json(self):
        return json.dumps({PLOTLY!r})
Figure.__module__ = "plotly.graph_objs"
"""


def test_a_figure_of_plotly_is_shown_as_charts():
    made, notes = said(f"{FIGURE}\ndef main():\n    return Figure()")
    bars, line, pie, heat = (block["spec"]["layer"][0] for block in made["report"].blocks)
    assert made["report"].blocks[0]["title"] == "T u"
    assert bars["data"]["values"] == [
        {"x": x, "y": y, "trace": name} for x, y, name in [("u", 1, "a"), ("v", 3, "a"), ("u", 1.5, "b"), ("v", None, "b")]
    ]
    assert bars["encoding"]["x"] == {"field": "x", "type": "nominal", "title": "X", "sort": None}
    assert bars["encoding"]["xOffset"] == {"field": "trace"} and bars["encoding"]["color"]["field"] == "trace"
    assert (line["mark"]["type"], line["encoding"]["x"]["type"], line["encoding"]["y"]["scale"]) == ("line", "temporal", {"type": "log"})
    assert pie["data"]["values"] == [{"label": "u", "value": 1}, {"label": "v", "value": 2}]
    assert [row["z"] for row in heat["data"]["values"]] == [0, 1, 2, 3] and heat["encoding"]["y"]["sort"] == [1, 0]
    assert notes == [("1 trace of the Plotly kind “sankey” cannot be shown and was left out.", "warning")]


def test_plotly_itself():
    pytest.importorskip("plotly", reason="Plotly is a package of environments, not of Easel")
    code = "import plotly.express as px\ndef main(t):\n    return px.histogram(t, x='a', nbins=7), px.scatter(x=range(50_000), y=range(50_000))"
    made, notes = said(code, PANDAS, first=TABLE)
    histogram, points = (block["spec"]["layer"][0] for block in made["report"].blocks)
    assert histogram["encoding"]["x"]["bin"] == {"maxbins": 7} and histogram["encoding"]["y"]["aggregate"] == "count"
    assert sorted(row["x"] for row in histogram["data"]["values"]) == [1, 2, 3]
    assert len(points["data"]["values"]) == 16_667 and points["data"]["values"][1]["x"] == 3
    assert notes == [("The Plotly figure has 50,000 points; one in 3 is shown.", "warning")]


CHART = """
import base64
SPEC = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "title": "T", "mark": "bar"}
class Chart:
    def %s
%s
def main():
    return Chart()
"""


@pytest.mark.parametrize(
    ("method", "then"),
    [
        ("to_dict(self): return SPEC", "Chart.__module__ = 'altair.vegalite.v6.api'"),
        ("_repr_mimebundle_(self): return {'application/vnd.vegalite.v6+json': SPEC, 'text/html': ''}, {}", ""),
        ("_repr_mimebundle_(self): return {'image/png': base64.b64encode(b'\\x89PNG\\r\\n').decode()}", ""),
        ("_repr_png_(self): return b'\\x89PNG\\r\\n'", ""),
    ],
    ids=["Altair", "a bundle with a chart", "a bundle with an image", "an image"],
)
def test_what_shows_itself_in_notebooks_is_shown(method, then):
    (block,) = script(CHART % (method, then))["report"].blocks
    assert block.get("spec", {}).get("mark") == "bar" or block["image"] == "data:image/png;base64,iVBORw0K"


def test_a_chart_that_cannot_show_itself_is_told():
    wrong, _ = refused(CHART % ("_repr_mimebundle_(self): raise ValueError('too many rows')", ""), "wrong_return")
    assert wrong.words == "A returned chart cannot be shown: too many rows."


def test_a_vega_lite_chart_is_shown():
    spec = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "title": "T", "mark": "bar", "data": {"values": [{"a": 1}]}}
    (block,) = script(f"def main():\n    return {spec}")["report"].blocks
    assert (block["type"], block["title"], block["spec"]) == ("chart", "T", spec)


# A model and settings
