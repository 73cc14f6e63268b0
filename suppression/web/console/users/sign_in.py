"""The pages of sign-in: password, one-time code, set-up of a new user, sign-out."""

from __future__ import annotations

from pathlib import Path

from flask import Response, request, session
from werkzeug.wrappers import Response as BaseResponse

from suppression.domain.errors import InvalidValueError, NotSignedInError
from suppression.domain.retention import DEVICES_KEPT_FOR
from suppression.domain.users.model import Session, Stage
from suppression.domain.users.networks import network_of
from suppression.domain.users.sign_in_delays import NETWORK_BITS, SignInClient
from suppression.usecases.users.sign_in import (
    Attempt,
    code_setup,
    enrol,
    sign_out,
    verify_code_step,
    verify_password_step,
)
from suppression.web.console.context import (
    LANGUAGE,
    TOKEN,
    blueprint,
    current_session,
    full_session,
    submitted_form,
)
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.context import now, services
from suppression.web.http.forms import LONG
from suppression.web.http.static_files import serve_file

_DEVICE = "__Secure-console-device"
_ASSETS = {"console.css": Path(__file__).parents[2] / "assets"}


@blueprint.get("/", strict_slashes=False)
def home() -> BaseResponse:
    """List the controllers with which the user has a role; if it is only one, redirect to it.

    Raises NotSignedInError without a full session.
    """
    slugs = list(full_session().user.roles)
    if len(slugs) == 1:
        return redirect_to("start_get", slug=slugs[0])
    return render_page("companies.html", slugs=slugs)


@blueprint.get("/assets/<filename>")
def stylesheet(filename: str) -> Response:
    """Return the style sheet of the console, or 304 if the browser has it.

    Raises NotFoundError for another name.
    """
    return serve_file(filename, _ASSETS)


@blueprint.get("/sign-in")
def sign_in() -> BaseResponse:
    """Show the form for login and password."""
    return render_page("sign_in.html", failed="", login="")


@blueprint.post("/sign-in")
def send_password() -> BaseResponse:
    """Verify login and password; begin a session that still needs the one-time code.

    The form is shown again if they are wrong (422) or the user has to wait (429, Retry-After).
    """
    fields = submitted_form()
    login, password = fields.text("login").lower(), fields["password"][:LONG]
    attempt = verify_password_step(services(), login, password, client=_client(), now=now())
    if not attempt.token:
        return _failed("sign_in.html", attempt, login=login)
    _begin(attempt.token)
    return redirect_to("code")


@blueprint.get("/code")
def code() -> BaseResponse:
    """Show the form for the one-time code; to a new user, the set-up of password and codes.

    Raises NotSignedInError without a session that still needs its one-time code, KeyMismatchError
    if no case key decrypts a new user's secret.
    """
    half = _half()
    if half.user.new:
        return render_page("first_time.html", setup=code_setup(services(), half), failed="")
    return render_page("code.html", failed="")


@blueprint.post("/code")
def send_code() -> BaseResponse:
    """Verify the one-time code or a recovery code; begin the full session.

    The form is shown again if the code is wrong (422) or the user has to wait (429). Raises
    NotSignedInError without a session that still needs its one-time code, KeyMismatchError if no
    case key decrypts the user's secret.
    """
    _half()
    code = submitted_form().text("code")
    attempt = verify_code_step(services(), session[TOKEN], code, client=_client(), now=now())
    if not attempt.token:
        return _failed("code.html", attempt, failed="code_wrong")
    _begin(attempt.token)
    return _remembered(redirect_to("home"), attempt)


@blueprint.post("/first-time")
def send_first_time() -> BaseResponse:
    """Set a new user's own password and one-time codes; show the recovery codes once.

    After a fault the form is shown again (422), and if the user has to wait (429). Raises
    NotSignedInError without a session that still needs its one-time code, and for a user who is not
    new; KeyMismatchError if no case key decrypts the user's secret.
    """
    half = _half()
    if not half.user.new:
        raise NotSignedInError  # the secret of codes is never shown to a user who has codes
    fields = submitted_form()
    password = fields["password"][:LONG]
    failed = ""
    attempt = Attempt()
    if password != fields["again"]:
        failed = "passwords_differ"
    else:
        try:
            attempt = enrol(
                services(),
                session[TOKEN],
                password=password,
                code=fields.text("code"),
                client=_client(),
                now=now(),
            )
        except InvalidValueError:
            failed = "password_weak"
    if not attempt.token:
        setup = code_setup(services(), half)
        return _failed("first_time.html", attempt, failed=failed or "code_wrong", setup=setup)
    _begin(attempt.token)
    return _remembered(render_page("recovery_codes.html", codes=attempt.recovery_codes), attempt)


@blueprint.post("/sign-out")
def leave() -> BaseResponse:
    """End the session and redirect to the sign-in page."""
    if session.get(TOKEN):
        sign_out(str(session[TOKEN]), now=now())
    _clear()
    return redirect_to("sign_in")


def _client() -> SignInClient:
    """Return the origin of this request: its network, and the cookie of a known browser, if any."""
    network = network_of(request.remote_addr or "", ipv4=NETWORK_BITS)
    return SignInClient(network=network, device=request.cookies.get(_DEVICE, ""))


def _remembered(response: BaseResponse, attempt: Attempt) -> BaseResponse:
    """Return the response with a cookie by which the next sign-in recognizes this browser."""
    response.set_cookie(
        _DEVICE,
        attempt.device,
        max_age=DEVICES_KEPT_FOR,
        path="/console",
        secure=True,
        httponly=True,
        samesite="Strict",
    )
    return response


def _half() -> Session:
    """Return the session that still needs its one-time code; else raise NotSignedInError."""
    half_session = current_session()
    if half_session is None or half_session.stage is not Stage.PASSWORD:
        raise NotSignedInError
    return half_session


def _begin(token: str) -> None:
    """Begin a new cookie session for `token`; of the old one, keep only the language."""
    _clear()
    session[TOKEN] = token


def _clear() -> None:
    chosen_language = session.get(LANGUAGE)
    session.clear()
    if chosen_language:
        session[LANGUAGE] = chosen_language


def _failed(
    template: str, attempt: Attempt, *, failed: str = "sign_in_wrong", **values: object
) -> Response:
    """Return the page of a failed step: 429 with the seconds to wait, or 422 with what failed.

    The page does not tell whether the login or the password was wrong.
    """
    seconds = max(1, round(attempt.wait.total_seconds())) if attempt.wait else 0
    response = render_page(
        template,
        status=429 if seconds else 422,
        failed="wait" if seconds else failed,
        seconds=seconds,
        **values,
    )
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response
