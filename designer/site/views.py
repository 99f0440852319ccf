"""Pages for people: the canvas, sign-in and joining."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import ensure_csrf_cookie

from designer.errors import Refusal
from designer.site.bundle import bundle
from designer.site.forms import JoinForm, SignInForm
from designer.workspaces.guard import Page
from designer.workspaces.links import accept_invitation, find_invitation, use_sign_in_link
from designer.workspaces.models import Invitation
from designer.workspaces.people import make_person, name_of
from designer.workspaces.throttle import forgive, must_wait, note_failure

BACKEND = "django.contrib.auth.backends.ModelBackend"
WRONG = "This e-mail and password do not match an account here."
WAIT = "There were too many attempts. Wait a quarter of an hour, then try again."
USED_UP = "This link has been used, or is too old."


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Canvas(Page):
    """The page that holds the application, the same at every address; the application reads the address."""

    actions: ClassVar = {"get": "page.canvas"}

    def get(self, request: HttpRequest, **_: str) -> HttpResponse:
        built = bundle()
        page = "canvas.html" if built else "not_built.html"
        return render(request, page, {"bundle": built})


class SignIn(Page):
    """The sign-in form."""

    actions: ClassVar = {"get": "page.sign_in", "post": "page.sign_in"}

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(after(request))
        return render(request, "sign_in.html", {"form": SignInForm(), "next": after(request)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInForm(request.POST)
        trouble, status = (None, 400) if not form.is_valid() else self._try(request, form)
        if form.is_valid() and trouble is None:
            return HttpResponseRedirect(after(request))
        return render(request, "sign_in.html", {"form": form, "trouble": trouble or WRONG, "next": after(request)}, status=status)

    def _try(self, request: HttpRequest, form: SignInForm) -> tuple[str | None, int]:
        email, address = form.cleaned_data["email"], request.META.get("REMOTE_ADDR", "")
        if must_wait(email, address):
            return WAIT, 429
        user = authenticate(request, username=email.lower(), password=form.cleaned_data["password"])
        if user is None:
            note_failure(email, address)
            return WRONG, 403
        forgive(email)
        login(request, user, BACKEND)
        return None, 200


class SignInByLink(Page):
    """The one-time link that the start-up prints."""

    actions: ClassVar = {"get": "page.sign_in_link"}

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        user = use_sign_in_link(secret)
        if user is None:
            return render(request, "sign_in.html", {"form": SignInForm(), "trouble": USED_UP, "next": "/"}, status=410)
        login(request, user, BACKEND)
        return HttpResponseRedirect(after(request))


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
        name = name_of(request.user) if isinstance(request.user, User) else None
        told = {"invitation": invitation, "form": form, "name": name, "next": request.path}
        return render(request, "join.html", told, status=status if invitation else 410)


def after(request: HttpRequest) -> str:
    """Where to go once signed in: an address of this site, nothing else."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"
