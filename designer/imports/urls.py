"""URLs of imports, below /api/imports/."""

from django.urls import path

from designer.imports import views

urlpatterns = [
    path("", views.Imports.as_view()),
    path("<str:source>/", views.OneImport.as_view()),
    path("<str:source>/refresh/", views.RefreshNow.as_view()),
]
