"""Facts in the text of a vacancy: hours, dayparts, licences, language, support, place, organisation and kind of place."""

import re
from collections.abc import Iterator
from typing import Any

from matching.model import Rung
from service.geography import Gazetteer, simplified
from service.imports.cells import number
from service.imports.dayparts import dayparts_in
from service.imports.word_lists import codes_for

_NUMBER = r"(\d{1,2}(?:[.,]\d{1,2})?)"
_TO = r"\s*(?:uur|u)?\s*(?:-|–|tot(?: en met| maximaal)?|t/m|à|a|of)\s*"
_WEEK = r"\s*(?:uur|uren|u)\b(?:\s*(?:per|p/|in de|/|a)\s*w(?:eek)?\b|\s*p/?w\b|\s*werkweek)?"
_HOURS = (
    re.compile(rf"{_NUMBER}{_TO}{_NUMBER}\s*(?:uur|uren|u)\s*(?:per|p/|in de|/)\s*w", re.IGNORECASE),
    re.compile(rf"\b(?:uren|aantal uren|uren per week|hours)\s*:\s*{_NUMBER}{_TO}{_NUMBER}", re.IGNORECASE),
    re.compile(rf"\(\s*{_NUMBER}{_TO}{_NUMBER}{_WEEK}\s*\)", re.IGNORECASE),
    re.compile(
        rf"(?<!van )(?<!om )(?<!vanaf )\b{_NUMBER}{_TO}{_NUMBER}\s*(?:uur|uren|u)\b(?!\s*(?:per dag|'s|in de))", re.IGNORECASE
    ),
)
_ONE_HOURS = (
    re.compile(
        rf"\b(?P<bound>minimaal|minstens|vanaf|maximaal|max\.?|tot)?\s*{_NUMBER}\s*(?:uur|uren|u)\s*(?:per|p/|in de|/)\s*w",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:uren|aantal uren|uren per week|hours)\s*:\s*(?P<bound>minimaal|maximaal|max\.?)?\s*{_NUMBER}", re.IGNORECASE
    ),
    re.compile(rf"(?P<bound>)\(\s*{_NUMBER}\s*(?:uur|uren|u)\s*\)", re.IGNORECASE),
    re.compile(rf"(?P<bound>)\b{_NUMBER}[- ]urige\s+werkweek", re.IGNORECASE),
)
_FULL_TIME = re.compile(r"\b(?:full[- ]?time|voltijd|voltijds)\b", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:en|s)?(?:ochtend|middag|avond)?(?:en|s)?|ochtend(?:en)?|(?:na)?middag(?:en)?|"
    r"avond(?:en)?|hele dag|t/m|tot en met|weekend|doordeweeks|werkdagen(?!\s*:))\b",
    re.IGNORECASE,
)
_LICENCES = (
    ("CE", r"rijbewijs\s+(?:c\s*/\s*)?ce\b"),
    ("BE", r"rijbewijs\s+(?:b\s*/\s*)?be\b"),
    ("C", r"rijbewijs\s+c\b(?!\s*/)|vrachtwagenrijbewijs|groot rijbewijs"),
    ("D", r"rijbewijs\s+d\b|busrijbewijs"),
    ("T", r"rijbewijs\s+t\b|trekkerrijbewijs|tractorrijbewijs"),
    ("AM", r"rijbewijs\s+am\b|bromfietsrijbewijs"),
    ("B", r"rijbewijs(?!\s+(?:ce|be|c|d|t|am)\b)(?:\s+b\b)?|driving licen[cs]e"),
    (
        "forklift",
        r"heftruck(?:certificaat|rijbewijs|diploma|bewijs)|(?:certificaat|diploma)\s+heftruck|reachtruck(?:certificaat|bewijs)",
    ),
    ("VCA", r"\b(?:b-)?vca\b"),
    ("VOG", r"\bvog\b|verklaring omtrent (?:het )?gedrag"),
    ("BHV", r"\bbhv\b"),
    ("HACCP", r"\bhaccp\b"),
    ("SVH", r"\bsvh\b|sociale hygi[eë]ne"),
)
_NOT_NEEDED = re.compile(
    r"niet (?:nodig|vereist|verplicht)|hoeft niet|geen (?:rijbewijs|vog|vca|diploma)|"
    r"\bpr[eé]\b|mooi meegenomen|pluspunt|is een plus|liefst|bij voorkeur|wenselijk|"
    r"bereid|te halen|behalen|halen we|betalen wij|kun je (?:hier )?halen|leren|opleiding",
    re.IGNORECASE,
)
_NEEDED = re.compile(r"(?<!niet )\b(?:nodig|vereist|verplicht)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b([ABC][12])\b")
_ABOUT_DUTCH = re.compile(r"nederlands|\btaal|\bnt2\b|\bdutch\b", re.IGNORECASE)
_LANGUAGE_OPEN = re.compile(
    r"niet nodig|hoeft niet|geen nederlands|te leren|leer je|nog aan het leren|maakt niet uit", re.IGNORECASE
)
_LEVEL_WORDS = (
    ("C1", r"uitstekend|vloeiend|zeer goede|perfect|fluent"),
    ("A2", r"\bbasis|beetje|eenvoudig|een aantal woorden|\bbasic\b"),
    ("B2", r"\bgoede?\b|beheers|in woord en geschrift|\bgood\b"),
    ("B1", r"redelijk|voldoende|duidelijk|verstaanbaar|begrijp"),
)
_KINDS = (
    (Rung.DAY_ACTIVITY, r"dagbesteding|dagactiviteit"),
    (Rung.SHELTERED, r"beschut werk|beschutte werkplek|beschutte werkplaats"),
    (Rung.TRIAL_PLACEMENT, r"proefplaatsing"),
    (Rung.BASIC_JOB, r"basisbaan|maatschappelijke baan|\bstip-baan"),
    (Rung.WORK_EXPERIENCE, r"werkervaringspl(?:aats|ek)"),
    (Rung.LEARNING, r"leerwerk|\bbbl\b|leerbaan|leer-werk"),
    (Rung.SOCIAL_ACTIVATION, r"sociale activering"),
    (Rung.VOLUNTEERING, r"vrijwillig"),
    (Rung.PAID_WITH_SUPPORT, r"loonkostensubsidie|garantiebaan|banenafspraak|jobcoach"),
)
_CAPITALISED = r"['’]?[A-Z][\w'’-]+(?:[ -](?:(?:aan|den|de|op|bij|het|ter|van|der)[ -])*[A-Z][\w'’-]+){0,3}"
_PLACE_LABEL = re.compile(
    rf"\b(?:locatie|standplaats|plaats|werklocatie|vestiging|location)\s*:\s*({_CAPITALISED})", re.IGNORECASE
)
_PLACE_IN = re.compile(rf"\b(?:in|te|omgeving|regio|vanuit|naar|nabij)\s+({_CAPITALISED})")
_POSTCODE = re.compile(r"\b([1-9]\d{3}) ?[A-Z]{2}\b|\bpostcode\s*:?\s*([1-9]\d{3})\b")
_ORGANISATION = (
    re.compile(
        r"^(?:bedrijf|bedrijfsnaam|organisatie|werkgever|opdrachtgever|company|employer)\s*:\s*(.+)$",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(rf"^\W*(?:Bij |Voor )?({_CAPITALISED}) (?:zoekt|is op zoek naar|heeft plek voor)\b", re.MULTILINE),
    re.compile(rf"\b(?:[Bb]ij|[Vv]oor) ({_CAPITALISED}(?: (?:B\.?V\.?|BV))?) (?:in|te) [A-Z]"),
    re.compile(rf"\b[Ww]ij zijn ({_CAPITALISED})"),
)
_POSITIONS = re.compile(
    r"\b(?:aantal (?:plaatsen|plekken|vacatures)\s*:\s*(\d{1,3})|(\d{1,3}) (?:vacatures|plekken|plaatsen)\b)", re.IGNORECASE
)


def hours_in(text: str) -> dict[str, str]:
    """`hours_min` and `hours_max` a week, where the text says them; clock times are passed over."""
    for pattern in _HOURS:
        for found in pattern.finditer(text):
            low, high = number(found[1]), number(found[2])
            if float(low) <= float(high) <= 60:
                return {"hours_min": low, "hours_max": high}
    for pattern in _ONE_HOURS:
        if one := pattern.search(text):
            return _bounded((one["bound"] or "").lower(), number(one[2]))
    return {"hours_min": "36", "hours_max": "40"} if _FULL_TIME.search(text) else {}


def _bounded(bound: str, hours: str) -> dict[str, str]:
    if bound.startswith(("max", "tot")):
        return {"hours_max": hours}
    if bound.startswith(("min", "vanaf")):
        return {"hours_min": hours}
    return {"hours_min": hours, "hours_max": hours}


def week_in(text: str) -> list[str] | None:
    """Dayparts, from days and parts of the day that are written out; None where the text names no day."""
    words = [found.group() for found in _CALENDAR.finditer(text)]
    if not any(re.search(r"dag|weekend|doordeweeks", word, re.IGNORECASE) and word.lower() != "hele dag" for word in words):
        return None
    return dayparts_in(" ".join(words))


def licences_in(sentence: str) -> list[str]:
    """Licences that a sentence asks for now; none where it says that they are welcome or can be had later."""
    if _NOT_NEEDED.search(sentence) and not _NEEDED.search(sentence):
        return []
    found = [code for code, pattern in _LICENCES if re.search(pattern, sentence, re.IGNORECASE)]
    return [code for code in found if code != "B" or not {"BE", "CE", "C", "D", "T", "AM"} & set(found)]


def language_in(sentence: str) -> tuple[dict[str, str], bool]:
    """Level of Dutch that a sentence asks, by part, and whether it was said as a level (else it is our guess)."""
    if not _ABOUT_DUTCH.search(sentence) or _LANGUAGE_OPEN.search(sentence):
        return {}, True
    said = _LEVEL.search(sentence)
    guessed = next((level for level, pattern in _LEVEL_WORDS if re.search(pattern, sentence, re.IGNORECASE)), None)
    level = said[1] if said else guessed if re.search("nederlands|dutch", sentence, re.IGNORECASE) else None
    return (dict.fromkeys(_language_parts(sentence), level) if level else {}), bool(said)


def _language_parts(sentence: str) -> tuple[str, ...]:
    speaks = re.search(r"spre[ek]|in woord|verstaan|mondeling|gesproken|speak", sentence, re.IGNORECASE)
    reads = re.search(r"le[ez]|geschrift|schrift|read", sentence, re.IGNORECASE)
    return ("speaking",) if speaks and not reads else ("reading",) if reads and not speaks else ("speaking", "reading")


def support_in(text: str) -> list[str]:
    """Support that the text offers, by the words of the list."""
    plain = f" {simplified(text)} "
    specific = {word: code for word, code in codes_for("support").items() if word not in {"rust", "structuur"}}
    return sorted({code for word, code in specific.items() if f" {word} " in plain})


def kind_in(text: str) -> Rung | None:
    """The rung that the text names, or None."""
    return next((rung for rung, pattern in _KINDS if re.search(pattern, text, re.IGNORECASE)), None)


def place_in(text: str, gazetteer: Gazetteer) -> str | None:
    """The first town or village that the text puts the work in, if the gazetteer knows it."""
    for pattern in (_PLACE_LABEL, _PLACE_IN):
        for found in pattern.finditer(text):
            for name in _shorter_and_shorter(found[1]):
                if simplified(name) in gazetteer.places:
                    return name
    return None


def _shorter_and_shorter(name: str) -> Iterator[str]:
    words = name.split(" ")
    return (" ".join(words[:length]).rstrip(".,") for length in range(len(words), 0, -1))


def postcode_in(text: str) -> str | None:
    """Four digits of the first postcode."""
    found = _POSTCODE.search(text)
    return (found[1] or found[2]) if found else None


def organisation_in(text: str) -> str | None:
    """The name of the organisation, where the text introduces it."""
    found = next((match for pattern in _ORGANISATION if (match := pattern.search(text))), None)
    return found[1].strip(" .") if found else None


def positions_in(text: str) -> int | None:
    """How many places there are, where the text says it in digits."""
    found = _POSITIONS.search(text)
    return int(found[1] or found[2]) if found else None


def facts_of(text: str, gazetteer: Gazetteer) -> dict[str, Any]:
    """Every fact but language and licences, which are asked sentence by sentence."""
    facts: dict[str, Any] = {
        **hours_in(text),
        "dayparts": week_in(text),
        "place": place_in(text, gazetteer),
        "postcode4": postcode_in(text),
        "organisation": organisation_in(text),
        "positions": positions_in(text),
        "support": support_in(text),
    }
    return {field: value for field, value in facts.items() if value}
