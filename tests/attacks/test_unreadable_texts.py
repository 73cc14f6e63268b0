"""Correcting one unreadable text of a case does not delete the other unreadable texts.

The fault: a letter names two smudged numbers. A user finds out the second and types it. The text of
the first was deleted, and the case could be closed once the second was typed again.
"""

from __future__ import annotations

import html

from tests.api import Api
from tests.web.console.browser import STOP, Browser

FIRST, SECOND = "06 12 34 5? 78", "06 98 76 5? 32"
FOUND, FOUND_FIRST = "06 98 76 54 32", "06 12 34 56 78"


def _recorded(dpo: Browser) -> str:
    dpo.seen.update({FIRST, SECOND})
    dpo.post("/okwind/record", STOP | {"phones": f"{FIRST}\n{SECOND}"})
    return f"/okwind/cases/{dpo.reference()}"


def _unreadable(dpo: Browser, path: str) -> list[str]:
    """Return the texts that the page of a case shows as unreadable."""
    dpo.get(path)
    texts = dpo.text.split('<p class="bad lines">')[1:]
    return [html.unescape(text.split("</p>")[0]).split(maxsplit=1)[1] for text in texts]


def _notes(dpo: Browser, path: str) -> str:
    dpo.get(path)
    return dpo.text.split("<h2>Notes</h2>")[-1] if "<h2>Notes</h2>" in dpo.text else ""


def test_both_stay_until_it_is_said_which_was_found(dpo: Browser, api: Api) -> None:
    path = _recorded(dpo)
    assert dpo.post(f"{path}/stop", {"phones": FOUND}).status_code == 303
    assert api.decision("telephone", FOUND) == "deny"
    shown = "".join(_unreadable(dpo, path))
    assert FIRST in shown
    assert SECOND in shown
    assert "not yet stopped" in dpo.text.lower()


def test_the_one_that_was_found_becomes_a_note(dpo: Browser) -> None:
    path = _recorded(dpo)
    dpo.post(f"{path}/stop", {"phones": FOUND, "resolved": SECOND})
    shown = "".join(_unreadable(dpo, path))
    assert FIRST in shown
    assert SECOND not in shown
    assert SECOND in _notes(dpo, path)
    dpo.post(f"{path}/stop", {"phones": FOUND_FIRST})
    assert _unreadable(dpo, path) == []
    assert FIRST in _notes(dpo, path)
    assert "not yet stopped" not in dpo.text.lower()


def test_both_found_at_once_are_both_notes(dpo: Browser) -> None:
    path = _recorded(dpo)
    dpo.post(f"{path}/stop", {"phones": f"{FOUND}\n{FOUND_FIRST}"})
    assert _unreadable(dpo, path) == []
    notes = _notes(dpo, path)
    assert FIRST in notes
    assert SECOND in notes


def test_only_what_is_typed_in_one_step_counts_as_the_page_says(dpo: Browser) -> None:
    path = _recorded(dpo)
    for number in (FOUND, FOUND_FIRST):
        dpo.post(f"{path}/stop", {"phones": number})
        assert len(_unreadable(dpo, path)) == 2
    assert "Type what you found." in dpo.text
    assert "If you found only some, also tick which texts they were" in dpo.text
    assert "in one step" in dpo.text
    dpo.post(f"{path}/stop", {"phones": FOUND, "resolved": [FIRST, SECOND]})
    assert _unreadable(dpo, path) == []
    assert "not yet stopped" not in dpo.text.lower()


def test_a_tick_stays_where_what_was_typed_is_refused(dpo: Browser) -> None:
    path = _recorded(dpo)
    dpo.seen.add("06 98")
    assert dpo.post(f"{path}/stop", {"phones": "06 98", "resolved": SECOND}).status_code == 422
    assert f'value="{SECOND}" checked' in dpo.text
    assert f'value="{FIRST}" checked' not in dpo.text


def test_a_clerk_who_corrects_one_of_two_loses_none(clerk: Browser, dpo: Browser, api: Api) -> None:
    clerk.seen.update({FIRST, SECOND})
    clerk.post("/okwind/record", STOP | {"phones": f"{FIRST}\n{SECOND}"})
    reference = clerk.reference()
    assert clerk.post(f"/okwind/record/{reference}", {"phones": FOUND}).status_code == 200
    assert api.decision("telephone", FOUND) == "deny"
    assert "".join(_unreadable(dpo, f"/okwind/cases/{reference}")).count("?") == 2
