"""The commands `flask controllers`, `flask topics` and `flask keys`."""

from __future__ import annotations

from typing import BinaryIO

import click
from flask.cli import AppGroup

from suppression.cli.base import ServiceCommand, echo_err, now
from suppression.cli.output import json_option, print_json, print_list
from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.controllers.branding import MAX_LOGO, Branding
from suppression.domain.vocabulary import ApiScope, Preset, Sector
from suppression.usecases.controllers.api_keys import create_api_key, list_api_keys, revoke_key
from suppression.usecases.controllers.branding import BrandingRequest, change_branding
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.controllers.queries import find_controller, list_controllers
from suppression.usecases.controllers.topics import create_topic, list_topics

controllers = AppGroup("controllers", help="Make and list controllers.")
topics = AppGroup("topics", help="Make and list the topics of a controller.")
keys = AppGroup("keys", help="Make, list and revoke API keys.")

_PRESETS = [preset.value for preset in Preset]
_SECTORS = [sector.value for sector in Sector]


@controllers.command("create", cls=ServiceCommand)
@click.argument("slug")
@click.option("--name", required=True, help="The company's name, as recipients know it.")
@click.option("--country", required=True, help="ISO 3166-1 alpha-2, like FR.")
@click.option("--policy", required=True, type=click.Choice(_PRESETS), help="The preset.")
@click.option("--sector", type=click.Choice(_SECTORS), help="What it sells; fr-2026 needs it.")
def create_controller_command(
    slug: str, name: str, country: str, policy: str, sector: str | None
) -> None:
    """Make a controller. Its slug can never be changed."""
    controller = create_controller(
        slug,
        name=name,
        country=country,
        preset=Preset(policy),
        sector=Sector(sector) if sector else None,
        now=now(),
    )
    echo_err(f"Controller {controller.slug} has number {controller.number} and policy {policy}.")


@controllers.command("list", cls=ServiceCommand)
@json_option
def list_controllers_command(as_json: bool) -> None:  # noqa: FBT001 - a flag of click
    """List all controllers."""
    rows = [
        {
            "slug": controller.slug,
            "name": controller.name,
            "country": controller.country,
            "policy": controller.preset.value,
        }
        for controller in list_controllers()
    ]
    print_list(("slug", "name", "country", "policy"), rows, as_json=as_json)


@controllers.command("brand", cls=ServiceCommand)
@click.argument("slug")
@click.option("--colour", help="Like #1d4ed8; white must be readable on it.")
@click.option("--dpo", "dpo_contact", help="The DPO's contact, best an e-mail address.")
@click.option("--logo", type=click.File("rb"), help="A PNG or SVG of at most 6 KiB, square.")
@click.option("--resubscribe-url", help="Your own sign-up page, https; '' shows none.")
@json_option
def brand_command(
    slug: str,
    *,
    colour: str | None,
    dpo_contact: str | None,
    logo: BinaryIO | None,
    resubscribe_url: str | None,
    as_json: bool,
) -> None:
    """Set how a controller looks on the recipient pages. An option not given changes nothing."""
    request = BrandingRequest(
        colour=colour,
        dpo_contact=dpo_contact,
        logo=logo.read(MAX_LOGO + 1) if logo else None,
        resubscribe_url=resubscribe_url,
    )
    brand = change_branding(find_controller(slug), request)
    _show_brand(slug, brand, as_json=as_json)


def _show_brand(slug: str, brand: Branding, *, as_json: bool) -> None:
    if as_json:
        shown = {"colour": brand.colour, "logo": brand.has_logo, "dpo": brand.dpo_contact or None}
        print_json({"slug": slug} | shown | {"resubscribe_url": brand.resubscribe_url or None})
        return
    echo_err(
        f"{slug}: colour {brand.colour}, {'a logo' if brand.has_logo else 'no logo'}, "
        f"contact {brand.dpo_contact or 'none: people are told to reply to a message'}, "
        f"sign-up page {brand.resubscribe_url or 'none'}."
    )


@topics.command("create", cls=ServiceCommand)
@click.argument("slug")
@click.argument("topic")
@click.option("--fr", "name_fr", required=True, help="The topic's name in French.")
@click.option("--en", "name_en", required=True, help="The topic's name in English.")
def create_topic_command(slug: str, topic: str, name_fr: str, name_en: str) -> None:
    """Make a topic for a controller."""
    made = create_topic(find_controller(slug), topic, name_fr=name_fr, name_en=name_en)
    echo_err(f"Topic {made.slug} has number {made.number}.")


@topics.command("list", cls=ServiceCommand)
@click.argument("slug")
@json_option
def list_topics_command(slug: str, as_json: bool) -> None:  # noqa: FBT001 - a flag of click
    """List the topics of a controller."""
    rows = [
        {"topic": topic.slug, "fr": topic.name_fr, "en": topic.name_en}
        for topic in list_topics(find_controller(slug))
    ]
    print_list(("topic", "fr", "en"), rows, as_json=as_json)


@keys.command("create", cls=ServiceCommand)
@click.argument("slug")
@click.option("--name", required=True, help="Who or what will use the key.")
@click.option("--scopes", required=True, help="Comma-separated, like check,suppress.")
def create_key_command(slug: str, name: str, scopes: str) -> None:
    """Make an API key and print it on stdout. It is shown only this once."""
    key = create_api_key(find_controller(slug), name=name, scopes=_scopes(scopes), now=now())
    echo_err("This key is shown once; only its hash is kept.")
    click.echo(key)


@keys.command("list", cls=ServiceCommand)
@click.argument("slug")
@json_option
def list_keys_command(slug: str, as_json: bool) -> None:  # noqa: FBT001 - a flag of click
    """List the API keys of a controller by number, with their first characters.

    The last column counts the checks for `service` by each key in the last 30 days.
    """
    rows = [
        {
            "number": api_key.number,
            "name": api_key.name,
            "begins": api_key.hint,
            "scopes": sorted(api_key.scopes),
            "created": to_rfc3339(api_key.created_at),
            "revoked": to_rfc3339(api_key.revoked_at) if api_key.revoked_at else None,
            "service_checks": api_key.service_checks,
        }
        for api_key in list_api_keys(find_controller(slug), now=now())
    ]
    columns = ("number", "name", "begins", "scopes", "created", "revoked", "service_checks")
    print_list(columns, rows, as_json=as_json)


@keys.command("revoke", cls=ServiceCommand)
@click.argument("slug")
@click.argument("number", type=int)
def revoke_key_command(slug: str, number: int) -> None:
    """Revoke an API key: its next request is refused."""
    revoke_key(find_controller(slug), number, now=now())
    echo_err(f"Key {number} is revoked.")


def _scopes(text: str) -> frozenset[ApiScope]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    known = {str(scope) for scope in ApiScope}
    if not words or set(words) - known:
        raise click.UsageError(f"--scopes: use some of {','.join(sorted(known))}")
    return frozenset(map(ApiScope, words))
