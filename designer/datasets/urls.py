"""Addresses of data sets, below /api/datasets/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
