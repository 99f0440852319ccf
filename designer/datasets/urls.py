"""URLs of datasets, below /api/datasets/."""

from django.urls import path

from designer.datasets import views

urlpatterns = [
    path("", views.Datasets.as_view()),
    path("<str:dataset>/", views.OneDataset.as_view()),
    path("<str:dataset>/versions/", views.Versions.as_view()),
    path("<str:dataset>/rows/", views.Rows.as_view()),
    path("<str:dataset>/profile/", views.Profile.as_view()),
    path("<str:dataset>/download/", views.Download.as_view()),
]
