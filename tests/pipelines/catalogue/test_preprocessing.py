"""A path is fitted on training rows and applied to others: what each module on it does with both."""

import polars as pl
import pytest

from pipelines.catalogue import transforms
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.preprocessing import HOW, ROWS, PathStep, Preprocessing


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    monkeypatch.setitem(transforms._appliers, "trial_shift", shift)


def shift(table, state):
    return table.with_frame(table.frame.with_columns(pl.col("x") - state["mean"]))


def table(*values):
    return Table(pl.DataFrame({"x": values}, schema={"x": pl.Float64}))


def xs(found):
    return found.frame["x"].to_list()


def centre(inputs):
    fitted = Transform("trial_shift", {"mean": inputs["table"][0].frame["x"].mean()})
    return {"table": shift(inputs["table"][0], fitted.state), "transform": fitted}


def twice(inputs):
    return {"table": inputs["table"][0].with_frame(pl.concat([inputs["table"][0].frame] * 2))}


def largest(inputs):
    return {"largest": inputs["table"][0].frame["x"].max()}


def divided(inputs):
    return {"table": inputs["table"][0].with_frame(inputs["table"][0].frame / inputs["by"][0])}


CENTRE = PathStep("Centre", "fit", centre, {"table": [ROWS]}, "table", ("table",), "transform")


def after(at, title, how, call, **inputs):
    return PathStep(title, how, call, {"table": [(at, "table")], **inputs}, "table", ("table",))


def test_without_steps_rows_pass():
    path = Preprocessing(table(1, 2, 3))
    prepared = path.fit(table(1, 2))
    assert xs(prepared.table) == [1, 2] and xs(prepared.apply(table(3))) == [3] and path.told == []


def test_what_is_fitted_on_training_rows_is_applied_to_the_others():
    prepared = Preprocessing(table(), [CENTRE], output=(0, "table")).fit(table(1, 3))
    assert xs(prepared.table) == [-1, 1] and xs(prepared.apply(table(10))) == [8]


def test_training_rows_alone_are_changed():
    path = Preprocessing(table(), [CENTRE, after(0, "Twice", "training", twice)], output=(1, "table"))
    prepared = path.fit(table(1, 3))
    assert xs(prepared.table) == [-1, 1, -1, 1] and xs(prepared.apply(table(10))) == [8]
    assert path.told == [("Centre", HOW["fit"]), ("Twice", HOW["training"])]


def test_what_is_learned_of_training_rows_and_what_comes_from_elsewhere_is_used_for_both():
    learn = PathStep("Largest", "learned", largest, {"table": [ROWS]})
    use = PathStep("Divided", "each", divided, {"table": [ROWS], "by": [(0, "largest")]}, "", ("table",))
    prepared = Preprocessing(table(), [learn, use], output=(1, "table")).fit(table(1, 4))
    assert xs(prepared.table) == [0.25, 1] and xs(prepared.apply(table(8))) == [2]
    use = PathStep("Divided", "each", divided, {"table": [ROWS], "by": [(-2, "")]}, "", ("table",))
    prepared = Preprocessing(table(), [use], [2], (0, "table")).fit(table(1, 4))
    assert xs(prepared.table) == [0.5, 2] and xs(prepared.apply(table(8))) == [4]


@pytest.mark.parametrize("part", ["training rows", "rows to predict"])
def test_an_error_names_the_module_and_the_rows(part):
    def refuse(inputs):
        if (inputs["table"][0].frame.height == 2) is (part == "training rows"):
            raise ModuleError("wrong", "It is wrong.", port="left", param="mode", remedy="Mend it.")
        return inputs and {"table": inputs["table"][0]}

    path = Preprocessing(table(), [PathStep("Judge", "each", refuse, {"table": [ROWS]}, "", ("table",))], output=(0, "table"))
    with pytest.raises(ModuleError) as caught:
        path.fit(table(1, 2)).apply(table(3))
    error = caught.value
    assert error.words == f"Judge, executed again on the {part}: It is wrong." and (error.port, error.param) == (None, None)
    assert (error.code, error.remedy) == ("wrong", "Mend it.")


def test_a_module_on_the_path_that_fans_out_computes_its_items_there():
    def sums(inputs):
        results = fan_out([Item(str(at)) for at in range(3)], lambda item: Value(int(item.key)))
        return {"table": table(*(result.figures for result in results))}

    path = Preprocessing(table(), [PathStep("Sums", "each", sums, {"table": [ROWS]}, "", ("table",))], output=(0, "table"))
    assert xs(path.fit(table(1)).table) == [0, 1, 2]
