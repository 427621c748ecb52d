"""What is wrong with a field and what is allowed, in plain Dutch, from the errors of pydantic."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from matching.phrases import RUNGS, SUPPORT, TRANSPORT

_OTHER_NAMES: Mapping[str, str] = {
    "text": "tekst",
    "note": "toelichting",
    "answer": "antwoord",
    "goals": "doelen en stappen",
    "name": "naam",
    "contact": "bereikbaar via",
    "agreements": "afspraken",
    "contactPersons": "contactpersonen",
}
FIELD_NAMES: Mapping[str, str] = {
    "id": "code",
    "place": "plaats",
    "postcode4": "postcode (vier cijfers)",
    "hours_min": "minste uren per week",
    "hours_max": "meeste uren per week",
    "dayparts": "dagdelen",
    "licences": "rijbewijzen en certificaten",
    "abilities": "wat iemand kan",
    "motivations": "wat iemand beweegt",
    "learning": "wat iemand wil leren",
    "max_travel_km": "hoe ver iemand reist (km)",
    "transport": "hoe iemand reist",
    "language": "niveau Nederlands",
    "support_needs": "ondersteuning die helpt",
    "open_to": "wensen",
    "kind": "trede",
    "title": "naam van de plek",
    "organisation": "organisatie",
    "summary": "samenvatting",
    "tasks": "taken",
    "needs": "wat nodig is",
    "offers": "wat de plek biedt",
    "language_min": "gevraagd niveau Nederlands",
    "support": "ondersteuning die er is",
    "positions": "vrije plaatsen",
    "closes_on": "sluitingsdatum",
}
"""Fields of the interchange format with the Dutch names of docs/glossary.md."""

_DAYPARTS = "kies uit mon_am, mon_pm, mon_eve tot en met sun_eve (maandagochtend tot en met zondagavond)."
_LEVELS = "kies uit A1, A2, B1, B2, C1 of C2."


def _choices(words: Mapping[str, Mapping[Any, str]]) -> str:
    return "kies uit " + ", ".join(f"{code} ({names['nl']})" for code, names in words.items()) + "."


_ALLOWED: Mapping[str, str] = {
    "id": "gebruik 1 tot 80 letters, cijfers of . _ : -, met eerst een letter of cijfer; tussen aanhalingstekens.",
    "postcode4": "geef vier cijfers, de eerste niet 0.",
    "hours_min": "geef een getal van 0 tot en met 60.",
    "hours_max": "geef een getal van 0 tot en met 60.",
    "max_travel_km": "geef een getal van 0 tot en met 500.",
    "positions": "geef een heel getal van 0 tot en met 10000.",
    "dayparts": _DAYPARTS,
    "transport": _choices(TRANSPORT),
    "kind": _choices(RUNGS),
    "open_to": _choices(RUNGS),
    "support": _choices(SUPPORT),
    "support_needs": _choices(SUPPORT),
    "language": _LEVELS,
    "language_min": _LEVELS,
    "closes_on": "geef een datum als 31-12-2027.",
    "licences": "geef een lijst van namen, elk van 1 tot 40 tekens.",
}
_BY_TYPE: Mapping[str, str] = {
    "missing": "dit veld is nodig.",
    "list_type": "hier hoort een lijst.",
    "too_short": "kies er minstens één.",
    "string_too_long": "de tekst is te lang: maximaal {max_length} tekens.",
    "string_too_short": "de tekst is te kort: minimaal {min_length} tekens.",
    "string_pattern_mismatch": "hier hoort een zin met minstens één letter of cijfer.",
    "string_type": "hier hoort tekst.",
    "bool_parsing": "hier hoort ja (true) of nee (false).",
    "bool_type": "hier hoort ja (true) of nee (false).",
    "model_type": "hier horen onderdelen met een naam, zoals in docs/interchange.md.",
    "model_attributes_type": "hier horen onderdelen met een naam, zoals in docs/interchange.md.",
    "dict_type": "hier horen onderdelen met een naam, zoals in docs/interchange.md.",
}
_SHOWN = 40
_LIST_ITSELF = {"missing", "list_type", "too_short", "model_type", "model_attributes_type", "dict_type"}


def in_dutch(problem: ErrorDetails) -> str:
    """One problem of a field as a sentence that names the field, the value and what is allowed."""
    field = str(problem["loc"][0]) if problem["loc"] else ""
    kind = problem["type"]
    if kind == "value_error":
        return str(problem.get("ctx", {}).get("error") or problem["msg"])
    allowed = _ALLOWED.get(field, "kijk in docs/interchange.md wat hier kan staan.")
    if kind in _BY_TYPE and (kind in _LIST_ITSELF or field not in _ALLOWED):
        sentence = _BY_TYPE[kind].format(**problem.get("ctx", {}))
        return f"{field_name(field)}: {sentence}" + (f" {allowed.capitalize()}" if field in _ALLOWED else "")
    return f"{field_name(field)}: '{_short(problem['input'])}' kan hier niet; {allowed}"


def field_name(field: str) -> str:
    """The Dutch name of a field; of a part of it (`abilities.0`) the name of the whole."""
    name = field.partition(".")[0]
    return {**FIELD_NAMES, **_OTHER_NAMES}.get(name, name)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
