"""URLs of scoring graphs, below /api/."""

from django.urls import path

from designer.scoring import views

urlpatterns = [
    path("runs/<str:run>/scoring/", views.Scoring.as_view()),
    path("runs/<str:run>/scoring/parity/", views.Parity.as_view()),
    path("runs/<str:run>/scoring/pipeline/", views.AsPipeline.as_view()),
]
