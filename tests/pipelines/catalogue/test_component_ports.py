"""The ports of a component that is connected to nothing."""

from pipelines.catalogue.component_ports import component_ports


def test_inputs_are_what_is_needed_and_outputs_what_feeds_nothing() -> None:
    nodes = {id: {"module": "transform.split_data"} for id in ("a", "b")}
    inputs, outputs = component_ports({"nodes": {**nodes, "x": {"module": "no.such"}}, "edges": [["a.first", "b.table"]]})
    assert [port.end for port in inputs] == ["a.table"] and {port.end.split(".")[0] for port in outputs} == {"b"}
    assert {port.kind for port in (*inputs, *outputs)} == {"table"}
