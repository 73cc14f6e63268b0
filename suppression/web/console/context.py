"""Guard the console's pages: session, role and right; size, CSRF token and file of a form.

A page of a controller, registered with `page`, needs a full session and a role with the controller.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from flask import Blueprint, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from suppression.domain.cases.deadlines import day_in
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import ForbiddenError, NotFoundError, NotSignedInError
from suppression.domain.users.model import Session, Stage, User
from suppression.domain.users.roles import Right, may
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.users.sign_in import find_session
from suppression.web.http.batch_slots import files_read
from suppression.web.http.context import now
from suppression.web.http.forms import FormValues
from suppression.web.http.streamed_forms import StreamedForm
from suppression.web.http.uploads import file_body
from suppression.web.translations.catalogues import CONSOLE

blueprint = Blueprint(
    "console", __name__, url_prefix="/console", template_folder="../templates/console"
)
csrf = CSRFProtect()

TOKEN, LANGUAGE = "token", "language"
_BODY_LIMIT = 256 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsoleContext:
    """The signed-in user, the controller in the path, and the time (UTC) of a console request."""

    user: User
    controller: Controller
    now: datetime

    @property
    def today(self) -> date:
        """The current day in the controller's country."""
        return day_in(self.controller.country, self.now)

    def may(self, right: Right) -> bool:
        """Return whether the user's role with the controller has a right."""
        return may(self.user.roles[self.controller.slug], right)


ConsoleView = TypeVar("ConsoleView", bound=Callable[..., Response])
"""A view of a controller's page: it takes the console context and the path's variables."""


def page(
    rule: str,
    right: Right | None,
    *,
    methods: tuple[str, ...] = ("GET",),
    stores_stops: bool = False,
    takes_file: bool = False,
) -> Callable[[ConsoleView], ConsoleView]:
    """Return a decorator that registers a view, and checks session, role and right before it runs.

    `rule` is the path after the controller's slug. If `right` is None, any role may open the page.
    The registered view raises NotSignedInError without a full session, NotFoundError for a
    controller with which the user has no role, ForbiddenError if the role lacks `right`. Its
    endpoint is the view's name with the methods, like `keys_get`.

    `stores_stops`: whether the view stores stops; then rate limits do not apply to it, and a POST
    may use the connection reserved for stops. `takes_file`: whether the form has a file, which the
    view reads with `submitted_file`.
    """

    def register(view: ConsoleView) -> ConsoleView:
        @functools.wraps(view)
        def guarded(slug: str, **names: str) -> Response:
            console = console_context(slug, right)
            return view(console, **names)

        guarded.required_right = right  # type: ignore[attr-defined]
        if stores_stops:
            guarded.unlimited = True  # type: ignore[attr-defined]
        guarded.takes_file = takes_file  # type: ignore[attr-defined]
        name = f"{view.__name__}_{'_'.join(methods).lower()}"
        blueprint.add_url_rule(f"/<slug>{rule}", name, guarded, methods=methods)
        return view

    return register


def console_context(slug: str, right: Right | None) -> ConsoleContext:
    """Return the console context of the signed-in user, and keep it in `g.console`.

    Raises NotSignedInError without a full session, NotFoundError for a controller with which the
    user has no role, ForbiddenError if the role lacks `right`.
    """
    signed_in = full_session()
    if slug not in signed_in.user.roles:
        raise NotFoundError
    console = ConsoleContext(user=signed_in.user, controller=find_controller(slug), now=now())
    g.console = console
    if right is not None and not console.may(right):
        raise ForbiddenError
    return console


def full_session() -> Session:
    """Return the session of a user who is fully signed in. Raises NotSignedInError otherwise."""
    signed_in = current_session()
    if signed_in is None or signed_in.stage is not Stage.FULL:
        raise NotSignedInError
    return signed_in


def current_session() -> Session | None:
    """Return the session of the request's cookie; None if the cookie has no valid session."""
    token = session.get(TOKEN, "")
    if not isinstance(token, str) or not token:
        return None
    if "console_session" not in g:
        g.console_session = find_session(token, now=now())
    user_session: Session | None = g.console_session
    return user_session


def language() -> str:
    """Return the language of the page: the chosen one, else the browser's, else French."""
    chosen = session.get(LANGUAGE)
    if chosen in CONSOLE.languages:
        return str(chosen)
    return request.accept_languages.best_match(CONSOLE.languages) or CONSOLE.languages[0]


def keep_language() -> None:
    """Store in the session the language of `?lang=` in a GET request, if the console has it."""
    requested = request.args.get("lang")
    if requested in CONSOLE.languages and request.method == "GET":
        session[LANGUAGE] = requested


def submitted_form() -> FormValues:
    """Return the fields of the form that this request sent."""
    return FormValues(request.form)


def submitted_file() -> StreamedForm | None:
    """Return the form whose file can be read once, as a stream; None if no file was chosen.

    Also returns None on a page that is not registered with `takes_file`.
    """
    form: StreamedForm | None = g.get("streamed_form")
    return form if form and form.file_name else None


def has_file() -> bool:
    """Return whether this request sends a multipart form to a page with `takes_file`."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_form = request.method == "POST" and request.mimetype == "multipart/form-data"
    return is_form and getattr(view, "takes_file", False)


@blueprint.before_request
def check_form() -> None:
    """Limit a form's size and verify its CSRF token before the view runs.

    For a form with a file, first take a slot for uploads and read the fields; the view reads the
    file. Raises CSRFError for a missing or wrong token. For a form with a file also raises
    RateLimitedError if no slot is free; NotSignedInError, NotFoundError or ForbiddenError if the
    user may not use the page; MalformedRequestError, BodyTooLargeError or RequestEntityTooLarge if
    the fields cannot be read.
    """
    if has_file():
        _take_a_place()  # answers at once when all places are taken
        _read_fields()
    else:
        request.max_content_length = _BODY_LIMIT
    keep_language()
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        csrf.protect()


def _take_a_place() -> None:
    """Take a slot for uploads; `free_the_place` frees it when the request ends.

    Raises RateLimitedError if no slot is free; NotSignedInError, NotFoundError or ForbiddenError if
    the user may not use this page.
    """
    view = current_app.view_functions[request.endpoint or ""]
    slug = (request.view_args or {})["slug"]
    console = console_context(slug, getattr(view, "required_right", None))
    place = g.file_place = ExitStack()
    place.enter_context(files_read.taken(console.controller))


@blueprint.teardown_request
def free_the_place(_error: BaseException | None) -> None:
    """Free the slot that a request held for an upload, even if the request failed."""
    place: ExitStack | None = g.pop("file_place", None)
    if place is not None:
        place.close()


def _read_fields() -> None:
    """Parse the fields before the file and set them as `request.form`, so werkzeug reads no body.

    Raises MalformedRequestError, BodyTooLargeError or RequestEntityTooLarge for a form that cannot
    be read or is too large.
    """
    request.form, request.files = ImmutableMultiDict(), ImmutableMultiDict()
    g.streamed_form = StreamedForm(file_body(), request.mimetype_params.get("boundary", ""))
    request.form = ImmutableMultiDict(g.streamed_form.fields)
