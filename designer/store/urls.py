"""URLs of stores, below /api/."""

from django.urls import path

from designer.store import views

urlpatterns = [
    path("workspaces/<str:workspace>/store/", views.Store.as_view()),
    path("workspaces/<str:workspace>/clean/", views.Clean.as_view()),
]
