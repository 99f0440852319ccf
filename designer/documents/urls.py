"""URLs of pipelines, below /api/."""

from django.urls import path

from designer.documents import views

urlpatterns = [
    path("samples/", views.Samples.as_view()),
    path("samples/<slug:slug>/open/", views.OpenSample.as_view()),
    path("pipelines/", views.Pipelines.as_view()),
    path("pipelines/<str:pipeline>/", views.OnePipeline.as_view()),
    path("pipelines/<str:pipeline>/graph/", views.PipelineGraph.as_view()),
    path("pipelines/<str:pipeline>/parameters/", views.PipelineParameters.as_view()),
    path("pipelines/<str:pipeline>/export/", views.PipelineExport.as_view()),
    path("pipelines/<str:pipeline>/check/", views.PipelineCheck.as_view()),
    path("pipelines/<str:pipeline>/uses/", views.PipelineUses.as_view()),
    path("pipelines/<str:pipeline>/versions/", views.Versions.as_view()),
]
