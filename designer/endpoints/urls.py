"""URLs of endpoints, below /api/endpoints/."""

from django.urls import path

from designer.endpoints import keeping_views, views

urlpatterns = [
    path("", views.Endpoints.as_view()),
    path("<str:endpoint>/", views.OneEndpoint.as_view()),
    path("<str:endpoint>/versions/", views.Versions.as_view()),
    path("<str:endpoint>/versions/<int:number>/", views.OneVersion.as_view()),
    path("<str:endpoint>/alias/", views.Alias.as_view()),
    path("<str:endpoint>/rollback/", views.Rollback.as_view()),
    path("<str:endpoint>/keys/", views.Keys.as_view()),
    path("<str:endpoint>/keys/<str:key>/", views.OneKey.as_view()),
    path("<str:endpoint>/monitor/", views.Monitor.as_view()),
    path("<str:endpoint>/monitor/drift/", views.Drift.as_view()),
    path("<str:endpoint>/monitor/settings/", views.MonitorSettings.as_view()),
    path("<str:endpoint>/keeping/", keeping_views.Keep.as_view()),
    path("<str:endpoint>/keeping/dataset/", keeping_views.KeptDataset.as_view()),
    path("<str:endpoint>/keeping/rows/", keeping_views.KeptRows.as_view()),
    path("<str:endpoint>/truth/", keeping_views.TruthOfEndpoint.as_view()),
    path("<str:endpoint>/test/", views.Test.as_view()),
]
