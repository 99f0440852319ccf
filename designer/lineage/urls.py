"""URLs of lineage, below /api/lineage/."""

from django.urls import path

from designer.lineage import views

urlpatterns = [path("", views.Lineage.as_view())]
