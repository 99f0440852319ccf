"""ONNX files of other programs: their inputs, outputs and classes, and what is refused of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.exchange.asked import Feature
from tests.pipelines.exchange.conftest import Read
from tests.support.foreign_models import mlflow_folder
from tests.support.module_runner import run

onnx = pytest.importorskip("onnx", reason="the extra onnx is not installed")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

FLOAT = TensorProto.FLOAT
TWO = (Feature("a"), Feature("b"))


def model(nodes: list[Any], inputs: list[Any], outputs: list[Any], constants: list[Any] = (), **more: Any) -> bytes:  # type: ignore[assignment]
    infos = [[helper.make_tensor_value_info(*each) for each in ends] for ends in (inputs, outputs)]
    graph = helper.make_graph(nodes, "g", *infos, list(constants))
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3), *more.get("opsets", [])]
    return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=9, functions=more.get("functions", [])).SerializeToString())


def weighted(weights: Any = ((2.0,), (3.0,)), name: str = "y") -> bytes:
    """2 a + 3 b of one input of two columns."""
    nodes = [helper.make_node("MatMul", ["x", "w"], [name])]
    return model(
        nodes, [("x", FLOAT, [None, 2])], [(name, FLOAT, [None, len(weights[0])])], [numpy_helper.from_array(np.float32(weights), "w")]
    )


def scored(found: Any) -> pl.DataFrame:
    rows = Table(pl.DataFrame({"a": [1.0, 2.0], "b": [0.5, -1.0]}))
    frame: pl.DataFrame = run("scoring.score_model", {"append": False}, model=found, table=rows)["table"].frame
    return frame


def test_one_input_of_several_columns_needs_their_names(read: Read) -> None:
    with pytest.raises(ModuleError, match="its 2 inputs") as caught:
        read(weighted())
    assert caught.value.code == "no_signature"
    _, found = read(weighted(), features=TWO)
    assert (found.task, scored(found)["Scored Labels"].to_list()) == ("regression", [3.5, 1.0])


def test_an_input_for_each_column_names_them(read: Read) -> None:
    add = model([helper.make_node("Add", ["a", "b"], ["y"])], [("a", FLOAT, [None, 1]), ("b", FLOAT, [None, 1])], [("y", FLOAT, [None, 1])])
    found, read_model = read(mlflow_folder("  onnx:\n    data: model.onnx\n", {"model.onnx": add}))
    assert [column.name for column in found.signature.inputs] == ["a", "b"]
    assert scored(read_model)["Scored Labels"].to_list() == [1.5, 1.0]


def test_probabilities_are_of_the_classes_that_are_given_or_numbered(read: Read) -> None:
    chances = weighted([[0.1, 0.2, 0.3], [0.0, 0.0, 0.1]], "probabilities")
    found, numbered = read(chances, features=TWO)
    assert numbered.classes == ("0", "1", "2") and any("numbered" in note for note in found.notes)
    _, named = read(chances, features=TWO, classes=("r", "g", "b"))
    assert scored(named).columns == ["Scored Labels", *(f"Scored Probabilities ({name})" for name in "rgb")]


def external() -> bytes:
    proto = onnx.load_model_from_string(weighted())
    tensor = proto.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../../etc/passwd"
    return bytes(proto.SerializeToString())


def nested_external() -> bytes:
    """A tensor in another file, inside a branch."""
    inside = onnx.load_model_from_string(external()).graph
    tensor = inside.initializer[0]
    branch = helper.make_graph(
        [helper.make_node("Identity", ["w"], ["z"])], "b", [], [helper.make_tensor_value_info("z", FLOAT, [2, 1])], [tensor]
    )
    condition = numpy_helper.from_array(np.asarray(True), "yes")
    nodes = [helper.make_node("If", ["yes"], ["k"], then_branch=branch, else_branch=branch), helper.make_node("MatMul", ["x", "k"], ["y"])]
    return model(nodes, [("x", FLOAT, [None, 2])], [("y", FLOAT, [None, 1])], [condition])


def of_a_library() -> bytes:
    node = helper.make_node("Execute", ["x"], ["y"], domain="com.example")
    return model([node], [("x", FLOAT, [None, 1])], [("y", FLOAT, [None, 1])], opsets=[helper.make_opsetid("com.example", 1)])


def of_functions() -> bytes:
    function = helper.make_function("own", "F", ["x"], ["y"], [helper.make_node("Identity", ["x"], ["y"])], [helper.make_opsetid("", 18)])
    node = helper.make_node("F", ["x"], ["y"], domain="own")
    return model([node], [("x", FLOAT, [None, 1])], [("y", FLOAT, [None, 1])], opsets=[helper.make_opsetid("own", 1)], functions=[function])


def identity(shape: Any, kind: int = FLOAT) -> bytes:
    return model([helper.make_node("Identity", ["x"], ["y"])], [("x", kind, shape)], [("y", kind, shape)])


REFUSED: dict[str, tuple[str, str, Any, dict[str, Any]]] = {
    "a tensor in another file": ("external_data", "“w” is in another file", external, {"features": TWO}),
    "a tensor in another file inside a branch": ("external_data", "“w” is in another file", nested_external, {"features": TWO}),
    "an operator of a library": ("unknown_operator", "Execute", of_a_library, {}),
    "functions": ("unknown_operator", "own", of_functions, {}),
    "a truncated file": ("damaged", "", lambda: weighted()[:60], {"features": TWO}),
    "rubbish": ("damaged", "", lambda: b"\x08\x08\x12\x05" + bytes(range(256)), {}),
    "images": ("wrong_signature", "shape", lambda: identity([None, 3, 224, 224]), {}),
    "complex numbers": ("wrong_signature", "“x”", lambda: identity([None, 1], TensorProto.UINT8), {}),
    "no numbers": ("no_probabilities", "", lambda: identity([None, 1], TensorProto.STRING), {}),
    "too few inputs": ("wrong_signature", "takes 2 inputs; 1", weighted, {"features": (Feature("a"),)}),
    "a text among numbers": ("wrong_signature", "“b”", weighted, {"features": (Feature("a"), Feature("b", "text"))}),
    "another task": (
        "wrong_task",
        "",
        lambda: weighted([[0.1, 0.2], [0.3, 0.4]], "probabilities"),
        {"features": TWO, "task": "regression"},
    ),
    "other dimensions inside": ("damaged", "", lambda: weighted([[1.0], [1.0], [1.0]]), {"features": TWO}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_broken_or_reaches_out_is_refused_with_a_remedy(what: str, read: Read) -> None:
    code, part, made, asked = REFUSED[what]
    with pytest.raises(ModuleError) as caught:
        read(made(), **asked)
    assert (caught.value.code, part in caught.value.words) == (code, True), (caught.value.code, caught.value.words)
    assert caught.value.remedy
