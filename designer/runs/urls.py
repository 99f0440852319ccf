"""URLs of runs, below /api/."""

from django.urls import path

from designer.runs import export_view, reopen_view, views

OUTPUT = "runs/<str:run>/outputs/<str:node>/<str:port>/"

urlpatterns = [
    path("pipelines/<str:pipeline>/runs/", views.PipelineRuns.as_view()),
    path("pipelines/<str:pipeline>/estimates/", views.Estimates.as_view()),
    path("runs/", views.Runs.as_view()),
    path("runs/<str:run>/", views.OneRun.as_view()),
    path("runs/<str:run>/events/", views.Events.as_view()),
    path("runs/<str:run>/cancel/", views.Cancel.as_view()),
    path("runs/<str:run>/again/", views.Again.as_view()),
    path("runs/<str:run>/export/", export_view.Export.as_view()),
    path("runs/<str:run>/receipt/", views.Receipt.as_view()),
    path("runs/<str:run>/verification/", views.Verification.as_view()),
    path("runs/<str:run>/steps/<str:node>/why/", views.Why.as_view()),
    path("runs/<str:run>/steps/<str:node>/items/", views.Items.as_view()),
    path("runs/<str:run>/steps/<str:node>/items/best/", views.BestItems.as_view()),
    path(OUTPUT + "rows/", views.Rows.as_view()),
    path(OUTPUT + "profile/", views.Profile.as_view()),
    path(OUTPUT + "report/", views.Report.as_view()),
    path(OUTPUT + "download/", views.Download.as_view()),
    path(OUTPUT + "save/", views.Save.as_view()),
    path(OUTPUT + "pipeline/", reopen_view.Reopen.as_view()),
]
