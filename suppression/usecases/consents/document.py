"""Write the proof of a consent as a document for the person."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.calendar.locations import main_zone_of_country
from suppression.domain.consents.documents import ConsentDocument, Language, document_text
from suppression.domain.controllers.model import Controller
from suppression.domain.suppressions.model import RecordId
from suppression.storage.controllers.rows import load_topics
from suppression.storage.engine.database import reading
from suppression.usecases.consents.search import find_consent


def document_consent(
    controller: Controller, record_id: RecordId, language: Language, *, now: datetime
) -> str:
    """Return the proof of a consent as text. Raises NotFoundError if there is no such consent."""
    found_consent = find_consent(controller, record_id, now=now)
    with reading() as transaction:
        names = {
            topic.slug: topic.name_fr if language is Language.FR else topic.name_en
            for topic in load_topics(transaction, controller)
        }
    topic = found_consent.consent.scope.topic
    about = ConsentDocument(
        company=controller.name,
        zone=main_zone_of_country(controller.country),
        consent=found_consent.consent,
        topic=names.get(topic, topic),
        state=found_consent.state,
        ends_at=found_consent.ends_at,
    )
    return document_text(about, language)
