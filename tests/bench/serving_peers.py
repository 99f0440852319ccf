"""The peers of `tests.bench.serving`, on the server that Easel uses: an empty ASGI application, and FastAPI with a plain scikit-learn pipeline."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "designer" / "datasets" / "samples"
BODY = b'{"rows":[{"Scored Labels":"<=50K"}]}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def empty(scope, receive, send):
    """Read the body, and answer the same."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


def fastapi():
    """FastAPI with pandas and a scikit-learn pipeline of the income data, as most people write it."""
    import pandas  # noqa: PLC0415
    from fastapi import FastAPI  # noqa: PLC0415
    from sklearn.compose import make_column_selector, make_column_transformer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: PLC0415

    data = pandas.read_parquet(SAMPLES / "adult_census_income.parquet")
    label = data.columns[-1]
    columns = ["education", "education-num", "marital-status", "relationship", "capital-gain"]
    prepared = make_column_transformer(
        (StandardScaler(), make_column_selector(dtype_include="number")), remainder=OneHotEncoder(handle_unknown="ignore")
    )
    model = make_pipeline(prepared, LogisticRegression(max_iter=200)).fit(data[columns], data[label])
    app = FastAPI()

    @app.post("/score")
    async def score(body: dict) -> dict:
        rows = pandas.DataFrame(body["rows"])
        return {
            "rows": [{"label": label, "p": float(p)} for label, p in zip(model.predict(rows), model.predict_proba(rows)[:, 1], strict=True)]
        }

    return app
