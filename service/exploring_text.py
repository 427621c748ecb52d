"""What could be, as readable text for the terminal."""

from collections.abc import Callable, Iterable

from matching.exploring_phrases import COSTS
from matching.phrases import RUNGS, Language
from service.render import Json

_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "tried": "{count} stappen bekeken; deze openen plekken, de meeste eerst.",
        "no lever": "{count} stappen bekeken; één stap alleen opent nu geen plek. Het dichtst bij, met wat eerst nodig is:",
        "now": "Nu open voor: {people}",
        "now_none": "Nu voor niemand helemaal open.",
        "made": "Nieuwe functies uit {vacancies} vacatures: {count}.",
        "for": "voor",
        "no step": "Bekeken: {count}; de hoogste trede is dezelfde als eerder. Wat opent plekken: passend levers",
        "answer": "Antwoord {answer}: {changed} van de eerste tien",
    },
    "en": {
        "tried": "{count} changes tried; these open places, most first.",
        "no lever": "{count} changes tried; no single one opens a place now. Nearest, with what comes first:",
        "now": "Open now to: {people}",
        "now_none": "Open to nobody as a whole now.",
        "made": "New jobs out of {vacancies} vacancies: {count}.",
        "for": "for",
        "no step": "Looked at: {count}; the highest rung is the same as before. What opens places: passend levers",
        "answer": "Answer {answer}: {changed} of the first ten",
    },
}
_MOST_SHOWN = 5


def what_if(answer: Json, language: Language) -> str:
    """A change with what it opens and closes."""
    lines = [f"{answer['seeker']}: {'; '.join(answer['changes'])}", f"  {answer['sentence']}"]
    for mark, doors in (("+", answer["opens"]), ("-", answer["closes"])):
        lines += [line for door in doors for line in _door_lines(mark, door, language)]
    return "\n".join(lines)


def levers(answer: Json, language: Language) -> str:
    """The changes that open places."""
    name = "tried" if answer["levers"] else "no lever"
    lines = [f"{answer['seeker']}: {_said(name, language, count=answer['tried'])}"]
    if not answer["levers"]:
        lines += [line for door in answer["nearest"] for line in _door_lines("↗", door, language)]
    for number, lever in enumerate(answer["levers"], start=1):
        lines += ["", f"{number}. {lever['sentence']}", f"   {COSTS[lever['cost']][language]}"]
        lines += _most(lever["opens"], lambda door: f"   + {_named(door, language)}")
    return "\n".join(lines)


def carved(answer: Json, language: Language) -> str:
    """A place with what each change of it brings; what changes nothing is left out."""
    people = answer["open_to"]
    now = _said("now" if people else "now_none", language, people=", ".join(people))
    useful = [(cut, cut["opens_to"] or cut["settles_for"]) for cut in answer["cuts"]]
    cuts = [f"  + {cut['sentence']} ({', '.join(who)})" for cut, who in useful if who]
    return "\n".join([_named(answer, language), f"  {now}", *cuts, *_most(answer["near"], lambda one: f"  ↗ {one['sentence']}")])


def bundles(answer: Json, language: Language) -> str:
    """New jobs with their tasks and evidence."""
    lines = [_said("made", language, count=len(answer["bundles"]), vacancies=answer["vacancies"])]
    for number, bundle in enumerate(answer["bundles"], start=1):
        people = ", ".join([bundle["seeker"], *bundle["others"]])
        lines += ["", f"{number}. {bundle['sentence']} ({_said('for', language)} {people})"]
        lines += [f"   + “{task['task']}” ({task['opportunity']}) — “{task['statement']}”" for task in bundle["tasks"]]
        lines += [f"   · {kept['sentence']}" for kept in bundle["keeps"]]
    return "\n".join(lines)


def step_ups(answer: Json, language: Language) -> str:
    """Who can step up."""
    if not answer["steps"]:
        return _said("no step", language, count=answer["people"])
    return "\n".join(f"{step['seeker']}: {step['sentence']}" for step in answer["steps"])


def stone(answer: Json, language: Language) -> str:
    """Where a stepping stone leads."""
    lines = [_named(answer, language), f"  {answer['sentence']}"]
    return "\n".join([*lines, *(f"  ↗ {one['sentence']}" for one in answer["towards"])])


def questions(answer: Json, language: Language) -> str:
    """The question to ask next, with what each answer does."""
    lines = [f"{answer['seeker']}: {answer['sentence']}"]
    if answer["question"]:
        lines += [f"  {_said('answer', language, **one)}" for one in answer["question"]["answers"]]
    return "\n".join([*lines, *_most(answer["others"], lambda one: f"  · {one['sentence']}")])


def _door_lines(mark: str, door: Json, language: Language) -> list[str]:
    return [f"  {mark} {_named(door, language)}", *(f"      {sentence}" for sentence in door["between"])]


def _named(place: Json, language: Language) -> str:
    return f"{place['id']} {place['title']} ({RUNGS[place['rung']][language]})"


def _most(rows: list[Json], line: Callable[[Json], str]) -> Iterable[str]:
    more = [f"   … +{len(rows) - _MOST_SHOWN}"] if len(rows) > _MOST_SHOWN else []
    return [*map(line, rows[:_MOST_SHOWN]), *more]


def _said(name: str, language: Language, **facts: object) -> str:
    return _WORDS[language][name].format(**facts)
