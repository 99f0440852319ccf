"""URLs of connections, below /api/connections/."""

from django.urls import path

from designer.connections import views

urlpatterns = [
    path("", views.Connections.as_view()),
    path("<str:connection>/", views.OneConnection.as_view()),
    path("<str:connection>/test/", views.Test.as_view()),
]
