"""URLs of schedules and triggers, below /api/."""

from django.urls import path

from designer.schedules import trigger_views, views

urlpatterns = [
    path("schedules/", views.Schedules.as_view()),
    path("schedules/times/", views.Times.as_view()),
    path("schedules/<str:schedule>/", views.OneSchedule.as_view()),
    path("schedules/<str:schedule>/ticks/", views.Ticks.as_view()),
    path("schedules/<str:schedule>/pause/", views.Pause.as_view()),
    path("schedules/<str:schedule>/resume/", views.Resume.as_view()),
    path("schedules/<str:schedule>/run/", views.RunNow.as_view()),
    path("schedules/<str:schedule>/backfill/", views.Backfill.as_view()),
    path("triggers/", trigger_views.Triggers.as_view()),
    path("triggers/<str:trigger>/", trigger_views.OneTrigger.as_view()),
    path("triggers/<str:trigger>/ticks/", trigger_views.Ticks.as_view()),
    path("triggers/<str:trigger>/pause/", trigger_views.Pause.as_view()),
    path("triggers/<str:trigger>/resume/", trigger_views.Resume.as_view()),
    path("triggers/<str:trigger>/run/", trigger_views.RunNow.as_view()),
    path("triggers/<str:trigger>/secret/", trigger_views.Secret.as_view()),
    path("hooks/<str:hook>/", trigger_views.Hook.as_view()),
]
