"""Says in words what could be: effects of a change, levers, cuts, bundles, steps, doubts and questions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

from matching import exploring_phrases as phrases
from matching.bundles import Bundle, Kept
from matching.carving import Carving, Cut, Near
from matching.doubt import Doubt
from matching.levers import Change
from matching.model import DAYPARTS, LADDER, Opportunity, Rung, Seeker
from matching.next_question import Answered, Asked
from matching.phrases import RUNGS, SKILLS, SUPPORT, TRANSPORT, Language
from matching.reasons import practical_sentence
from matching.stepping_up import StepUp, Stone, Towards
from matching.what_if import Effect
from matching.wording import capital, gained, joined, named, number


def effect_sentence(effect: Effect, language: Language = "nl") -> str:
    """What a change opens and closes, per rung, and whether another rung comes within reach."""
    said = [opened_sentence([door.opportunity for door in effect.opens], language)]
    if effect.closes:
        said.append(_counted("closes", [door.opportunity for door in effect.closes], language))
    before, after = effect.rung_before, effect.rung_after
    if before is not None and after is None:
        said.append(_say(phrases.EFFECTS, "rung_none", language))
    elif after is not None and before is not after:
        higher = before is None or after.depth < before.depth
        said.append(_say(phrases.EFFECTS, "rung_up" if higher else "rung_down", language, rung=after))
    return " ".join(said)


def opened_sentence(opened: Sequence[Opportunity], language: Language = "nl") -> str:
    """How many places open, per rung."""
    return _counted("opens", opened, language) if opened else _say(phrases.EFFECTS, "opens_nothing", language)


def change_sentence(change: Change, language: Language = "nl") -> str:
    """What is asked or arranged."""
    return capital(_say(phrases.CHANGES, change.name, language, **change.facts))


def difference_sentences(before: Seeker, after: Seeker, language: Language = "nl") -> list[str]:
    """Every field that differs between two states of one person, in words."""
    then, now = _flat(before), _flat(after)
    return [one for name in then if then[name] != now[name] for one in _difference(name, then[name], now[name], language)]


def cut_sentence(carving: Carving, language: Language = "nl") -> str:
    """What one change of a place brings."""
    cut, count = cut_words(carving.cut, language), len(carving.opens)
    if count:
        return _say(phrases.CARVED, "cut_opens_one" if count == 1 else "cut_opens", language, cut=cut, count=count)
    if carving.settles:
        return _say(phrases.CARVED, "cut_settles", language, cut=cut, count=len(carving.settles))
    return _say(phrases.CARVED, "cut_same", language, cut=cut)


def bundle_sentence(bundle: Bundle, language: Language = "nl") -> str:
    """Hours, tasks and vacancies of a bundle, and how many others could do it."""
    facts = {"hours": bundle.hours, "tasks": len(bundle.pieces), "vacancies": len(bundle.kept)}
    said = [_say(phrases.CARVED, "bundle", language, **facts)]
    if bundle.others:
        phrase = "bundle_other" if len(bundle.others) == 1 else "bundle_others"
        said.append(_say(phrases.CARVED, phrase, language, count=len(bundle.others)))
    return " ".join(said)


def kept_sentence(kept: Kept, language: Language = "nl") -> str:
    """What a vacancy keeps."""
    facts = {"title": kept.vacancy.title, "count": len(kept.tasks), "hours": kept.hours}
    return _say(phrases.CARVED, "kept_one" if len(kept.tasks) == 1 else "kept", language, **facts)


def step_up_sentence(step: StepUp, language: Language = "nl") -> str:
    """Which rung is within reach now, and what changed since."""
    facts: dict[str, object] = {"rung": step.rung_now, "title": step.place.title}
    if step.rung_before is None:
        first = _say(phrases.STEPS, "step_up_first", language, **facts)
    else:
        first = _say(phrases.STEPS, "step_up", language, before=RUNGS[step.rung_before][language], **facts)
    return " ".join([first, *what_changed(step, language)])


def what_changed(step: StepUp, language: Language = "nl") -> list[str]:
    """Why a step up is there now."""
    changed = [_say(phrases.STEPS, "now_met", language, what=practical_sentence(outcome, language)) for outcome in step.now_met]
    changed += [_say(phrases.STEPS, "told", language, sentence=sentence) for sentence in step.told]
    changed += [_say(phrases.STEPS, "new_place", language)] * step.new_place
    return changed or [_say(phrases.STEPS, "compared_anew", language)]


def stone_sentence(stone: Stone, language: Language = "nl") -> str:
    """Where a stepping stone leads, who can start there, and what there is to get."""
    titles = joined([f"“{one.place.title}”" for one in stone.towards], language)
    phrase = "stone" if stone.towards else "stone_nowhere"
    said = [_say(phrases.STEPS, phrase, language, title=stone.place.title, towards=titles)]
    if stone.starters:
        said.append(_say(phrases.STEPS, "starters", language, people=joined(list(stone.starters), language)))
    if stone.gives:
        words = [gained(one, language) for one in stone.gives]
        said.append(_say(phrases.STEPS, "gives", language, gives=joined(words, language)))
    return " ".join(said)


def towards_sentence(towards: Towards, language: Language = "nl") -> str:
    """What is practised towards one place, to whom it opens after that, and to whom it comes nearer."""
    tasks = joined([f"“{task}”" for task in towards.tasks], language)
    said = [_say(phrases.STEPS, "towards", language, title=towards.place.title, rung=towards.place.kind, tasks=tasks)]
    for phrase, people in (("towards_opens", towards.people), ("towards_nearer", towards.nearer)):
        said += [_say(phrases.STEPS, phrase, language, people=joined(list(people), language))] if people else []
    return " ".join(said)


def near_sentence(near: Near, language: Language = "nl") -> str:
    """Which practical rules stand between one person and a place."""
    between = joined([phrases.RULES[rule][language] for rule in near.between], language)
    return _say(phrases.CARVED, "near", language, person=near.person, between=between)


def doubt_sentence(doubt: Doubt, language: Language = "nl") -> str:
    """One reason to be less sure, and what helps."""
    return _say(phrases.DOUBTS, doubt.name, language, **doubt.facts)


def question_sentence(asked: Asked, language: Language = "nl") -> str:
    """The question, and how much its answer is expected to change."""
    question = _say(phrases.QUESTIONS, asked.question.name, language, **asked.question.facts)
    return f"{question} {_say(phrases.QUESTIONS, 'expected', language, changed=asked.expected)}"


def answer_word(answered: Answered, language: Language = "nl") -> str:
    """An answer in a word."""
    return _say(phrases.ANSWERS, answered.answer.name, language, **answered.answer.facts)


def no_question_sentence(language: Language = "nl") -> str:
    """That there is nothing practical to ask that would change the list."""
    return _say(phrases.QUESTIONS, "no_question", language)


def _counted(phrase: str, places: Sequence[Opportunity], language: Language) -> str:
    count = Counter(place.kind for place in places)
    rungs = [_say(phrases.EFFECTS, "on_rung", language, count=count[rung], rung=rung) for rung in LADDER if rung in count]
    name = f"{phrase}_one" if len(places) == 1 else phrase
    if len(places) == 1:
        rungs = [RUNGS[places[0].kind][language]]
    return _say(phrases.EFFECTS, name, language, count=len(places), rungs=joined(rungs, language))


def cut_words(cut: Cut, language: Language = "nl") -> str:
    """One change of a place, as the begin of a sentence."""
    free = cut.name == "language_lower" and not any(cut.facts.values())
    return _say(phrases.CUTS, "language_lower_free" if free else cut.name, language, **cut.facts)


def _flat(seeker: Seeker) -> dict[str, object]:
    flat = {one.name: getattr(seeker, one.name) for one in fields(Seeker) if one.name not in {"id", "language"}}
    return flat | {skill: getattr(seeker.language, skill) for skill in ("speaking", "reading", "writing")}


def _difference(name: str, before: object, after: object, language: Language) -> list[str]:
    field = phrases.FIELDS[name][language]
    if isinstance(before, frozenset | tuple) and isinstance(after, frozenset | tuple) and name != "position":
        changes = (("added", set(after) - set(before)), ("removed", set(before) - set(after)))
        pairs = ((phrase, _listed(name, values, language)) for phrase, values in changes if values)
        return [_say(phrases.VALUES, phrase, language, field=field, values=values) for phrase, values in pairs]
    facts = {"before": _value(name, before, language), "after": _value(name, after, language)}
    return [_say(phrases.VALUES, "changed", language, field=field, **facts)]


def _listed(name: str, values: Iterable[object], language: Language) -> str:
    return joined([_value(name, value, language) for value in sorted(values, key=_usual_order)], language)


def _usual_order(value: object) -> tuple[int, str]:
    """Parts of the week and rungs in their own order, other values by the alphabet."""
    known = [*DAYPARTS, *LADDER]
    return known.index(str(value)) if value in known else len(known), str(value)


def _value(name: str, value: object, language: Language) -> str:
    if value is None:
        return phrases.VALUES["agreed" if name == "dayparts" else "unknown"][language]
    if isinstance(value, frozenset):
        return _listed(name, value, language)
    if name in {"abilities", "learning", "motivations"}:
        return f"“{value}”"
    if name == "dayparts":
        day, _, time = str(value).partition("_")
        return phrases.DAYS[day][language] + phrases.TIMES[time][language]
    words = {"transport": TRANSPORT, "open_to": RUNGS, "support_needs": SUPPORT}.get(name)
    return words[str(value)][language] if words else _fact(name, value, language)


def _say(table: Mapping[str, Mapping[Language, str]], phrase: str, language: Language, **facts: object) -> str:
    said = {name: _fact(name, value, language) for name, value in facts.items()}
    levels = [f"{names[language]} {facts[skill]}" for skill, names in SKILLS.items() if facts.get(skill)]
    derived = {"levels": joined(levels, language), "Rung": capital(said.get("rung", ""))}
    return table[phrase][language].format(**derived, **said)


def _fact(name: str, value: object, language: Language) -> str:
    if isinstance(value, Rung):
        return RUNGS[value][language]
    if name == "part":
        return phrases.PARTS[str(value)][language]
    if isinstance(value, list):
        return joined([named(name, one, language) for one in value], language)
    if isinstance(value, float):
        return number(value, language)
    return named("licences", str(value), language) if name == "licences" else str(value)
