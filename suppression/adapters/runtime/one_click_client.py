"""A client that clicks an unsubscribe link over HTTP, as a mail provider does (RFC 8058)."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO

_BODY = b"List-Unsubscribe=One-Click"
_FORM = "application/x-www-form-urlencoded"


class ClickError(Exception):
    """Raised if no response came. Its text is the name of the cause's class, without the link."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A handler that refuses redirects: one-click must be answered directly (docs/rules.md#e3)."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Return None: follow no redirect."""


def one_click(url: str, *, timeout: float) -> int:
    """Click the unsubscribe link `url`; return the response's HTTP status, whatever it is.

    Redirects are not followed. Raise ClickError if no response comes; no single wait is longer than
    `timeout` seconds.
    """
    request = urllib.request.Request(  # noqa: S310 - our own PUBLIC_URL, http or https
        url, data=_BODY, headers={"Content-Type": _FORM, "User-Agent": "suppression-watch"}
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=timeout) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ClickError(type(reason).__name__) from None
