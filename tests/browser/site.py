"""A service for the browser: two companies, one of them with a brand and unsubscribe links."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask

from suppression.domain.vocabulary import Kind
from suppression.usecases.controllers.branding import BrandingRequest, change_branding
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.controllers.topics import create_topic
from suppression.usecases.services import Services
from suppression.usecases.unsubscribe.make_links import Link, LinkRequest, make_links
from tests.api import make_controller
from tests.serving import bound, running

LOGO = (
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48'>"
    b"<rect width='48' height='48' fill='#0f766e'/></svg>"
)
LONG_FR = "Nouveaut\xe9s des pompes \xe0 chaleur et du photovolta\xefque"
LONG_EN = "News about heat pumps and photovoltaics"


@dataclass
class Site:
    """A running service, with its address."""

    app: Flask
    address: str
    seen: set[str] = field(repr=False)

    @property
    def sheet_weight(self) -> int:
        """Return the size of the style sheet in bytes."""
        return len(self.app.test_client().get("/brand/okwind/page.css").data)

    @property
    def logo_weight(self) -> int:
        """Return the size of the logo in bytes."""
        return len(self.app.test_client().get("/brand/okwind/logo").data)

    def link(self, person: str, *, topic: str = "renewables", lang: str = "fr") -> str:
        """Make an unsubscribe link for an e-mail address, and return its URL."""
        services: Services = self.app.extensions["suppression"]
        self.seen.add(person)
        with self.app.app_context():
            controller = find_controller("okwind")
            subject = services.subject(controller, Kind.EMAIL, person)
            request = LinkRequest(subject=subject, topic=topic, language=lang)
            (made,) = make_links(services, controller, [request])
        assert isinstance(made, Link)
        return f"{self.address}/u/{made.url.rpartition('/')[2]}"

    def at(self, path: str, lang: str = "fr") -> str:
        """Return the URL of a path of the service in a language."""
        return f"{self.address}{path}{'&' if '?' in path else '?'}lang={lang}"


@contextmanager
def serving(app: Flask, seen: set[str]) -> Iterator[Site]:
    """Serve an application with two controllers, topics and a brand; yield the Site."""
    make_controller(app, "greenbox")
    controller = make_controller(app, "okwind")
    brand = BrandingRequest(colour="#0f766e", dpo_contact="dpo@okwind.example", logo=LOGO)
    with app.app_context():
        create_topic(controller, "renewables", name_fr=LONG_FR, name_en=LONG_EN)
        change_branding(controller, brand)
    with bound() as server, running(server, app.wsgi_app):
        yield Site(app, f"http://127.0.0.1:{server.server_port}", seen)
