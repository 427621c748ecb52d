"""Vacancies and profiles of VUM (Verbeteren Uitwisseling Matchingsgegevens), versions 2 and 3, to rows of the interchange format.

Only what the interface says without doubt is read. Its levels of language are no CEFR levels and its means of transport are
numbers, so both stay open. Names, contact details and the registration of occupational disability are never read.
"""

import re
from collections.abc import Iterator
from typing import Any

from service.imports.vacancy_facts import kind_in
from service.imports.vacancy_text import need_of, sorted_sentences

Json = dict[str, Any]

_VACANCY = {"idVacature", "naamVacature", "nummerVacature"}
_PROFILE = {"idWerkzoekende", "arbeidsmarktkwalificatie", "bemiddelingsberoep"}
_LICENCES = {"AM", "B", "BE", "C", "CE", "D", "T"}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def read_vum(message: Any) -> list[Json]:
    """A row for every vacancy and profile in a message, wherever they stand; none where it is no such message."""
    return [_vacancy(found) if _VACANCY & found.keys() else _profile(found) for found in _found(message)]


def _found(value: Any) -> Iterator[Json]:
    if isinstance(value, dict) and (_VACANCY | _PROFILE) & value.keys():
        yield value
    else:
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _found(part)


def _vacancy(vacancy: Json) -> Json:
    sections = sorted_sentences(_text(vacancy.get("omschrijvingVacature")))
    employer = vacancy.get("werkgever", {})
    needs = [*sections["needs"], *_skills(vacancy)]
    title = _text(vacancy.get("naamVacature")) or _occupation(vacancy.get("beroep"))
    return _filled(
        {
            "id": _code(vacancy, "idVacature", "vumID", "nummerVacature"),
            "kind": kind_in(f"{title} {_text(vacancy.get('omschrijvingVacature'))}") or "paid",
            "title": title,
            "organisation": _text(_first(employer, "handelsnaamOrganisatie")),
            "place": _text(_first(employer, "woonplaatsnaam")),
            "postcode4": _text(_first(employer, "postcode"))[:4],
            "summary": " ".join(sections["summary"]),
            "tasks": sections["tasks"],
            "needs": [need_of(sentence) for sentence in needs],
            "offers": " ".join([*sections["offers"], _text(_first(vacancy, "omschrijvingArbeidsvoorwaarden"))]).strip(),
            "closes_on": _first(vacancy, "sluitingsdatumVacature", "sluitingsDatumVacature"),
            **_practical(vacancy),
        }
    )


def _profile(profile: Json) -> Json:
    known = profile.get("arbeidsmarktkwalificatie", {})
    told = [_text(profile.get("persoonlijkePresentatie"))]
    told += [_text(_first(one, "toelichtingWerkervaring")) or _worked_as(one) for one in _many(known, "werkervaring")]
    wishes = [_text(_first(one, "naamInteresse")) for one in _many(known, "interesse")]
    wishes += [f"Werk als {name}" for one in _many(profile, "bemiddelingsberoep") if (name := _occupation(one))]
    mobility = profile.get("mobiliteit", {})
    return _filled(
        {
            "id": _code(profile, "idWerkzoekende", "vumID"),
            "abilities": [*(sentence for text in told for sentence in _sentences(text)), *_skills(known)],
            "motivations": [sentence for text in wishes for sentence in _sentences(text)],
            "postcode4": _text(_first(mobility, "bemiddelingspostcode"))[:4],
            "max_travel_km": _first(mobility, "maximaleReisafstand"),
            **_practical({**profile, "rijbewijs": known.get("rijbewijs", []) if isinstance(known, dict) else []}),
        }
    )


def _practical(message: Json) -> Json:
    times = message.get("werktijden", {})
    return {
        "hours_min": _first(times, "aantalWerkurenPerWeekMinimaal"),
        "hours_max": _first(times, "aantalWerkurenPerWeekMaximaal"),
        "licences": [
            code for one in _many(message, "rijbewijs") if (code := _text(_first(one, "codeSoortRijbewijs"))) in _LICENCES
        ],
    }


def _skills(message: Any) -> list[str]:
    return [text for one in _many(message, "vakvaardigheid") if (text := _text(_first(one, "omschrijving")))]


def _occupation(value: Any) -> str:
    return _text(_first(value, "omschrijvingBeroepsnaam", "naamBeroepOngecodeerd"))


def _worked_as(experience: Json) -> str:
    name = _occupation(experience)
    return f"Gewerkt als {name}" if name else ""


def _code(message: Json, *names: str) -> str:
    given = next((_text(message[name]) for name in names if message.get(name)), "")
    return re.sub(r"[^A-Za-z0-9._:-]+", "-", given).strip("-._:")[:80]


def _first(value: Any, *names: str) -> Any:
    """The first value under one of these names, however deep: version 2 has a level of kinds where version 3 has none."""
    if isinstance(value, dict):
        for name in names:
            if value.get(name) is not None:
                return value[name]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for part in parts if (found := _first(part, *names)) is not None), None)


def _many(message: Any, name: str) -> list[Any]:
    value = message.get(name) if isinstance(message, dict) else None
    return value if isinstance(value, list) else [value] if value else []


def _sentences(text: str) -> list[str]:
    return [sentence for part in _SENTENCE_END.split(text) if (sentence := part.strip())]


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


def _filled(row: Json) -> Json:
    return {field: value for field, value in row.items() if value not in (None, "", [])}
