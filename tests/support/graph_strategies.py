"""Random graphs for Hypothesis."""

from hypothesis import strategies as st

from pipelines.graph.model import Graph
from tests.support.graph_builder import draw


@st.composite
def dags(draw_from, most: int = 8) -> Graph:
    """A sound graph: sources, and steps that gather what some earlier nodes give."""
    size = draw_from(st.integers(1, most))
    needs = [draw_from(st.sets(st.integers(0, index - 1), max_size=3)) if index else set() for index in range(size)]
    nodes = {f"n{index}": "trial.gather" if need else ("data.enter_data", {"text": f"a\n{index}"}) for index, need in enumerate(needs)}
    return draw(nodes, *(f"n{source}.table n{index}.tables" for index, need in enumerate(needs) for source in need))
