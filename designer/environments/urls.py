"""URLs of environments, below /api/environments/."""

from django.urls import path

from designer.environments import views

urlpatterns = [
    path("", views.Environments.as_view()),
    path("<str:environment>/", views.OneEnvironment.as_view()),
    path("<str:environment>/build/", views.Building.as_view()),
    path("<str:environment>/log/", views.Log.as_view()),
]
