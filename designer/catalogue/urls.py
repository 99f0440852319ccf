"""URLs of the catalogue, below /api/."""

from django.urls import path

from designer.catalogue.views import Modules

urlpatterns = [path("modules/", Modules.as_view())]
