"""Change and read a controller's branding: how the pages for recipients look."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from suppression.adapters.files.logos import read_logo
from suppression.domain.controllers.branding import (
    Branding,
    Logo,
    valid_contact,
    valid_resubscribe_url,
)
from suppression.domain.controllers.contrast import valid_colour
from suppression.domain.controllers.model import Controller, is_slug
from suppression.domain.errors import NotFoundError
from suppression.storage.controllers.brands import brand_of, logo_of, save_brand
from suppression.storage.controllers.rows import controller_by_slug
from suppression.storage.engine.database import reading, writing


@dataclass(frozen=True, kw_only=True, slots=True)
class BrandingRequest:
    """A change of branding; None leaves a field unchanged. `logo` is the content of its file.

    '' as `resubscribe_url` removes that address.
    """

    colour: str | None = None
    dpo_contact: str | None = None
    logo: bytes | None = None
    resubscribe_url: str | None = None


def change_branding(controller: Controller, request: BrandingRequest) -> Branding:
    """Store a change of branding and return the new branding.

    Raises InvalidValueError for an invalid value, also for a logo that is too large or neither PNG
    nor harmless SVG.
    """
    with writing() as transaction:
        brand, logo = brand_of(transaction, controller), logo_of(transaction, controller)
        if request.colour is not None:
            brand = dataclasses.replace(brand, colour=valid_colour(request.colour))
        if request.dpo_contact is not None:
            brand = dataclasses.replace(brand, dpo_contact=valid_contact(request.dpo_contact))
        if request.logo is not None:
            logo = read_logo(request.logo)
            brand = dataclasses.replace(brand, has_logo=True)
        if request.resubscribe_url is not None:
            url = valid_resubscribe_url(request.resubscribe_url)
            brand = dataclasses.replace(brand, resubscribe_url=url)
        save_brand(transaction, controller, brand, logo=logo)
    return brand


def find_branding(slug: str) -> Branding:
    """Return the branding of the controller with this slug; the default branding if it saved none.

    Raises NotFoundError for an unknown slug.
    """
    if not is_slug(slug):
        raise NotFoundError
    with reading() as transaction:
        controller = controller_by_slug(transaction, slug)
        if controller is None:
            raise NotFoundError
        return brand_of(transaction, controller)


def find_logo(slug: str) -> Logo:
    """Return the logo of the controller with this slug.

    Raises NotFoundError if the slug is unknown or the controller has no logo.
    """
    if not is_slug(slug):
        raise NotFoundError
    with reading() as transaction:
        controller = controller_by_slug(transaction, slug)
        logo = logo_of(transaction, controller) if controller else None
    if logo is None:
        raise NotFoundError
    return logo
