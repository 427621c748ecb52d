"""Vacancies as schema.org JobPosting: JSON-LD, alone or in a web page, to rows of the interchange format.

Properties: https://schema.org/JobPosting. Pay is not read; neither are the names of contact persons.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup

from service.errors import UnusableFile
from service.imports.cells import date
from service.imports.vacancy_facts import hours_in, kind_in, language_in, licences_in, week_in
from service.imports.vacancy_text import need_of, sorted_sentences

_KINDS = {"VOLUNTEER": "volunteering", "INTERN": "work_experience"}
_NEEDS = ("qualifications", "skills", "experienceRequirements", "educationRequirements")
_OFFERS = ("jobBenefits", "incentiveCompensation")


def read_job_postings(text: str) -> list[dict[str, Any]]:
    """Every JobPosting in a JSON-LD document or in the scripts of a web page.

    Raises:
        UnusableFile: there is none.
    """
    documents = _json_documents(text) if text.lstrip()[:1] in {"{", "["} else _in_page(text)
    postings = [posting for document in documents for posting in _postings(document)]
    if not postings:
        raise UnusableFile("hier staat geen vacature in (geen schema.org JobPosting).")
    return [_row(posting) for posting in postings]


def _json_documents(text: str) -> list[Any]:
    try:
        return [json.loads(text, strict=False)]
    except ValueError as problem:
        raise UnusableFile("dit is geen geldige JSON.") from problem


def _in_page(text: str) -> Iterator[Any]:
    for script in BeautifulSoup(text, "html.parser").find_all("script", type=re.compile(r"^application/ld\+json", re.IGNORECASE)):
        try:
            yield json.loads(re.sub(r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*$", "", script.get_text()), strict=False)
        except ValueError:
            continue


def _postings(value: Any) -> Iterator[dict[str, Any]]:
    """JobPostings wherever they stand: in a list, a `@graph`, or as the main entity of a page."""
    if isinstance(value, dict):
        if "JobPosting" in {str(name).rsplit("/", 1)[-1] for name in _many(value.get("@type"))}:
            yield value
        else:
            for part in value.values():
                yield from _postings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _postings(part)


def _row(posting: dict[str, Any]) -> dict[str, Any]:
    description = _plain(posting.get("description"))
    sections = sorted_sentences(description)
    text = "\n".join([description, _plain(posting.get("workHours"))])
    needs = [sentence for name in _NEEDS for sentence in _lines(posting.get(name))] or sections["needs"]
    row = {
        "id": _identifier(posting),
        "kind": _kind(posting, f"{_plain(posting.get('title'))} {description}"),
        "title": _plain(posting.get("title") or posting.get("name")).replace("\n", " "),
        "organisation": _plain(_name(posting.get("hiringOrganization"))).replace("\n", " "),
        **_where(posting),
        "summary": " ".join(sections["summary"]),
        "tasks": _lines(posting.get("responsibilities")) or sections["tasks"],
        "needs": [need_of(sentence) for sentence in needs],
        "offers": " ".join([sentence for name in _OFFERS for sentence in _lines(posting.get(name))] or sections["offers"]),
        **_hours(posting, text),
        "dayparts": week_in(_plain(posting.get("workHours"))),
        "licences": sorted({code for sentence in needs for code in licences_in(sentence)}),
        "language_min": _language(needs),
        "positions": posting.get("totalJobOpenings"),
        "closes_on": date(str(posting["validThrough"])) if posting.get("validThrough") else None,
    }
    return {field: value for field, value in row.items() if value not in (None, "", [])}


def _identifier(posting: dict[str, Any]) -> str:
    """The posting's own identifier where it can serve as one, or else a code made from its address or content."""
    given = posting.get("identifier")
    value = given.get("value") if isinstance(given, dict) else given
    own = re.sub(r"[^A-Za-z0-9._:-]+", "-", str(value or "")).strip("-._:")[:80]
    source = str(posting.get("url") or posting.get("@id") or json.dumps(posting, sort_keys=True))
    return own or f"vac-{hashlib.blake2b(source.encode(), digest_size=5).hexdigest()}"


def _kind(posting: dict[str, Any], text: str) -> str:
    types = {str(one).upper() for one in _many(posting.get("employmentType"))}
    named = next((kind for name, kind in _KINDS.items() if name in types), None)
    return named or kind_in(text) or "paid"


def _where(posting: dict[str, Any]) -> dict[str, str]:
    place = next((one for one in _many(posting.get("jobLocation")) if isinstance(one, dict)), {})
    address = place.get("address", {})
    if not isinstance(address, dict):
        return {}
    return {"place": _plain(address.get("addressLocality")), "postcode4": str(address.get("postalCode") or "").strip()[:4]}


def _hours(posting: dict[str, Any], text: str) -> dict[str, str]:
    if found := hours_in(text):
        return found
    types = {str(one).upper() for one in _many(posting.get("employmentType"))}
    return {"hours_min": "36", "hours_max": "40"} if types == {"FULL_TIME"} else {}


def _language(needs: list[str]) -> dict[str, str] | None:
    return {part: level for sentence in needs for part, level in language_in(sentence)[0].items()} or None


def _lines(value: Any) -> list[str]:
    return [line.lstrip("-*•· ").strip() for line in _plain(value).split("\n") if line.strip("-*•· ")]


def _name(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value


def _plain(value: Any) -> str:
    """Text without markup, with a line for each paragraph and list item."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_plain, value)))
    if isinstance(value, dict):
        return _plain(value.get("name") or value.get("description"))
    if value is None:
        return ""
    text = re.sub(
        r"<(?:br|/p|/li|/h\d|/div|/ul|p|li|h\d|div)\b[^>]*>", lambda tag: f"\n{tag.group()}", str(value), flags=re.IGNORECASE
    )
    plain = BeautifulSoup(text, "html.parser").get_text() if "<" in text else html.unescape(text)
    return "\n".join(line for part in plain.split("\n") if (line := " ".join(part.split())))


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
