"""The headers of exports, in French and English, and our names for the columns.

docs/imports.md, "What each tool exports", says where each tool's columns were seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_HEADERS = {
    "email": "email|e mail|mail|courriel|adresse email|adresse e mail|adresse mail|email address"
    "|e mail address|emailaddress|adresse electronique|courrier electronique|recipient|destinataire"
    "|recipient email|subscriber email|contact email|primary email|email principal",
    "phone": "phone|telephone|tel|mobile|portable|gsm|numero|numero de telephone|phone number"
    "|telephone mobile|telephone portable|mobile phone|tel mobile|tel portable|sms|phonenumber"
    "|mobile number|mobile phone number|numero de mobile|numero de portable|telephone number",
    "name": "name|full name|nom complet|nom et prenom|prenom nom|prenom et nom|contact",
    "first_name": "first name|firstname|prenom|given name|fname",
    "last_name": "last name|lastname|nom|nom de famille|surname|family name|lname",
    "street": "street|adresse|address|rue|voie|adresse 1|adresse1|address 1|street address"
    "|adresse postale|address line 1|address line1|ligne d adresse 1",
    "line1": "line1|line 1|complement|complement d adresse|adresse 2|adresse2|address 2"
    "|address line 2|address line2|ligne d adresse 2",
    "line2": "line2|line 2|adresse 3|adresse3|address 3",
    "postcode": "postcode|post code|zip|zip code|zipcode|postal code|code postal|cp",
    "city": "city|town|ville|commune|localite",
    "country": "country|pays|country code|code pays",
    "channels": "channels|channel|canal|canaux",
    "topics": "topics|topic|sujet|sujets|theme|themes|thematique|thematiques",
    "given_at": "given at|date consentement|date de consentement|date du consentement"
    "|consent date|consent given at|consented at|date optin|optin date|opt in date|date opt in",
    "until": "until|jusqu au|valable jusqu au|fin consentement|date de fin|date fin"
    "|date de fin du consentement|consent until|consent end|expiry date|expires at|expire le",
    "wording": "wording|texte|texte du consentement|texte de consentement|mention|libelle"
    "|formulation|consent text|consent wording",
    "given_by": "given by|moyen|mode|mode de recueil|mode de collecte|how|consent method",
    "evidence": "evidence|proof|preuve|reference|reference preuve|reference de la preuve"
    "|proof reference|evidence reference",
    "collected_by": "collected by|recueilli par|collecte par|collecteur|source|origine",
    "sha256": "sha256|sha 256|email sha256|sha256 email|hash sha256|sha256 hash|phone sha256"
    "|sha256 phone|hashed email|hashed phone|email hash|phone hash|hash|empreinte|email hache",
    "md5": "md5|email md5|md5 email|hash md5|md5 hash|phone md5|md5 phone",
    "sha1": "sha1|sha 1|email sha1|sha1 email|hash sha1|sha1 hash|phone sha1|sha1 phone",
    "scheme": "scheme|hash scheme|schema",
    "reason": "reason|motif|raison|stop reason|motif d opposition|unsubscribe reason|unsub reason",
    "complained": "complained|portal spam report|is spam complaining",
    "unsubscribed": "unsubscribed|portal unsubscribe|unsubscribed from all email|is unsubscribed",
    "bounced": "bounced|portal bounce",
    "bounced_elsewhere": "bounced elsewhere|global bounce",
    "occurred_at": "occurred at|date|unsub time|clean time|blocked at"
    "|unsubscribed at|unsubscribed date|unsubscribe date|opt out date|optout date|last update time"
    "|exclusion from campaigns updated at"
    "|date opposition|date d opposition|date de l opposition|date de desinscription"
    "|date desinscription|desinscrit le|desabonne le|date de desabonnement",
    # The date of a stop in SendGrid's exports; elsewhere mostly when a contact was created.
    "created": "created",
    "ref": "ref|external ref|reference externe",
    "language": "language|langue|lang|locale",
}
FIELD_OF_HEADER = {
    header: name for name, headers in _HEADERS.items() for header in headers.split("|")
}
FIELDS = frozenset(_HEADERS)
"""All names that we give to columns."""
_MAILCHIMP_HEADERS = frozenset({"LEID", "EUID"})
_SES_REASONS = frozenset({"bounce", "complaint"})
"""The reasons in Amazon SES exports, which have no header: an address, then one of these."""
_CAMEL_CASE_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MAYBE_PERSONAL_DATA = re.compile(r"[\d@]|\S{20}")
_CONTACT = re.compile(r"\S@\S|^\s*\+?\d[\d\s().-]{8,}$|^\s*[0-9a-fA-F]{32,64}\s*$")
_MAX_DIGITS_OF_A_NAME = 3


def field_for_header(header: str) -> str:
    """Return our name for a column with this header; '' if unknown.

    >>> (field_for_header("Adresse e-mail"),
    ...  field_for_header("lastUpdateTime"), field_for_header("x"))
    ('email', 'occurred_at', '')
    """
    name = FIELD_OF_HEADER.get(normalize_words(header))
    return name or FIELD_OF_HEADER.get(normalize_words(_CAMEL_CASE_BOUNDARY.sub(" ", header)), "")


def fields_for_headers(headers: Sequence[str]) -> list[str]:
    """Return our names for the columns of a file; '' for an unknown column.

    The street column of a Mailchimp export gets '' too: it holds a whole address in one cell, which
    gives no postal identifier.

    >>> fields_for_headers(["Email Address", "Address", "EUID"])
    ['email', '', '']
    """
    names = [field_for_header(header) for header in headers]
    if _MAILCHIMP_HEADERS.isdisjoint(headers):
        return names
    return ["" if name == "street" else name for name in names]


def field_for_cell(cell: str) -> str:
    """Return our name for a column without a header, judged by one of its cells; '' if unclear.

    >>> field_for_cell("jean@example.fr"), field_for_cell("COMPLAINT"), field_for_cell("Jean")
    ('email', 'reason', '')
    """
    if "@" in cell:
        return "email"
    return "reason" if normalize_words(cell) in _SES_REASONS else ""


def looks_like_contact(cell: str) -> bool:
    """Return whether a cell holds what looks like an e-mail address, a phone number or a digest.

    A row that has one is not taken for a header.

    >>> looks_like_contact("jean@example.fr"), looks_like_contact("E-mail (1)")
    (True, False)
    """
    return bool(_CONTACT.search(unicodedata.normalize("NFKC", cell)))


def names_no_column(cell: str) -> bool:
    """Return whether a cell has more than 3 digits, so that it is not taken for a header.

    >>> names_no_column("Mobile 2"), names_no_column("T\u00e9l. 06/12/34/56/78")
    (False, True)
    """
    return sum(map(str.isdigit, cell)) > _MAX_DIGITS_OF_A_NAME


def may_be_personal_data(cell: str) -> bool:
    """Return whether a cell has a digit, an `@` or 20 characters in a row without a space.

    >>> may_be_personal_data("06/12/34/56/78"), may_be_personal_data("Courriel pro")
    (True, False)
    """
    return bool(_MAYBE_PERSONAL_DATA.search(cell))


def normalize_words(text: str) -> str:
    """Return the words of a text in lower case, without accents and punctuation.

    >>> normalize_words("Date_Consentement "), normalize_words("T\u00e9l. (mobile)")
    ('date consentement', 'tel mobile')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    unaccented = "".join(
        character for character in decomposed if not unicodedata.combining(character)
    )
    return " ".join(re.findall(r"[a-z0-9]+", unaccented))
