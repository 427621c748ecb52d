"""How numbers, lists and names are written, in Dutch and in English."""

from matching.ladder import DUTCH
from matching.phrases import LICENCES, SUPPORT, Language


def number(value: float, language: Language = "nl") -> str:
    """At most one decimal, with the comma or point of the language."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if language == "nl" else text


def span(low: str, high: str, language: Language = "nl") -> str:
    """From one number to another, once where they are the same."""
    return low if low == high else f"{low} {'tot' if language == 'nl' else 'to'} {high}"


def joined(parts: list[str], language: Language = "nl") -> str:
    """A list as people say it: a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {'en' if language == 'nl' else 'and'} {parts[-1]}"


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def named(kind: str, value: str, language: Language = "nl") -> str:
    """Support and licences in words, where there are words for them."""
    if kind == "support":
        return SUPPORT[value][language]
    return LICENCES.get(value.upper(), {}).get(language, value)


def gained(what: str, language: Language = "nl") -> str:
    """What a place gives or builds, in words: a licence or a certificate, or Dutch."""
    if what == DUTCH:
        return "Nederlands" if language == "nl" else "Dutch"
    return named("licences", what, language)
