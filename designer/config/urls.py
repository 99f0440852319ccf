"""All URL patterns. A test requires a row in the permission table for each."""

from django.urls import include, path

from designer.config.schema import Schema

urlpatterns = [
    path("api/schema/", Schema.as_view()),
    path("api/", include("designer.workspaces.urls")),
    path("api/", include("designer.audit.urls")),
    path("api/", include("designer.catalogue.urls")),
    path("api/", include("designer.documents.urls")),
    path("api/", include("designer.runs.urls")),
    path("api/", include("designer.scoring.urls")),
    path("api/", include("designer.store.urls")),
    path("api/", include("designer.schedules.urls")),
    path("api/notices/", include("designer.notices.urls")),
    path("api/datasets/", include("designer.datasets.urls")),
    path("api/imports/", include("designer.imports.urls")),
    path("api/models/", include("designer.registry.urls")),
    path("api/connections/", include("designer.connections.urls")),
    path("api/sweeps/", include("designer.sweeps.urls")),
    path("api/endpoints/", include("designer.endpoints.urls")),
    path("api/published/", include("designer.published.urls")),
    path("api/lineage/", include("designer.lineage.urls")),
    path("api/components/", include("designer.components.urls")),
    path("api/templates/", include("designer.templates.urls")),
    path("api/environments/", include("designer.environments.urls")),
    path("", include("designer.site.urls")),
]

handler400 = "designer.site.failures.bad_request"
handler403 = "designer.site.failures.forbidden"
handler404 = "designer.site.failures.not_found"
handler500 = "designer.site.failures.broken"
