"""Runs in the peer's own environment (see peer.py): Kedro runs a chain of empty nodes, each output a Parquet file. Prints ms per step."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pandas as pd
from kedro.io import DataCatalog
from kedro.pipeline import node, pipeline
from kedro.runner import SequentialRunner
from kedro_datasets.pandas import ParquetDataset


def main(cars: Path, steps: int) -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as scratch:
        files = [ParquetDataset(filepath=f"{scratch}/{number}.parquet") for number in range(steps + 1)]
        files[0].save(pd.read_csv(cars))
        catalog = DataCatalog({f"t{number}": file for number, file in enumerate(files)})
        chain = pipeline([node(pass_on, f"t{number}", f"t{number + 1}", name=f"n{number}") for number in range(steps)])
        taken = []
        for _ in range(4):
            started = time.perf_counter()
            SequentialRunner().run(chain, catalog)
            taken.append(time.perf_counter() - started)
    print(median(taken[1:]) * 1000 / steps)


def pass_on(table: pd.DataFrame) -> pd.DataFrame:
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
