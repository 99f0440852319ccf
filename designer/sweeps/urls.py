"""URLs of sweeps, below /api/sweeps/."""

from django.urls import path

from designer.sweeps import views

urlpatterns = [
    path("", views.Sweeps.as_view()),
    path("<str:sweep>/", views.OneSweep.as_view()),
    path("<str:sweep>/cancel/", views.Cancel.as_view()),
]
