"""How exports name their columns, in French and English, without accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

_HEADERS = {
    "email": "email|e mail|mail|courriel|adresse email|adresse e mail|adresse mail|email address",
    "phone": "phone|telephone|tel|mobile|portable|gsm|numero|numero de telephone|phone number"
    "|telephone mobile|telephone portable|mobile phone|tel mobile|tel portable",
    "name": "name|full name|nom complet|nom et prenom|prenom nom|prenom et nom|contact",
    "first_name": "first name|firstname|prenom|given name",
    "last_name": "last name|lastname|nom|nom de famille|surname|family name",
    "street": "street|adresse|address|rue|voie|adresse 1|adresse1|address 1|street address"
    "|adresse postale",
    "line1": "line1|line 1|complement|complement d adresse|adresse 2|adresse2|address 2",
    "line2": "line2|line 2|adresse 3|adresse3|address 3",
    "postcode": "postcode|post code|zip|zip code|zipcode|postal code|code postal|cp",
    "city": "city|town|ville|commune|localite",
    "country": "country|pays|country code|code pays",
    "channels": "channels|channel|canal|canaux",
    "topics": "topics|topic|sujet|sujets|theme|themes|thematique|thematiques",
    "given_at": "given at|date consentement|date de consentement|date du consentement"
    "|consent date|consent given at|consented at|date optin|optin date|opt in date|date opt in",
    "until": "until|jusqu au|valable jusqu au|fin consentement|date de fin|date fin"
    "|date de fin du consentement|consent until|consent end|expiry date|expires at",
    "wording": "wording|texte|texte du consentement|texte de consentement|mention|libelle"
    "|formulation|consent text|consent wording",
    "given_by": "given by|moyen|mode|mode de recueil|mode de collecte|how|consent method",
    "evidence": "evidence|proof|preuve|reference|reference preuve|reference de la preuve"
    "|proof reference|evidence reference",
    "collected_by": "collected by|recueilli par|collecte par|collecteur|source|origine",
}
FIELD_OF_HEADER = {
    header: name for name, headers in _HEADERS.items() for header in headers.split("|")
}


def plain(text: str) -> str:
    """Words without accents, case and punctuation.

    >>> plain("Date_Consentement "), plain("T\u00e9l. (mobile)")
    ('date consentement', 'tel mobile')
    """
    marked = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in marked if not unicodedata.combining(one))
    return " ".join(re.findall(r"[a-z0-9]+", bare))
