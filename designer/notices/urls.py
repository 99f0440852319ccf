"""URLs of notices, below /api/notices/."""

from django.urls import path

from designer.notices import views

urlpatterns = [
    path("", views.Notices.as_view()),
    path("unread/", views.Unread.as_view()),
    path("read/", views.Read.as_view()),
]
