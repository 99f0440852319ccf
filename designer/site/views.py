"""Pages for people: the canvas, sign-in and joining."""

from __future__ import annotations

import math
import re
from typing import ClassVar

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import ensure_csrf_cookie

from designer.audit import trail
from designer.http import rate_limits
from designer.http.errors import Refusal
from designer.site.bundle import bundle
from designer.site.forms import JoinForm, SignInForm
from designer.workspaces.account import note_link
from designer.workspaces.endpoint import Page
from designer.workspaces.guesses import Guess
from designer.workspaces.links import accept_invitation, find_invitation, use_sign_in_link
from designer.workspaces.models import Invitation
from designer.workspaces.people import email_of, make_person, name_of

PIPELINE = re.compile(r"/pipelines/(\w+)/?")
BACKEND = "django.contrib.auth.backends.ModelBackend"
WRONG = "The email or password is incorrect."
WAIT = "Too many attempts. Wait {time}, then try again."
USED_UP = "This link has been used or has expired."


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Canvas(Page):
    """The page that holds the application, the same at every address; the application reads the address."""

    actions: ClassVar = {"get": "page.canvas"}

    def get(self, request: HttpRequest, **_: str) -> HttpResponse:
        opened = PIPELINE.fullmatch(request.path)  # its code and data are fetched while the application loads
        return render(request, "canvas.html" if bundle() else "not_built.html", {"pipeline": opened and opened[1]})


class SignIn(Page):
    """The sign-in form."""

    actions: ClassVar = {"get": "page.sign_in", "post": "page.sign_in"}

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(after(request))
        return render(request, "sign_in.html", {"form": SignInForm(), "next": after(request)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInForm(request.POST)
        trail.about(via="password")
        if not form.is_valid():
            return self._again(request, form, WRONG, 400)
        email = form.cleaned_data["email"]
        guess = Guess(email, request.META.get("REMOTE_ADDR", ""))
        trail.about_person(*_account(email))
        if wait := guess.seconds_to_wait():
            return self._wait(request, form, wait)
        user = authenticate(request, username=email.lower(), password=form.cleaned_data["password"])
        if user is None:
            guess.failed()
            trail.about(code="wrong_password")
            return self._again(request, form, WRONG, 403)
        guess.succeeded()
        login(request, user, BACKEND)
        return HttpResponseRedirect(after(request))

    def _again(self, request: HttpRequest, form: SignInForm, trouble: str, status: int) -> HttpResponse:
        return render(request, "sign_in.html", {"form": form, "trouble": trouble, "next": after(request)}, status=status)

    def _wait(self, request: HttpRequest, form: SignInForm, wait: float) -> HttpResponse:
        trail.about(code="too_many")
        seconds = math.ceil(wait)
        answer = self._again(request, form, WAIT.format(time=rate_limits.in_words(seconds)), 429)
        answer.headers["Retry-After"] = str(seconds)
        return answer


def _account(email: str) -> tuple[object, str]:
    """Whose account was tried. What was typed is kept only when it is an account's or reads like an email: it may be a password."""
    found = User.objects.filter(username=email.lower()).values_list("pk", flat=True).first()
    return found or "", email if found or "@" in email else "(no email)"


class SignInByLink(Page):
    """The one-time link that the start-up prints."""

    actions: ClassVar = {"get": "page.sign_in_link"}

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        trail.about(via="link")
        user = use_sign_in_link(secret)
        if user is None:
            return _unknown_link(request) or self._used_up(request)
        login(request, user, BACKEND)
        note_link(request)
        trail.about_person(user.pk, email_of(user))
        return HttpResponseRedirect(after(request))

    def _used_up(self, request: HttpRequest) -> HttpResponse:
        return render(request, "sign_in.html", {"form": SignInForm(), "trouble": USED_UP, "next": "/"}, status=410)


def _unknown_link(request: HttpRequest) -> HttpResponse | None:
    """Count a link that opens nothing; the answer when there were too many."""
    trail.about(code="unknown_link")
    wait = rate_limits.hit("link.guess", rate_limits.address(request))
    if wait is None:
        return None
    trail.about(code="too_many")
    answer = render(request, "failure.html", {"words": WAIT.format(time=rate_limits.in_words(math.ceil(wait)))}, status=429)
    answer.headers["Retry-After"] = str(math.ceil(wait))
    return answer


class SignOut(Page):
    """Ends the session."""

    actions: ClassVar = {"post": "page.sign_out"}

    def post(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        return HttpResponseRedirect("/sign-in")


class Join(Page):
    """Accepting an invitation, with the account one has or a new one."""

    actions: ClassVar = {"get": "page.join", "post": "page.join"}

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        return self._page(request, find_invitation(secret), JoinForm())

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        invitation = find_invitation(secret)
        form = JoinForm(request.POST)
        if invitation is None:
            return self._page(request, None, form)
        trail.about(kind="workspace", subject=invitation.workspace_id, name=invitation.workspace.name, workspace=invitation.workspace_id)
        trail.details(role=invitation.role)
        try:
            with transaction.atomic():
                user = request.user if isinstance(request.user, User) else self._new_person(form)
                if user is None:
                    return self._page(request, invitation, form, 400)
                accept_invitation(invitation, user)
        except Refusal:  # somebody else was faster
            return self._page(request, None, form)
        if not request.user.is_authenticated:
            login(request, user, BACKEND)
        return HttpResponseRedirect("/")

    def _new_person(self, form: JoinForm) -> User | None:
        if not form.is_valid():
            return None
        return make_person(form.cleaned_data["email"], name=form.cleaned_data["name"], password=form.cleaned_data["password"])

    def _page(self, request: HttpRequest, invitation: Invitation | None, form: JoinForm, status: int = 200) -> HttpResponse:
        if invitation is None and (answer := _unknown_link(request)):
            return answer
        name = name_of(request.user) if isinstance(request.user, User) else None
        told = {"invitation": invitation, "form": form, "name": name, "next": request.path}
        return render(request, "join.html", told, status=status if invitation else 410)


def after(request: HttpRequest) -> str:
    """Where to go once signed in: an address of this site, nothing else."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"
