"""SQL statements that save and read the brand of a controller, for its recipient pages."""

from __future__ import annotations

from sqlalchemy import select, update

from suppression.domain.controllers.branding import NO_BRAND, Branding, Logo
from suppression.domain.controllers.model import Controller
from suppression.storage.controllers.tables import DbBrand
from suppression.storage.engine.database import Transaction, insert_if_absent


def brand_of(transaction: Transaction, controller: Controller) -> Branding:
    """Return the brand of a controller; the default brand if it has saved no brand."""
    columns = (DbBrand.colour, DbBrand.dpo_contact, DbBrand.logo_type, DbBrand.resubscribe_url)
    statement = select(*columns).where(DbBrand.controller_number == controller.number)
    row = transaction.execute(statement).one_or_none()
    if row is None:
        return NO_BRAND
    return Branding(
        colour=row.colour,
        dpo_contact=row.dpo_contact,
        has_logo=bool(row.logo_type),
        resubscribe_url=row.resubscribe_url,
    )


def logo_of(transaction: Transaction, controller: Controller) -> Logo | None:
    """Return the logo of a controller; None if it has no logo."""
    statement = select(DbBrand.logo, DbBrand.logo_type).where(
        DbBrand.controller_number == controller.number
    )
    row = transaction.execute(statement).one_or_none()
    if row is None or row.logo is None:
        return None
    return Logo(content=row.logo, media_type=row.logo_type)


def save_brand(
    transaction: Transaction, controller: Controller, brand: Branding, *, logo: Logo | None
) -> None:
    """Replace the whole brand of a controller, logo included; None as `logo` means no logo."""
    number = controller.number
    values = {
        "colour": brand.colour,
        "dpo_contact": brand.dpo_contact,
        "logo": logo.content if logo else None,
        "logo_type": logo.media_type if logo else "",
        "resubscribe_url": brand.resubscribe_url,
    }
    row = {"controller_number": number, **values}
    if not insert_if_absent(transaction, DbBrand, row, key=("controller_number",)):
        own_row = DbBrand.controller_number == number
        transaction.execute(update(DbBrand).where(own_row).values(values))
