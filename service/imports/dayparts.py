"""Parts of the week as people write them: "ma t/m do ochtend, vr hele dag"."""

import re

from matching.model import DAYS
from service.geography import simplified

_DAY_NAMES = (
    r"maandag|ma|monday|mon",
    r"dinsdag|di|tuesday|tue",
    r"woensdag|woe|wo|wednesday|wed",
    r"donderdag|do|thursday|thu",
    r"vrijdag|vrij|vr|friday|fri",
    r"zaterdag|za|saturday|sat",
    r"zondag|zo|sunday|sun",
)
_PART_NAMES = {
    "am": r"ochtend(?:en)?|morgens?|voormiddag(?:en)?|mornings?|am|o",
    "pm": r"(?:na)?middag(?:en|s)?|afternoons?|pm|m",
    "eve": r"avond(?:en|s)?|evenings?|eve|a",
    "am pm": r"hele dag(?:en)?|overdag|dag",
}
_GROUPS = {
    "doordeweeks": DAYS[:5],
    "werkdagen": DAYS[:5],
    "weekend": DAYS[5:],
    "weekdagen": DAYS[:5],
    "elke dag": DAYS,
    "alle dagen": DAYS,
}
_FLEXIBLE = re.compile(r"flexibel|maakt niet uit|in overleg|alle dagdelen|altijd|geen voorkeur|any|flexible")
_TOKEN = re.compile(
    r"(?P<group>" + "|".join(_GROUPS) + r")s?"
    r"|(?P<day>"
    + "|".join(f"(?P<d{number}>{names})" for number, names in enumerate(_DAY_NAMES))
    + r")(?:en|s)?(?P<stuck>(?:ochtend|middag|avond)(?:en|s)?)?"
    r"|(?P<to>t m|tm|tot en met|tot|through|to)"
    r"|(?P<part>" + "|".join(f"(?P<p{number}>{names})" for number, names in enumerate(_PART_NAMES.values())) + r")"
)


def dayparts_in(text: str) -> list[str] | None:
    """Dayparts in the order of the week; None for "flexible" and for a text without days or parts.

    A day without a part counts for morning and afternoon, a part without a day for Monday to Friday.
    """
    plain = simplified(text.replace("-", " tot ").replace("/", " "))
    if _FLEXIBLE.search(plain):
        return None
    groups = _groups([match for match in _TOKEN.finditer(plain) if _whole(plain, match)])
    found = {f"{DAYS[day]}_{part}" for days, parts in groups for day in days or range(5) for part in parts or ("am", "pm")}
    return [f"{day}_{part}" for day in DAYS for part in ("am", "pm", "eve") if f"{day}_{part}" in found] or None


def _whole(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    return not (before[-1:].isalnum() or after[:1].isalnum())


def _groups(tokens: list[re.Match[str]]) -> list[tuple[list[int], list[str]]]:
    """Days with the parts that follow them: a day after a part begins a new group."""
    groups: list[tuple[list[int], list[str]]] = []
    days: list[int] = []
    parts: list[str] = []
    until = False
    for token in tokens:
        if token["to"]:
            until = True
            continue
        if token["part"]:
            parts += _parts(token)
            continue
        if parts:
            groups.append((days, parts))
            days, parts = [], []
        new = _days(token)
        days = [*days, *range(days[-1] + 1, new[0])] if until and days and new[0] > days[-1] else days
        days, until = [*days, *new], False
        parts += _stuck(token)
    return [*groups, (days, parts)] if days or parts else groups


def _days(token: re.Match[str]) -> list[int]:
    if token["group"]:
        return [DAYS.index(day) for day in _GROUPS[token["group"]]]
    return [number for number in range(len(DAYS)) if token[f"d{number}"]]


def _parts(token: re.Match[str]) -> list[str]:
    return [part for number, names in enumerate(_PART_NAMES) if token[f"p{number}"] for part in names.split()]


def _stuck(token: re.Match[str]) -> list[str]:
    stuck = token["stuck"] or ""
    return [part for part, start in (("am", "ochtend"), ("pm", "middag"), ("eve", "avond")) if stuck.startswith(start)]
