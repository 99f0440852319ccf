"""URLs of the catalogue, below /api/."""

from django.urls import path

from designer.catalogue.views import Modules, OneModule, Options

urlpatterns = [
    path("modules/", Modules.as_view()),
    path("modules/<str:module>/", OneModule.as_view()),
    path("modules/<str:module>/options/<str:param>/", Options.as_view()),
]
