"""URLs of pages."""

from django.urls import path, re_path

from designer.site import health, metrics, views

CANVAS = (
    r"^(?:pipelines/\w+|datasets(?:/\w+)?|runs(?:/\w+(?:/scoring)?)?|sweeps(?:/\w+)?|automl(?:/\w+)?|team"
    r"|audit|account|modules(?:/[\w.]+)?|models(?:/\w+)?|endpoints(?:/\w+)?|published(?:/\w+)?|lineage|schedules)?/?$"
)

urlpatterns = [
    path("sign-in", views.SignIn.as_view()),
    path("sign-in/link/<str:secret>", views.SignInByLink.as_view()),
    path("sign-out", views.SignOut.as_view()),
    path("join/<str:secret>", views.Join.as_view()),
    path("health", health.Health.as_view()),
    path("ready", health.Ready.as_view()),
    path("metrics", metrics.Metrics.as_view()),
    re_path(CANVAS, views.Canvas.as_view()),
]
