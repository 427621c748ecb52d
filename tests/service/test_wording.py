"""The message catalogue: the same messages in both languages, all used, and no text outside it."""

import re
from string import Formatter

from service.pages.rendering import HERE
from service.pages.wording import catalogue, say

TEMPLATES = {file.name: file.read_text(encoding="utf-8") for file in (HERE / "templates").glob("*.html")}
CODE = "\n".join(file.read_text(encoding="utf-8") for file in HERE.glob("*.py"))
NAMED = re.compile(r"""\bt\(\s*["']([a-z0-9_.A-Z-]+)["']\s*[,)]""")
MADE = re.compile(r"""\bt\(\s*["']([a-z0-9_.-]+)["']\s*~""")
SAID_ELSEWHERE = {"language.nl", "language.en", "menu.label"}


def test_both_languages_say_the_same_with_the_same_facts():
    dutch, english = catalogue("nl"), catalogue("en")
    assert dutch.keys() == english.keys()
    for name in dutch:
        assert _facts(dutch[name]) == _facts(english[name]), name


def _facts(message: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(message) if field}


def test_english_is_translated():
    same = {name for name, text in catalogue("nl").items() if catalogue("en")[name] == text and len(text) > 8}
    assert same <= {"language.nl", "language.en", "card.hours"}


def test_every_message_that_a_template_names_is_there():
    known = catalogue("nl")
    for file, source in TEMPLATES.items():
        for name in NAMED.findall(source):
            assert name in known or f"{name}.one" in known, f"{file}: {name}"


def test_every_message_is_used():
    sources = "\n".join(TEMPLATES.values()) + CODE
    named = set(NAMED.findall(sources))
    families = set(MADE.findall(sources)) | {
        "error.",
        "proposal.problem.",
        "told.problem.",
        "plan.problem.",
        "own.problem.",
        "place.problem.",
        "insights.group.",
        "strength.",
    }
    for message in catalogue("nl"):
        base = re.sub(r"\.(one|many)$", "", message)
        used = base in named or f'"{base}"' in sources or message.startswith(tuple(families)) or message in SAID_ELSEWHERE
        assert used, f"{message} is not used anywhere"


def test_templates_hold_no_words_of_their_own():
    for file, source in TEMPLATES.items():
        bare = re.sub(r"\{[{%#].*?[}%#]\}", " ", source, flags=re.DOTALL)
        bare = re.sub(r"<(style|script)\b.*?</\1>", " ", bare, flags=re.DOTALL)
        spoken = re.findall(r"""(?:aria-label|placeholder|title|alt)="([^"]*[A-Za-z]{2}[^"]*)\"""", bare)
        bare = re.sub(r"<[^>]*>", " ", bare)
        words = [word for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", bare)) if word != "Passend"]
        assert (file, spoken, words) == (file, [], [])


def test_counted_messages_take_one_and_many():
    assert say("nl", "caseload.found", count=1) == "1 persoon"
    assert say("nl", "caseload.found", count=3) == "3 mensen"
