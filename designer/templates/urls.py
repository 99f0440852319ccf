"""URLs of templates, below /api/templates/."""

from django.urls import path

from designer.templates import views

urlpatterns = [
    path("", views.Templates.as_view()),
    path("<str:template>/", views.OneTemplate.as_view()),
    path("<str:template>/pipelines/", views.TemplatePipelines.as_view()),
]
