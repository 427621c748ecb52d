"""Answers as readable text for the terminal."""

from collections.abc import Iterable, Sequence

from matching.phrases import RUNGS
from service.render import Json
from service.use_cases.demo import Examples
from service.use_cases.importing import ImportReport
from service.use_cases.maintaining import FoundOccupation

_MOST_ERRORS = 50
_BAR = 10


def matches(answer: Json) -> str:
    """The ranked places of a person."""
    reached = answer["rung_reached"]
    lines = [
        f"{answer['seeker']}: {RUNGS[reached]['nl'] if reached else 'nog geen trede bereikt'} ({len(answer['matches'])} plekken)"
    ]
    lines += [f"  ↓ {step['sentence']}" for step in answer["stepped_down"]]
    lines += [f"  ↗ {stone['sentence']}" for stone in answer["stepping_stones"]]
    for match in answer["matches"]:
        lines += ["", *_match_lines(f"{match['rank']}. {match['title']} — {match['organisation']}, {match['place']}", match)]
    return "\n".join([*lines, "", f"bewijs {answer['receipt']}"])


def candidates(answer: Json) -> str:
    """The ranked people for a place."""
    lines = [f"{answer['opportunity']}: {len(answer['candidates'])} mensen"]
    for match in answer["candidates"]:
        lines += ["", *_match_lines(f"{match['rank']}. {match['seeker']}", match)]
    return "\n".join([*lines, "", f"bewijs {answer['receipt']}"])


def one_match(match: Json) -> str:
    """One person with one place, every practical rule included."""
    lines = _match_lines(f"{match['seeker']} — {match['title']}, {match['organisation']}, {match['place']}", match)
    marks = {"met": "✓", "to_learn": "↗", "blocking_for_now": "·"}
    return "\n".join([*lines, *(f"   {marks[rule['state']]} {rule['sentence']}" for rule in match["practical"])])


def import_report(report: ImportReport) -> str:
    """What happened to the rows of an import."""
    lines = [
        f"{report.rows} rows: {report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
        f"{report.rejected} rejected"
    ]
    if report.repeated:
        lines.append(f"{report.repeated} rows were followed by another row with the same id; the last one counts.")
    if report.ignored:
        lines.append("Fields that are not in the format were not read: " + _counted(sorted(report.ignored.items())))
    if report.approximate:
        lines.append(f"Unknown postcode, so the centre of the place is used: {_listed(report.approximate)}")
    if report.nowhere:
        lines.append(f"Neither postcode nor place is known, so there is no distance: {_listed(report.nowhere)}")
    errors = [f"{error.file}:{error.line}: {error.field or 'row'}: {error.message}" for error in report.errors]
    more = [f"… and {len(errors) - _MOST_ERRORS} more; --json lists all."] if len(errors) > _MOST_ERRORS else []
    return "\n".join([*lines, *errors[:_MOST_ERRORS], *more])


def occupations(found: Sequence[FoundOccupation]) -> str:
    """ESCO occupations near a sentence."""
    if not found:
        return "There are no occupations yet. Run: passend import-esco FOLDER"
    return "\n".join(f"{one.cosine:.3f}  {one.isco}  {one.title}" for one in found)


def demo(examples: Examples) -> str:
    """The three worked examples."""
    parts = [
        ("Fictieve demogegevens", f"{examples.imported['rows']} rijen staan klaar."),
        ("Voorbeeld 1: een betaalde plek die past (passend match s01)", matches(examples.paid_match)),
        ("Voorbeeld 2: een stap omlaag, met de opstap (passend match s02)", matches(examples.step_down)),
        ("Voorbeeld 3: mensen voor een vacature (passend candidates o001)", candidates(examples.candidates)),
    ]
    return "\n\n".join(f"── {title} ──\n{body}" for title, body in parts)


def _match_lines(heading: str, match: Json) -> list[str]:
    filled = round(match["ability"] * _BAR)
    distance = "" if match["distance"] is None else f", {match['distance']} km"
    lines = [heading, f"   {RUNGS[match['rung']]['nl']}{distance}  kunnen {'█' * filled}{'░' * (_BAR - filled)}"]
    lines += [f"   + {reason['sentence']}" for reason in match["reasons"]]
    lines += [f"   ~ {gap['sentence']}" for gap in match["gaps"]]
    if not match["fits"]:
        lines += [f"   · {rule['sentence']}" for rule in match["practical"] if rule["state"] != "met"]
    return lines


def _counted(items: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} ({count}×)" for name, count in items)


def _listed(names: Sequence[str], most: int = 10) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
