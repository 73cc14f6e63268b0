"""The way into the console: a session, a controller in the path, a right for every page."""

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
from suppression.domain.users.roles import Right, Role, may
from suppression.usecases.controllers.find import find_controller
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
    """Who works for whom, and when."""

    user: User
    controller: Controller
    now: datetime

    @property
    def role(self) -> Role:
        """What the user is to this controller."""
        return self.user.roles[self.controller.slug]

    @property
    def today(self) -> date:
        """The day where the controller is."""
        return day_in(self.controller.country, self.now)

    def may(self, right: Right) -> bool:
        """Whether the user's role carries a right."""
        return may(self.role, right)


DeskView = TypeVar("DeskView", bound=Callable[..., Response])
"""A view of one controller's pages: it gets its desk, and the rest of the path."""


def page(
    rule: str,
    right: Right | None,
    *,
    methods: tuple[str, ...] = ("GET",),
    stores_stops: bool = False,
    takes_file: bool = False,
) -> Callable[[DeskView], DeskView]:
    """A page of a controller: session, role and right are looked at before the view is asked.

    Without a right it is for anybody with a role. `stores_stops`: no rate limit may ever refuse it.
    `takes_file`: its form is read as it comes, and the view reads the file (`sent_file`).
    """

    def register(view: DeskView) -> DeskView:
        @functools.wraps(view)
        def guarded(slug: str, **names: str) -> Response:
            desk = console_context(slug, right)
            return view(desk, **names)

        guarded.required_right = right  # type: ignore[attr-defined]
        if stores_stops:
            guarded.unlimited = True  # type: ignore[attr-defined]
        guarded.takes_file = takes_file  # type: ignore[attr-defined]
        name = f"{view.__name__}_{'_'.join(methods).lower()}"
        blueprint.add_url_rule(f"/<slug>{rule}", name, guarded, methods=methods)
        return view

    return register


def console_context(slug: str, right: Right | None) -> ConsoleContext:
    """The desk of whoever is signed in; an error for anybody else.

    Another controller is not there at all for one who has no role with it.
    """
    signed_in = full_session()
    if slug not in signed_in.user.roles:
        raise NotFoundError
    desk = ConsoleContext(user=signed_in.user, controller=find_controller(slug), now=now())
    g.desk = desk
    if right is not None and not desk.may(right):
        raise ForbiddenError
    return desk


def full_session() -> Session:
    """The session that came all the way in; SignedOutError if there is none."""
    found = current_session()
    if found is None or found.stage is not Stage.FULL:
        raise NotSignedInError
    return found


def current_session() -> Session | None:
    """The session of the request's cookie, if it holds."""
    token = session.get(TOKEN, "")
    if not isinstance(token, str) or not token:
        return None
    if "console_session" not in g:
        g.console_session = find_session(token, now=now())
    found: Session | None = g.console_session
    return found


def language() -> str:
    """The language of the page: as chosen, else as the browser says, else French."""
    chosen = session.get(LANGUAGE)
    if chosen in CONSOLE.languages:
        return str(chosen)
    return request.accept_languages.best_match(CONSOLE.languages) or CONSOLE.languages[0]


def keep_language() -> None:
    """Keep the language that this address asks for, for this session."""
    wanted = request.args.get("lang")
    if wanted in CONSOLE.languages and request.method == "GET":
        session[LANGUAGE] = wanted


def submitted_form() -> FormValues:
    """What the form of this request sent."""
    return FormValues(request.form)


def submitted_file() -> StreamedForm | None:
    """The file of this request's form, to be read once; None where none was chosen."""
    form: StreamedForm | None = g.get("streamed_form")
    return form if form and form.file_name else None


def has_file() -> bool:
    """Whether the form of this request holds a file that nothing but its view may read."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_form = request.method == "POST" and request.mimetype == "multipart/form-data"
    return is_form and getattr(view, "takes_file", False)


@blueprint.before_request
def check_form() -> None:
    """Take no form without its CSRF token, and none that is too large."""
    if has_file():
        _take_a_place()  # nobody else's file is waited for
        _read_fields()
    else:
        request.max_content_length = _BODY_LIMIT
    keep_language()
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        csrf.protect()


def _take_a_place() -> None:
    """A place among the few who send a file, for whoever may use this page; free at the end."""
    view = current_app.view_functions[request.endpoint or ""]
    slug = (request.view_args or {})["slug"]
    desk = console_context(slug, getattr(view, "required_right", None))
    place = g.file_place = ExitStack()
    place.enter_context(files_read.taken(desk.controller))


@blueprint.teardown_request
def free_the_place(_error: BaseException | None) -> None:
    """Give back the place of a file, however its request ended."""
    place: ExitStack | None = g.pop("file_place", None)
    if place is not None:
        place.close()


def _read_fields() -> None:
    """The fields before the file, as the request's form: werkzeug then never reads the body."""
    request.form, request.files = ImmutableMultiDict(), ImmutableMultiDict()
    g.streamed_form = StreamedForm(file_body(), request.mimetype_params.get("boundary", ""))
    request.form = ImmutableMultiDict(g.streamed_form.fields)
