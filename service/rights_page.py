"""Everything that is recorded of a person as a page that reads well, in plain Dutch, without script or style from elsewhere."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from itertools import groupby
from typing import Any

from matching.model import DAYS
from matching.phrases import LICENCES, RUNGS, SUPPORT, TRANSPORT
from matching.wording import number, span
from service.db.identity import Role
from service.local_time import here
from service.proposals import REASONS, STATES, State

Json = Mapping[str, Any]
_WELCOME = (
    "Hier staat alles wat Passend over je weet. Klopt er iets niet? Je kunt het zelf aanpassen, of vraag het je klantmanager."
)
_KINDS = {"ability": "Wat je kunt", "motivation": "Wat je beweegt", "learning": "Wat je wilt leren"}
_ROLES = {
    "client_manager": "klantmanager",
    "account_manager": "accountmanager werkgevers",
    "employer": "werkgever",
    "resident": "inwoner",
    "administrator": "beheerder",
    "auditor": "auditor",
}
_DAYS = dict(zip(DAYS, ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"), strict=True))
_PARTS = {"am": "ochtend", "pm": "middag", "eve": "avond"}
_REASONS = {reason: label.nl for known in REASONS.values() for reason, label in known.items()}


def page(data: Json) -> str:
    """The page, as HTML 5."""
    person = data["person"]
    body = "\n".join(
        [
            f"<h1>{escape(' '.join(filter(None, ['Hallo', person['name']])))}</h1>",
            f"<p>{_WELCOME}</p>",
            _section("Jij", [_list(_about(person))]),
            _section("Je zinnen", [_list(f"{_KINDS[one['kind']]}: “{one['text']}”" for one in data["statements"])]),
            _section("Zinnen van eerder", [_list(_earlier(one, person) for one in data["earlier_statements"])]),
            _section("Voorstellen", [part for one in data["proposals"] for part in _proposal(one)]),
            _section("Wie je naam mag weten", [_list(map(_agreement, data["agreements"]))]),
            _section("Waar je het niet mee eens was", [_list(map(_objection, data["objections"]))]),
            _section("Wanneer plekken voor je zijn gezocht", [_list(_runs(data["match_runs"])), _compared(person)]),
        ]
    )
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mijn gegevens</title>'
    return f'<!doctype html>\n<html lang="nl"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'


def _about(person: Json) -> Iterable[str]:
    words = {
        "Naam": person["name"],
        "Code": person["id"],
        "Contact": person["contact"],
        "Gemeente": person["municipality"],
        "Klantmanager": person["client_manager"],
        "Woonplaats": person["place"],
        "Postcode": person["postcode4"],
        "Reizen": f"{TRANSPORT[person['transport']]['nl']}, tot {person['max_travel_km']:g} km",
        "Uren per week": span(number(person["hours_min"]), number(person["hours_max"])),
        "Dagdelen": ", ".join(map(_daypart, person["dayparts"] or [])) or "in overleg",
        "Nederlands": ", ".join(
            f"{name} {person[part]}"
            for part, name in (("speaking", "spreken"), ("reading", "lezen"), ("writing", "schrijven"))
            if person[part]
        ),
        "Rijbewijzen en certificaten": ", ".join(LICENCES.get(one, {"nl": one})["nl"] for one in person["licences"]),
        "Ondersteuning die helpt": ", ".join(SUPPORT[one]["nl"] for one in person["support_needs"]),
        "Open voor": ", ".join(RUNGS[one]["nl"] for one in person["open_to"]),
        "Vastgelegd sinds": _day(person["created_at"]),
    }
    return (f"{name}: {value}" for name, value in words.items() if value)


def _daypart(code: str) -> str:
    day, part = code.split("_")
    return _DAYS[day] + _PARTS[part]


def _earlier(one: Json, person: Json) -> str:
    who = "jijzelf" if one["changed_by"] == f"Inwoner {person['id']}" else one["changed_by"]
    return f"“{one['text']}”, tot {_day(one['until'])} ({who})"


def _proposal(one: Json) -> list[str]:
    steps = [_step(step) for step in one["steps"]]
    return [f"<h3>{escape(one['title'])}, {escape(one['organisation'])}</h3>", f"<p>Nu: {one['label']['nl']}.</p>", _list(steps)]


def _step(step: Json) -> str:
    role = step["by_role"] or ""
    who = "jou" if role == Role.RESIDENT else f"{step['by_name']} ({_ROLES.get(role, 'beheerder')})"
    said = " ".join(filter(None, [_REASONS.get(step["reason"] or "", ""), step["note"]]))
    taken_back = "stap teruggenomen, " if step["undoes"] else ""
    return f"{_day(step['at'])}: {taken_back}{STATES[State(step['to_state'])].nl}, door {who}" + (f": {said}" if said else "")


def _agreement(one: Json) -> str:
    until = f"tot {_day(one['revoked_at'])}" if one["revoked_at"] else "tot je dit intrekt"
    return f"{one['employer'] or 'de werkgever van deze plek'}: van {_day(one['given_at'])} {until}"


def _objection(one: Json) -> str:
    answer = f"{one['answered_by']} antwoordde: {one['answer']}" if one["answer"] else "nog geen antwoord"
    return f"{_day(one['made_at'])}: {one['text']} ({answer})"


def _runs(runs: Iterable[Json]) -> Iterable[str]:
    """Searches with the same outcome after one another are told once."""
    for titles, same in groupby(runs, key=lambda one: list(dict.fromkeys(one["titles"]))):
        days = [_day(one["made_at"]) for one in same]
        first, last = days[0], days[-1]
        when = first if first == last else f"{first} tot en met {last}"
        times = f" ({len(days)} keer)" if len(days) > 1 else ""
        yield f"{when}{times}: {', '.join(titles) or 'nog geen plek'}"


def _compared(person: Json) -> str:
    return f"<p>Bij {person['compared_for_places']} zoekvragen voor een plek is ook naar jouw profiel gekeken.</p>"


def _section(title: str, parts: Iterable[str]) -> str:
    return "\n".join([f"<section><h2>{title}</h2>", *(list(parts) or ["<p>Nog niets.</p>"]), "</section>"])


def _list(items: Iterable[str]) -> str:
    rows = [f"<li>{escape(item)}</li>" for item in items]
    return f"<ul>{''.join(rows)}</ul>" if rows else "<p>Nog niets.</p>"


def _day(moment: date) -> str:
    day = here(moment)
    return f"{day.day}-{day.month}-{day.year}"
