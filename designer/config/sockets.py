"""All websocket addresses. A test walks them: each has its row in the permission table."""

from django.urls import path

from designer.documents.consumer import DocumentConsumer
from designer.runs.consumer import RunConsumer

routes = [
    path("ws/pipelines/<str:pipeline>/", DocumentConsumer.as_asgi()),
    path("ws/runs/<str:run>/", RunConsumer.as_asgi()),
]
