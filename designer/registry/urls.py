"""URLs of the model registry, below /api/models/."""

from django.urls import path

from designer.registry import transfer_views, views

ONE = "<str:model>/"
VERSION = ONE + "versions/<str:number>/"

urlpatterns = [
    path("", views.Models.as_view()),
    path("imports/", transfer_views.Imports.as_view()),
    path("imports/<str:import_>/", transfer_views.OneImport.as_view()),
    path(ONE, views.OneModel.as_view()),
    path(ONE + "compare/", views.Compare.as_view()),
    path(ONE + "history/", views.History.as_view()),
    path(ONE + "gates/", views.Gates.as_view()),
    path(VERSION + "gates/", views.VersionGates.as_view()),
    path(ONE + "aliases/", views.Aliases.as_view()),
    path(ONE + "aliases/<str:alias>/", views.OneAlias.as_view()),
    path(ONE + "versions/", views.Versions.as_view()),
    path(VERSION, views.OneVersion.as_view()),
    path(VERSION + "stage/", views.VersionStage.as_view()),
    path(VERSION + "download/", views.Download.as_view()),
    path(VERSION + "onnx/", transfer_views.Onnx.as_view()),
]
