"""URLs of accounts, workspaces and tokens, below /api/."""

from django.urls import path

from designer.workspaces import account, views

urlpatterns = [
    path("me/", account.Me.as_view()),
    path("workspaces/", views.Workspaces.as_view()),
    path("workspaces/<str:workspace>/", views.OneWorkspace.as_view()),
    path("workspaces/<str:workspace>/limits/", views.WorkspaceLimits.as_view()),
    path("workspaces/<str:workspace>/members/", views.Members.as_view()),
    path("workspaces/<str:workspace>/members/<str:user>/", views.OneMember.as_view()),
    path("workspaces/<str:workspace>/invitations/", views.Invitations.as_view()),
    path("tokens/", account.Tokens.as_view()),
    path("tokens/<str:token>/", account.OneToken.as_view()),
]
