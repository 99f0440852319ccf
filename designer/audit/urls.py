"""URLs of the audit trail, below /api/."""

from django.urls import path

from designer.audit import views

urlpatterns = [
    path("me/sign-ins/", views.SignIns.as_view()),
    path("workspaces/<str:workspace>/audit/", views.WorkspaceTrail.as_view()),
    path("workspaces/<str:workspace>/audit/export/", views.Export.as_view()),
]
