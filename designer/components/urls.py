"""URLs of components, below /api/components/."""

from django.urls import path

from designer.components import views

urlpatterns = [
    path("", views.Components.as_view()),
    path("<str:component>/", views.OneComponent.as_view()),
    path("<str:component>/versions/", views.ComponentVersions.as_view()),
    path("<str:component>/versions/<int:number>/", views.OneComponentVersion.as_view()),
]
