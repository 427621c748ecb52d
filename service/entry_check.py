"""What does not belong in a text on entry, and what to write instead: for files, forms and the API alike.

No citizen service number, telephone number, e-mail or street address; nothing about someone's own health, benefit or debts.
Work with other people's health or debts is experience, and is welcome.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.errors import UnfitText
from service.interchange import OpportunityRecord, Record
from service.personal_details import is_citizen_number, personal_details
from service.sensitive_words import Side, sensitive_terms
from service.wording import field_name


class Concern(StrEnum):
    """What a text should not hold."""

    BSN = "bsn"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HEALTH = "health"
    MONEY = "money"


_INSTEAD = {
    Concern.BSN: "Laat het burgerservicenummer weg. Gebruik een eigen code, bijvoorbeeld 's01'.",
    Concern.PHONE: "Laat het telefoonnummer weg. Contact loopt via de klantmanager of de accountmanager.",
    Concern.EMAIL: "Laat het e-mailadres weg. Contact loopt via de klantmanager of de accountmanager.",
    Concern.ADDRESS: "Laat het adres weg. De plaats en de vier cijfers van de postcode hebben een eigen veld.",
    Concern.HEALTH: "Schrijf niets over gezondheid. Schrijf wat iemand nodig heeft om goed te werken: "
    "'rustige werkplek', 'korte diensten' of 'werk zonder tillen'.",
    Concern.MONEY: "Schrijf niets over een uitkering of schulden. Schrijf wat iemand kan, wil of nodig heeft om goed te werken: "
    "'vaste uren' of 'een maatje op het werk'.",
}
OF_CONTACT = frozenset({Concern.BSN, Concern.HEALTH, Concern.MONEY})
"""What does not belong in a name or in how to reach someone either."""
_NO_ADDRESS_IN = {"organisation", "place"}


@dataclass(frozen=True)
class Finding:
    """One concern in one field, with the words that were found."""

    field: str
    concern: Concern
    words: tuple[str, ...]

    @property
    def message(self) -> str:
        """What was found and what to write instead, in Dutch."""
        quoted = ", ".join(f"'{word}'" for word in self.words)
        return f"hier staat {quoted}. {_INSTEAD[self.concern]}"

    @property
    def pointer(self) -> str:
        """The field as a JSON pointer (RFC 6901)."""
        return "/" + self.field.replace(".", "/")

    @property
    def sentence(self) -> str:
        """The message after the Dutch name of the field."""
        return f"{field_name(self.field)}: {self.message}"


def check_text(field: str, text: str, side: Side) -> list[Finding]:
    """What does not belong in one text; nothing when it is fine.

    Args:
        field: path of the field, such as `abilities.0`; `organisation` and `place` may hold the name of a street.
        side: whose text it is.
    """
    words: dict[Concern, dict[str, None]] = {}
    for detail in personal_details(text, with_address=field not in _NO_ADDRESS_IN):
        words.setdefault(Concern(detail.concern), {})[detail.words] = None
    for term in sensitive_terms(text, side):
        words.setdefault(Concern(term.concern), {})[text[term.start : term.end]] = None
    return [Finding(field, concern, tuple(found)) for concern, found in words.items()]


def check_texts(texts: Iterable[tuple[str, str]], side: Side) -> list[Finding]:
    """The same for every (field, text) of a form."""
    return [finding for field, text in texts for finding in check_text(field, text, side)]


def check_record(record: Record) -> list[Finding]:
    """What does not belong in the texts of a person or a place, its code included."""
    side = Side.PLACE if isinstance(record, OpportunityRecord) else Side.PERSON
    return [*_check_code(record.id), *check_texts(_texts(record), side)]


def must_fit(texts: Mapping[str, str], side: Side = Side.PERSON, of: Collection[Concern] = frozenset(Concern)) -> None:
    """Keeps out what does not belong in free text: every use case that stores such a text asks this first.

    Args:
        texts: each text by the path of its field, such as `goals.0.text`.
        side: whose text it is: about a person, or about a place.
        of: what may not be in it; a field for a telephone number leaves that out.

    Raises:
        UnfitText: for each text that does not fit, with what to write instead.
    """
    _refuse([finding for finding in check_texts(texts.items(), side) if finding.concern in of])


def record_must_fit(record: Record) -> None:
    """The same for all texts of a person or a place.

    Raises:
        UnfitText: for each text that does not fit, with what to write instead.
    """
    _refuse(check_record(record))


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise UnfitText([(finding.pointer, finding.sentence) for finding in findings])


def _check_code(identifier: str) -> list[Finding]:
    if not is_citizen_number(identifier):
        return []
    return [Finding("id", Concern.BSN, (f"een nummer dat op {identifier[-2:]} eindigt",))]


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    yield "place", record.place
    yield from _numbered("licences", record.licences)
    if isinstance(record, OpportunityRecord):
        for field in ("title", "organisation", "summary", "offers"):
            yield field, getattr(record, field)
        yield from _numbered("tasks", record.tasks)
        yield from ((f"needs.{number}.text", need.text) for number, need in enumerate(record.needs))
    else:
        for field in ("abilities", "motivations", "learning"):
            yield from _numbered(field, getattr(record, field))


def _numbered(field: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((f"{field}.{number}", text) for number, text in enumerate(texts))
