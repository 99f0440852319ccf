"""Compression of JSON responses; downloads and streamed responses stay uncompressed."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressJSON(GZipMiddleware):
    """Django's gzip, with its random padding against BREACH, for whole JSON bodies only."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        return super().process_response(request, response)
