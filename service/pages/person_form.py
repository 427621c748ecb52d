"""The form of a person: from what was typed or is kept, to what is checked and matched on."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from matching.model import LADDER, Rung

Values = dict[str, Any]

KINDS = {"ability": "abilities", "motivation": "motivations", "learning": "learning"}
_TYPED = (
    "name",
    "contact",
    "place",
    "postcode4",
    "max_travel_km",
    "transport",
    "hours_min",
    "hours_max",
    *("speaking", "reading", "writing"),
)
_CHOSEN = ("dayparts", "support_needs", "open_to")
_NUMBERS = ("max_travel_km", "hours_min", "hours_max")
_ABOVE_SHELTERED = [rung for rung in LADDER if rung not in {Rung.SHELTERED, Rung.DAY_ACTIVITY}]


def empty() -> Values:
    """A new person: defaults that are right for most, so that three sentences are enough; of Dutch nothing is assumed."""
    texts = dict.fromkeys(_TYPED, "") | {"max_travel_km": "10", "transport": "bike", "hours_min": "8", "hours_max": "32"}
    return (
        texts
        | {"licences": "", "dayparts": [], "support_needs": [], "open_to": [str(rung) for rung in _ABOVE_SHELTERED]}
        | {kind: [] for kind in KINDS}
    )


def typed(form: FormData) -> Values:
    """What somebody typed; sentences in the lines for new ones come after those that are there."""

    def listed(name: str) -> list[str]:
        return [text for value in form.getlist(name) if (text := str(value).strip())]

    texts = {name: str(form.get(name, "")).strip() for name in (*_TYPED, "licences")}
    sentences = {kind: list(dict.fromkeys([*listed(kind), *listed(f"new_{kind}")])) for kind in KINDS}
    return texts | {name: listed(name) for name in _CHOSEN} | _without(sentences, str(form.get("remove", "")))


def _without(sentences: dict[str, list[str]], removed: str) -> dict[str, list[str]]:
    kind, _, number = removed.partition(":")
    if kind in sentences and number.isdecimal() and int(number) < len(sentences[kind]):
        del sentences[kind][int(number)]
    return sentences


def kept(person: Mapping[str, Any]) -> Values:
    """A person as they are kept."""
    texts = {name: "" if person[name] is None else str(person[name]) for name in _TYPED}
    return (
        texts
        | {name: f"{person[name]:g}" for name in _NUMBERS}
        | {"licences": ", ".join(person["licences"]), "dayparts": person["dayparts"] or []}
        | {"support_needs": person["support_needs"], "open_to": person["open_to"]}
        | {kind: list(person[field]) for kind, field in KINDS.items()}
    )


def row(code: str, values: Values) -> Values:
    """The same in the interchange format."""
    numbers = {name: values[name].replace(",", ".") for name in _NUMBERS if values[name]}
    return (
        numbers
        | {
            "id": code,
            "place": values["place"],
            "postcode4": values["postcode4"] or None,
            "transport": values["transport"],
            "language": {skill: values[skill] or None for skill in ("speaking", "reading", "writing")},
            "licences": [one for part in values["licences"].split(",") if (one := part.strip())],
            "dayparts": values["dayparts"] or None,
            "support_needs": values["support_needs"],
            "open_to": values["open_to"],
        }
        | {field: values[kind] for kind, field in KINDS.items()}
    )


def differences(mine: Values, theirs: Values) -> list[tuple[str, str, str]]:
    """Name of the field, what I typed and what is kept now, where those differ."""
    found = [(name, _shown(mine[name]), _shown(theirs[name])) for name in mine]
    return [one for one in found if one[1] != one[2]]


def _shown(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " · ".join(value)
