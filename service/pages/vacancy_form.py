"""The form of a place: from what was typed, pasted or is kept, to what is checked and matched on."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from service.pages.person_form import Values

_TYPED = (
    "title",
    "kind",
    "organisation",
    "employer",
    "place",
    "postcode4",
    "summary",
    "tasks",
    "offers",
    "hours_min",
    "hours_max",
    "positions",
    "speaking",
    "reading",
    "licences",
)
_CHOSEN = ("dayparts", "support")
_NUMBERS = ("hours_min", "hours_max", "positions")
HOW = {"must": (True, False), "learnable": (True, True), "nice": (False, False), "nice_learnable": (False, True)}
"""How much a need is needed: whether it is a must, and whether it can be learned there."""


def empty(organisation: str = "", employer: str = "") -> Values:
    """A new place."""
    return dict.fromkeys(_TYPED, "") | {
        "kind": "paid",
        "positions": "1",
        "hours_min": "8",
        "hours_max": "32",
        "organisation": organisation,
        "employer": employer,
        "dayparts": [],
        "support": [],
        "needs": [],
    }


def typed(form: FormData) -> Values:
    """What somebody typed; needs without words are left out."""
    texts = {name: str(form.get(name, "")).strip() for name in _TYPED}
    lines = zip(form.getlist("need"), form.getlist("how"), strict=False)
    needs = [{"text": words, "how": str(how)} for text, how in lines if (words := str(text).strip())]
    return texts | {name: [str(one) for one in form.getlist(name)] for name in _CHOSEN} | {"needs": needs}


def kept(place: Mapping[str, Any]) -> Values:
    """A place as it is kept."""
    return read(dict(place)) | {
        "employer": str(place["employer_id"] or ""),
        "speaking": place["speaking_min"] or "",
        "reading": place["reading_min"] or "",
    }


def read(place: Mapping[str, Any]) -> Values:
    """A place in the interchange format, as far as it is known."""
    known = {name: place[name] for name in _TYPED if place.get(name) is not None}
    levels = place.get("language_min") or {}
    return empty() | {
        **{name: f"{value:g}" if name in _NUMBERS else str(value) for name, value in known.items()},
        "tasks": "\n".join(place.get("tasks") or []),
        "needs": [{"text": need["text"], "how": _how(need)} for need in place.get("needs") or []],
        "licences": ", ".join(place.get("licences") or []),
        "dayparts": list(place.get("dayparts") or []),
        "support": list(place.get("support") or []),
        "speaking": levels.get("speaking") or "",
        "reading": levels.get("reading") or "",
    }


def row(code: str, values: Values) -> Values:
    """The same in the interchange format."""
    plain = {name: values[name] for name in ("title", "kind", "organisation", "place", "summary", "offers", "support")}
    return (
        plain
        | {name: values[name].replace(",", ".") for name in _NUMBERS if values[name]}
        | {
            "id": code,
            "postcode4": values["postcode4"] or None,
            "tasks": [line for one in values["tasks"].splitlines() if (line := one.strip(" -•*\t"))],
            "needs": [_need(one) for one in values["needs"]],
            "dayparts": values["dayparts"] or None,
            "language_min": {skill: values[skill] for skill in ("speaking", "reading") if values[skill]} or None,
            "licences": [one for part in values["licences"].split(",") if (one := part.strip())],
        }
    )


def flat(values: Values) -> Values:
    """The same with every need as one line, to lay two versions side by side."""
    return values | {"needs": [f"{one['text']} ({one['how']})" for one in values["needs"]]}


def _how(need: Mapping[str, Any]) -> str:
    flags = need.get("must", True), need.get("learnable", False)
    return next(name for name, known in HOW.items() if known == flags)


def _need(line: Mapping[str, str]) -> dict[str, Any]:
    must, learnable = HOW.get(line["how"], HOW["must"])
    return {"text": line["text"], "must": must, "learnable": learnable}
