"""A test's path is computed from its source's path; whatever is tested elsewhere is listed here with the place."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDS_NONE = {"__init__.py", "apps.py", "admin.py", "urls.py"}  # packages, registrations and lists of addresses

VIEWS = "tests/designer/{}/test_views.py"
PARSE = "tests/designer/datasets/parsing/test_parse.py"
EVALUATE = "tests/pipelines/modules/evaluation/test_evaluate_model.py"
ANOMALIES = "tests/pipelines/modelling/tasks/test_anomaly.py"
CLUSTERS = "tests/pipelines/modelling/tasks/test_clustering.py"
LEARNERS = "tests/pipelines/modules/test_every_learner.py"
LOGISTIC = "tests/pipelines/modules/classification/test_two_class_logistic_regression.py"
MULTI_CLASS = "tests/pipelines/modelling/tasks/test_multi_class.py"
LEAKAGE = "tests/pipelines/validation/test_leakage.py"
SHELF = "tests/pipelines/modules/forecasting/test_{}.py"
FORECAST = SHELF.format("forecast")
BROKEN = "tests/designer/datasets/parsing/test_broken.py"

# Files too small or too close to another to have a test of their own, and the test through which they are tested.
THROUGH = {
    # the parts of the ledger, which its tests go through
    "pipelines/execution/datasets.py": "tests/pipelines/test_flow.py",
    "pipelines/runtime/storage/references.py": "tests/pipelines/runtime/storage/test_garbage_collection.py",
    "pipelines/runtime/ledger/unit_of_work.py": "tests/pipelines/runtime/ledger/test_ledger.py",
    **{
        f"pipelines/serving/{name}.py": "tests/pipelines/serving/test_derivation.py" for name in ("graph", "walk", "narrowing", "signature")
    },
    **{f"pipelines/serving/{name}.py": "tests/pipelines/serving/test_scorer.py" for name in ("bundle", "engine", "made_rows", "matching")},
    **{
        f"pipelines/modelling/{name}.py": "tests/pipelines/serving/test_scorer.py"
        for name in ("row_encoders", "row_predictor", "row_trees")
    },
    "pipelines/execution/targets/warm.py": "tests/pipelines/serving/test_isolated.py",
    **{
        f"pipelines/exchange/{name}.py": "tests/pipelines/exchange/test_reading.py"
        for name in ("asked", "boosters", "estimators", "found", "mlflow_files")
    },
    **{f"pipelines/exchange/{name}.py": "tests/pipelines/runtime/test_exchange.py" for name in ("job", "order", "stored")},
    "pipelines/exchange/onnx_encoding.py": "tests/pipelines/exchange/test_onnx_writing.py",
    "pipelines/execution/targets/errand.py": "tests/pipelines/runtime/test_exchange.py",
    **{f"pipelines/modelling/{name}.py": "tests/pipelines/exchange/test_reading.py" for name in ("imported", "families/imported")},
    **{f"designer/registry/{name}.py": "tests/designer/registry/test_transfer_views.py" for name in ("tasks", "transfer_schemas")},
    "pipelines/catalogue/row_functions.py": "tests/pipelines/serving/test_compiled.py",
    "pipelines/serving/converting.py": "tests/pipelines/serving/test_checking.py",
    "pipelines/runtime/queries/scoring.py": VIEWS.format("scoring"),
    "designer/workspaces/client_keys.py": VIEWS.format("endpoints"),
    **{f"designer/published/{name}.py": VIEWS.format("published") for name in ("ends", "models", "services")},
    **{
        f"designer/published/{name}.py": "tests/designer/published/test_run_views.py"
        for name in ("authentication", "queries", "run_schemas", "saving", "starting")
    },
    "pipelines/kinds/scoring_graph.py": "tests/pipelines/modules/scoring/test_score_in_batches.py",
    **{f"designer/scoring/{name}.py": VIEWS.format("scoring") for name in ("models", "schemas", "services")},
    "designer/scoring/proven.py": "tests/designer/registry/test_gates.py",
    "pipelines/models/fans.py": "tests/pipelines/runtime/ledger/test_fans.py",
    "pipelines/models/storage.py": "tests/pipelines/runtime/storage/test_usage.py",
    "pipelines/runtime/checks.py": "tests/pipelines/test_flow.py",
    "pipelines/runtime/ledger/endings.py": "tests/pipelines/runtime/ledger/test_ledger.py",
    "pipelines/runtime/ledger/items.py": "tests/pipelines/runtime/ledger/test_fans.py",
    "pipelines/runtime/ledger/values.py": "tests/pipelines/runtime/ledger/test_sql.py",
    **{f"pipelines/runtime/queries/{name}.py": VIEWS.format("runs") for name in ("items", "item_order")},
    "pipelines/runtime/worker/chunks.py": "tests/pipelines/runtime/ledger/test_fans.py",
    "pipelines/runtime/ledger/claim.py": "tests/pipelines/runtime/ledger/test_ledger.py",
    "pipelines/runtime/ledger/leases.py": "tests/pipelines/runtime/worker/test_heartbeat.py",
    "pipelines/runtime/ledger/run_spec.py": "tests/pipelines/runtime/ledger/test_ledger.py",
    "pipelines/runtime/queries/runs.py": "tests/pipelines/test_flow.py",
    "pipelines/runtime/local.py": "tests/pipelines/test_flow.py",
    "pipelines/execution/targets/base.py": "tests/pipelines/execution/targets/test_images.py",
    "pipelines/catalogue/packages.py": "tests/pipelines/catalogue/test_discover.py",
    **{
        f"pipelines/kinds/{name}.py": "tests/pipelines/execution/test_codecs.py"
        for name in ("report", "table", "transform", "untrained_model")
    },
    "pipelines/modelling/by_group/series.py": "tests/pipelines/modules/training/test_train_lag_models.py",
    **{
        f"pipelines/modelling/forecasting/{name}.py": FORECAST
        for name in ("charts", "forecaster", "frequency", "intervals", "lags", "features", "panel", "reading", "tables")
    },
    **{f"pipelines/kinds/{name}.py": FORECAST for name in ("forecaster", "untrained_forecaster")},
    "pipelines/modelling/forecasting/baselines.py": SHELF.format("baseline"),
    "pipelines/modelling/forecasting/method.py": SHELF.format("baseline"),
    "pipelines/modelling/forecasting/statistical.py": SHELF.format("exponential_smoothing"),
    "pipelines/modelling/forecasting/automatic.py": SHELF.format("arima"),
    "pipelines/modelling/forecasting/intermittent.py": SHELF.format("intermittent_demand"),
    "pipelines/modelling/forecasting/preparing.py": SHELF.format("prepare_time_series"),
    "pipelines/modelling/forecasting/measures.py": SHELF.format("backtest"),
    "pipelines/modelling/forecasting/rolling.py": SHELF.format("backtest"),
    "pipelines/modelling/forecasting/reconciliation.py": SHELF.format("reconcile_forecasts"),
    **{f"pipelines/modelling/forecasting/{name}.py": SHELF.format("train_best_forecaster") for name in ("checks", "judging")},
    "pipelines/modelling/forecasting/portfolio.py": "tests/pipelines/modelling/forecasting/test_strategy.py",
    "pipelines/modelling/automl/history.py": "tests/pipelines/modelling/automl/test_strategy.py",
    "pipelines/modelling/leaks.py": "tests/pipelines/modules/training/test_train_model_notes.py",
    **{
        f"pipelines/modelling/guardrails/{name}.py": "tests/pipelines/modelling/guardrails/test_guardrails.py"
        for name in ("afterwards", "columns", "copies", "drift", "guardrail", "label", "names", "rows", "texts", "times")
    },
    "pipelines/modelling/drawing.py": "tests/pipelines/modules/transform/test_split_data.py",
    "pipelines/modelling/images/gallery.py": "tests/pipelines/kinds/test_images.py",
    "pipelines/catalogue/lineage.py": LEAKAGE,
    "pipelines/validation/lineage.py": LEAKAGE,
    "pipelines/catalogue/shelf.py": "tests/pipelines/catalogue/test_discover.py",
    **{f"pipelines/modelling/{name}.py": LEARNERS for name in ("encoders", "explanation", "family", "families/scikit_learn")},
    **{f"pipelines/modelling/{name}.py": EVALUATE for name in ("task", "tasks/regression", "tasks/two_class")},
    "pipelines/modelling/contributions.py": "tests/pipelines/modules/selection/test_explain_predictions.py",
    "pipelines/modelling/evaluation/influences.py": "tests/pipelines/modelling/evaluation/test_differences.py",
    **{f"pipelines/modelling/evaluation/{name}.py": EVALUATE for name in ("curves", "intervals", "scored")},
    **{f"pipelines/modelling/{name}.py": MULTI_CLASS for name in ("classes", "evaluation/class_scores", "evaluation/confusion")},
    **{f"pipelines/modelling/{name}.py": CLUSTERS for name in ("clusters", "evaluation/cluster_charts")},
    "pipelines/modelling/evaluation/anomaly_charts.py": ANOMALIES,
    "pipelines/modelling/anomalies.py": "tests/pipelines/modules/anomaly/test_pca_based.py",
    "pipelines/modelling/families/anomaly.py": "tests/pipelines/modules/anomaly/test_local_outlier_factor.py",
    "pipelines/modelling/families/clustering.py": "tests/pipelines/modules/clustering/test_k_means.py",
    "pipelines/modelling/predictions.py": "tests/pipelines/modules/scoring/test_score_model.py",
    **{f"pipelines/modelling/{name}.py": LOGISTIC for name in ("solvers", "families/linear")},
    "pipelines/modelling/transformations/n_grams.py": "tests/pipelines/modules/text/test_extract_n_grams.py",
    "pipelines/modelling/transformations/hashing.py": "tests/pipelines/modules/text/test_feature_hashing.py",
    "pipelines/modelling/transformations/topics.py": "tests/pipelines/modules/text/test_latent_dirichlet_allocation.py",
    "pipelines/modelling/transformations/text_vectors.py": "tests/pipelines/modules/text/test_convert_word_to_vector.py",
    "pipelines/modelling/words.py": "tests/pipelines/modules/text/test_preprocess_text.py",
    "pipelines/modelling/fitted.py": "tests/pipelines/modules/transform/test_apply_transformation.py",
    "pipelines/modelling/transformations/projecting.py": "tests/pipelines/modules/selection/test_pca.py",
    "pipelines/modelling/transformations/selecting.py": "tests/pipelines/modules/selection/test_filter_based.py",
    "pipelines/modelling/families/poisson.py": "tests/pipelines/modules/regression/test_poisson_regression.py",
    "pipelines/modelling/families/histogram_boosting.py": "tests/pipelines/modules/regression/test_histogram_boosting.py",
    "pipelines/modelling/families/one_against.py": "tests/pipelines/modules/classification/test_one_vs_all.py",
    "pipelines/modelling/families/xgboost.py": "tests/pipelines/modules/classification/test_two_class_xgboost.py",
    "pipelines/modelling/families/catboost.py": "tests/pipelines/modules/classification/test_two_class_catboost.py",
    "pipelines/modelling/families/lightgbm.py": "tests/pipelines/modules/regression/test_boosted_trees.py",
    **{
        f"pipelines/modelling/{name}.py": "tests/pipelines/modules/regression/test_fast_forest_quantile.py"
        for name in ("quantile_forest", "families/quantile_forest", "tasks/quantile")
    },
    **{
        f"pipelines/modelling/{name}.py": "tests/pipelines/modules/classification/test_ordinal_regression.py"
        for name in ("ordinal", "families/ordinal")
    },
    **{f"pipelines/modelling/{name}.py": "tests/pipelines/modules/training/test_voting.py" for name in ("parts", "families/combined")},
    **{
        f"pipelines/modelling/{name}.py": "tests/pipelines/modules/classification/test_two_class_bayes_point_machine.py"
        for name in ("bayes_point", "families/bayes_point")
    },
    "pipelines/modelling/families/calibrated.py": "tests/pipelines/modules/training/test_calibrate_classifier.py",
    **{
        f"pipelines/modelling/{name}.py": "tests/pipelines/modules/training/test_transform_label.py"
        for name in ("log_label", "families/log_label")
    },
    "pipelines/graph/json_shapes.py": "tests/pipelines/graph/test_codec.py",
    "designer/scoring/refusing.py": "tests/designer/scoring/test_views.py",
    "designer/endpoints/uses.py": "tests/designer/lineage/test_endpoints.py",
    "designer/published/uses.py": "tests/designer/documents/test_uses.py",
    "designer/schedules/uses.py": "tests/designer/documents/test_uses.py",
    "designer/scoring/uses.py": "tests/designer/documents/test_uses.py",
    "designer/lineage/registered.py": "tests/designer/lineage/test_endpoints.py",
    "designer/readers.py": "tests/designer/test_variables.py",
    **{
        f"pipelines/{name}.py": "tests/pipelines/modules/script/test_python_model.py"
        for name in ("catalogue/isolation", "modelling/scripted", "modelling/families/scripted")
    },
    "pipelines/modelling/user_code.py": "tests/pipelines/modules/script/test_python.py",
    "pipelines/modelling/settings.py": "tests/pipelines/modelling/test_learner.py",
    "pipelines/preview/histogram.py": "tests/pipelines/preview/test_profile.py",
    "pipelines/preview/cells.py": "tests/pipelines/preview/test_rows.py",
    "pipelines/preview/columns.py": "tests/pipelines/preview/test_rows.py",
    "pipelines/preview/conditions.py": "tests/pipelines/preview/test_rows.py",
    "pipelines/preview/query.py": "tests/pipelines/preview/test_rows.py",
    "designer/http/attachments.py": VIEWS.format("runs"),
    "designer/config/celery.py": "tests/pipelines/runtime/worker/test_bootstep.py",
    "pipelines/modelling/skops_io.py": "tests/pipelines/runtime/worker/test_bootstep.py",
    "designer/site/manage.py": "tests/designer/test_variables.py",
    "designer/http/content_security.py": VIEWS.format("site"),
    "designer/config/schema.py": "tests/designer/http/test_openapi.py",
    "designer/config/settings.py": "tests/integration/test_team_installation.py",
    "designer/config/routing.py": "tests/designer/workspaces/test_permission_matrix.py",
    "designer/http/static.py": VIEWS.format("site"),
    "designer/site/page_tags.py": VIEWS.format("site"),
    "designer/actions.py": "tests/designer/workspaces/test_permission_matrix.py",
    "designer/audit/models.py": "tests/designer/audit/test_trail.py",
    "designer/audit/queries.py": VIEWS.format("audit"),
    "designer/datasets/models.py": VIEWS.format("datasets"),
    "designer/datasets/services.py": VIEWS.format("datasets"),
    "designer/datasets/quota.py": VIEWS.format("store"),
    "designer/store/tasks.py": VIEWS.format("store"),
    "designer/datasets/ingest.py": VIEWS.format("datasets"),
    "designer/datasets/parsing/columnar.py": PARSE,
    "designer/datasets/parsing/delimited.py": PARSE,
    "designer/datasets/parsing/errors.py": BROKEN,
    "designer/datasets/parsing/excel.py": PARSE,
    "designer/datasets/parsing/faults.py": BROKEN,
    "designer/datasets/parsing/formats.py": PARSE,
    "designer/datasets/parsing/header.py": PARSE,
    "designer/datasets/parsing/json_lines.py": PARSE,
    "designer/datasets/parsing/limits.py": BROKEN,
    "designer/datasets/parsing/lines.py": PARSE,
    "designer/datasets/parsing/text.py": PARSE,
    "designer/datasets/parsing/decoded.py": "tests/designer/datasets/parsing/test_room.py",
    "designer/datasets/parsing/flat.py": "tests/designer/datasets/parsing/test_room.py",
    **{f"pipelines/texts/{name}.py": "tests/pipelines/texts/test_typed.py" for name in ("dates", "kinds", "notes", "rules")},
    "designer/documents/lib0.py": "tests/designer/documents/test_bounds.py",
    "designer/documents/open_draft.py": "tests/designer/documents/test_repository.py",
    "designer/documents/models.py": VIEWS.format("documents"),
    "designer/runs/guardrail_schemas.py": VIEWS.format("runs"),
    "designer/runs/verdict_schemas.py": "tests/designer/runs/test_views_receipts.py",
    "designer/documents/services.py": VIEWS.format("documents"),
    "designer/documents/broadcast.py": "tests/designer/documents/test_consumer.py",
    "designer/environments/services.py": VIEWS.format("environments"),
    "designer/connections/services.py": VIEWS.format("connections"),
    "pipelines/models/sweeps.py": "tests/pipelines/runtime/test_sweeps.py",
    "pipelines/runtime/cancelling.py": "tests/pipelines/runtime/test_sweeps.py",
    "pipelines/runtime/ledger/opening.py": "tests/pipelines/runtime/test_sweeps.py",
    "pipelines/runtime/ledger/sharing.py": "tests/pipelines/runtime/test_sweeps.py",
    "pipelines/runtime/starting.py": "tests/pipelines/test_flow.py",
    "pipelines/runtime/planning.py": "tests/pipelines/runtime/test_sweeps.py",
    "designer/templates/models.py": VIEWS.format("templates"),
    "designer/templates/services.py": VIEWS.format("templates"),
    **{f"designer/components/{name}.py": VIEWS.format("components") for name in ("apps", "models", "services")},
    "designer/templates/apps.py": VIEWS.format("templates"),
    "designer/sweeps/queries.py": VIEWS.format("sweeps"),
    "designer/sweeps/services.py": VIEWS.format("sweeps"),
    "pipelines/runtime/queries/sweeps.py": VIEWS.format("sweeps"),
    **{
        f"designer/registry/{name}.py": VIEWS.format("registry")
        for name in ("decisions", "exports", "models", "names", "queries", "signatures", "uses")
    },
    **{f"designer/lineage/{name}.py": VIEWS.format("lineage") for name in ("datasets", "kinds", "queries", "runs")},
    "designer/lineage/models.py": "tests/designer/lineage/test_delivery.py",
    "pipelines/runtime/queries/lineage.py": VIEWS.format("lineage"),
    **{f"pipelines/export/{name}.py": "tests/designer/documents/test_exports.py" for name in ("script", "session")},
    **dict.fromkeys(
        ("designer/runs/management/commands/export.py", "designer/runs/export_view.py", "pipelines/runtime/exports.py"),
        "tests/designer/documents/test_exports.py",
    ),
    **{f"designer/schedules/{name}.py": VIEWS.format("schedules") for name in ("controls", "models", "queries", "services")},
    **{f"designer/schedules/{name}.py": "tests/designer/schedules/test_scheduler.py" for name in ("planning", "starting")},
    **{f"designer/schedules/{name}.py": "tests/designer/schedules/test_trigger_views.py" for name in ("sources", "triggers", "watch")},
    **{
        f"designer/imports/{name}.py": VIEWS.format("imports")
        for name in ("changes", "models", "queries", "refreshing", "services", "source")
    },
    "designer/notices/models.py": VIEWS.format("notices"),
    "designer/endpoints/monitor_settings.py": "tests/designer/endpoints/test_monitoring.py",
    **{f"designer/endpoints/keeping_{name}.py": "tests/designer/endpoints/test_samples.py" for name in ("schemas", "services", "views")},
    "designer/config/serving.py": "tests/e2e/test_schedules.py",
    "designer/datasets/reader.py": "tests/pipelines/modules/data/test_import_data.py",
    "pipelines/catalogue/connection.py": "tests/pipelines/outside/test_database.py",
    "pipelines/catalogue/freshness.py": "tests/pipelines/runtime/test_outside.py",
    "pipelines/outside/files.py": "tests/pipelines/modules/data/test_import_data.py",
    "pipelines/outside/reach.py": "tests/pipelines/outside/test_database.py",
    "pipelines/outside/rows.py": "tests/pipelines/outside/test_tables.py",
    "pipelines/outside/trial.py": VIEWS.format("connections"),
    "pipelines/runtime/connections.py": VIEWS.format("connections"),
    "designer/http/previews.py": VIEWS.format("runs"),
    "designer/runs/queries.py": VIEWS.format("runs"),
    "designer/runs/services.py": VIEWS.format("runs"),
    "designer/site/bundle.py": VIEWS.format("site"),
    "designer/site/failures.py": VIEWS.format("site"),
    "designer/site/forms.py": VIEWS.format("site"),
    "designer/workspaces/authentication.py": VIEWS.format("workspaces"),
    "designer/workspaces/permission_class.py": "tests/designer/workspaces/test_permission_matrix.py",
    "designer/workspaces/links.py": VIEWS.format("workspaces"),
    "designer/workspaces/models.py": VIEWS.format("workspaces"),
    "designer/workspaces/people.py": VIEWS.format("workspaces"),
    "designer/workspaces/permissions.py": "tests/designer/workspaces/test_permission_matrix.py",
    "designer/workspaces/token_hashing.py": VIEWS.format("workspaces"),
    "designer/workspaces/guesses.py": VIEWS.format("site"),
    **{
        f"designer/endpoints/{name}.py": VIEWS.format("endpoints")
        for name in ("limits", "models", "moves", "queries", "services", "tasks", "testing", "tickets")
    },
    **{
        f"designer/endpoints/serving/{name}.py": "tests/designer/endpoints/serving/test_app.py"
        for name in ("callers", "counting", "description", "model", "rates", "replies", "routing", "scoring", "simple")
    },
    "designer/endpoints/serving/server.py": "tests/designer/endpoints/serving/test_live_change.py",
    "designer/http/guarded.py": "tests/designer/site/test_server.py",
    "designer/site/child.py": "tests/designer/site/test_supervisor.py",
    "designer/endpoints/monitor_schemas.py": VIEWS.format("endpoints"),
    # What the API of a noun takes and answers.
    **{str(path.relative_to(ROOT)): VIEWS.format(path.parent.name) for path in sorted((ROOT / "designer").glob("*/schemas.py"))},
}


def sources() -> list[str]:
    found = [path.relative_to(ROOT) for folder in ("pipelines", "designer") for path in (ROOT / folder).rglob("*.py")]
    kept = (path for path in found if path.name not in NEEDS_NONE and not {"migrations", "management"} & set(path.parts))
    return sorted(str(path) for path in kept)


def mirror(source: str) -> Path:
    """Where a source's test stands; what a folder's files share (`_name.py`, `__main__.py`) is tested with them."""
    path = ROOT / "tests" / source
    return path.parent if path.name.startswith("_") else path.with_name(f"test_{path.name}")


def has_tests(place: Path) -> bool:
    return place.is_file() if place.suffix else any(place.glob("test_*.py"))


def test_every_source_has_a_test_at_the_mirrored_path():
    """Write the test, or say in THROUGH where the source is tested."""
    missing = {source: str(mirror(source).relative_to(ROOT)) for source in sources() if not has_tests(mirror(source))}
    assert {source: place for source, place in missing.items() if source not in THROUGH} == {}


def test_what_is_listed_is_there_and_needs_to_be_listed():
    """A source that is gone, or has a test of its own now, is taken off the list."""
    assert [source for source in THROUGH if not (ROOT / source).is_file()] == []
    assert {source: test for source, test in THROUGH.items() if not (ROOT / test).is_file()} == {}
    assert [source for source in THROUGH if has_tests(mirror(source))] == []


def sources_of(test: Path) -> list[Path]:
    """What a test may be of: `test_pulse_limits.py` of `pulse_limits.py`, or, as a part of a long test, of `pulse.py`."""
    words = test.stem.removeprefix("test_").split("_")
    place = ROOT / test.parent.relative_to(ROOT / "tests")
    return [place / f"{'_'.join(words[: some + 1])}.py" for some in range(len(words))]


def test_every_test_of_the_engine_stands_where_its_source_does():
    engine = ROOT / "tests" / "pipelines"
    stray = {
        str(test.relative_to(engine))
        for test in engine.rglob("test_*.py")
        if not any(source.is_file() for source in sources_of(test))
        and test.stem.removeprefix("test_") != test.parent.name  # the test of a folder's own __init__.py
    }
    assert stray <= {
        "test_samples_are_right.py",
        "modelling/guardrails/test_planted.py",
        "modules/test_every_example.py",
        "modules/test_every_learner.py",
        "modules/test_every_module.py",
        "modules/test_plain_libraries.py",
        "modules/test_torture.py",
        "modules/test_torture_forecasting.py",
        "modules/test_torture_learners.py",
        "modules/test_torture_optional.py",
        "test_any_graph.py",
    }
