"""JSON answers are compressed; files sent to be saved and answers in pieces are not."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressJSON(GZipMiddleware):
    """Django's gzip, with its random padding against BREACH, for whole JSON bodies alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        return super().process_response(request, response)
