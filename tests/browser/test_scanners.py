"""Mail scanners that open every link of a message, some by a browser with scripts, stop nothing.

A page that submits itself proves that these tests would notice a stop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import text

from suppression.storage.engine.base import db
from tests.browser.site import Site

PERSON = "jean.dupont@example.fr"
TIMES = 3
_STOPS = "SELECT count(*) FROM ledger_entries WHERE record_id IS NOT NULL"
SELF_SUBMITTING = "<script>document.querySelector('form button').click()</script></body>"
SCANNERS = {
    "Safe Links": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246",
    "Proofpoint": "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    "Mimecast": "Mozilla/5.0 (compatible; Mimecast URL Protect)",
    "Barracuda": "Barracuda Sentinel (EE)",
}
each_scanner = pytest.mark.parametrize("agent", SCANNERS.values(), ids=list(SCANNERS))


@each_scanner
def test_a_scanner_that_fetches_every_link_stops_nothing(site: Site, agent: str) -> None:
    """The scanner sends GET and HEAD twice, and follows redirects and every link of the pages."""
    session = requests.Session()
    session.headers["User-Agent"] = agent
    waiting, seen = links_of_a_message(site), set[str]()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        for method in ("HEAD", "GET", "HEAD", "GET"):
            answer = session.request(method, address, timeout=10)
            assert answer.status_code < 500
        waiting += [link for link in links_on(answer.text, address) if link not in seen]
    assert len(seen) > 8
    assert stops(site) == 0


@each_scanner
def test_a_scanner_with_a_browser_and_scripts_stops_nothing(
    site: Site, scanning: Callable[[str], Page], agent: str
) -> None:
    page = scanning(agent)
    for address in links_of_a_message(site):
        for _ in range(TIMES):
            page.goto(address)
        page.wait_for_load_state("networkidle")
    assert stops(site) == 0


@each_scanner
def test_the_suite_finds_the_stop_of_a_page_that_submits_itself(
    site: Site, scanning: Callable[[str], Page], agent: str
) -> None:
    def with_script(route: Route) -> None:
        if route.request.method != "GET":
            route.continue_()
            return
        answer = route.fetch()
        route.fulfill(
            body=answer.text().replace("</body>", SELF_SUBMITTING),
            content_type="text/html; charset=utf-8",
        )

    page = scanning(agent)
    page.route("**/u/*", with_script)
    with page.expect_navigation(url="**/r/*"):
        page.goto(site.link(PERSON), wait_until="commit")
    assert stops(site) == 1


def links_of_a_message(site: Site) -> list[str]:
    """Return the links that an e-mail contains."""
    return [
        site.link(PERSON),
        site.link(PERSON, topic=""),
        site.link(PERSON, topic="offers", lang="en") + "?lang=en",
        site.at("/stop/okwind"),
    ]


def links_on(page: str, address: str) -> list[str]:
    """Return every link of a page that leads to this service."""
    links = [urljoin(address, link) for link in re.findall(r'<a [^>]*href="([^"#]+)"', page)]
    return [link for link in links if urlsplit(link).netloc == urlsplit(address).netloc]


def stops(site: Site) -> int:
    """Return how many entries about people the ledger has."""
    with site.app.app_context(), db.engine.connect() as connection:
        return int(
            connection.execute(
                text("SELECT count(*) FROM ledger_entries WHERE record_id IS NOT NULL")
            ).scalar_one()
        )


@pytest.fixture
def scanning(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Yield a function that opens a page in a browser with scripts and a scanner's User-Agent."""
    contexts = []

    def begin(agent: str) -> Page:
        context = browser.new_context(user_agent=agent)
        contexts.append(context)
        return context.new_page()

    yield begin
    for context in contexts:
        context.close()
