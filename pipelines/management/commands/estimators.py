"""Write the forms of scikit-learn's estimators: `python manage.py estimators > pipelines/modelling/estimators.json`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from pipelines.modelling.constraints import as_json, forms


class Command(BaseCommand):
    """Prints what the estimators of the installed scikit-learn are and which parameters they have, as JSON."""

    help = "Print the forms of scikit-learn's estimators as JSON."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(as_json({kind: forms(kind) for kind in ("classifier", "regressor")}))
