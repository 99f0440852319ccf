"""URLs of published pipelines, below /api/published/."""

from django.urls import path

from designer.published import run_views, views

urlpatterns = [
    path("", views.PublishedPipelines.as_view()),
    path("<str:published>/", views.OnePublished.as_view()),
    path("<str:published>/versions/", views.Versions.as_view()),
    path("<str:published>/versions/<int:number>/", views.OneVersion.as_view()),
    path("<str:published>/default/", views.Default.as_view()),
    path("<str:published>/keys/", views.Keys.as_view()),
    path("<str:published>/keys/<str:client>/", views.OneKey.as_view()),
    path("<str:published>/runs/", run_views.PublishedRuns.as_view()),
    path("<str:published>/runs/<str:run>/", run_views.OnePublishedRun.as_view()),
    path("<str:published>/runs/<str:run>/cancel/", run_views.CancelPublishedRun.as_view()),
    path("<str:published>/runs/<str:run>/results/<str:result>/", run_views.PublishedResults.as_view()),
]
