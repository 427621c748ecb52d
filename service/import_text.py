"""Imports, mappings and vacancies as Dutch text for the terminal."""

from collections.abc import Iterable, Sequence

from service.import_report import ImportReport
from service.render import Json
from service.wording import FIELD_NAMES, field_name

_MOST_ERRORS = 50
_PARTS = {"speaking": "spreken", "reading": "lezen", "writing": "schrijven"}
_STATUS = {"waiting": "wacht", "running": "bezig of afgebroken", "done": "klaar"}


def import_report(report: ImportReport) -> str:
    """What happened to the rows of an import."""
    lines = [
        f"{report.rows} rijen: {report.added} toegevoegd, {report.updated} bijgewerkt, {report.unchanged} ongewijzigd, "
        f"{report.rejected} afgewezen"
    ]
    if report.repeated:
        lines.append(f"{report.repeated} rijen werden gevolgd door een rij met dezelfde code; de laatste telt.")
    if report.ignored:
        lines.append("Niet gelezen, want geen veld van Passend: " + _counted(sorted(report.ignored.items())))
    if report.approximate:
        lines.append(f"Postcode niet bekend, dus telt het midden van de plaats: {_listed(report.approximate)}")
    if report.nowhere:
        lines.append(f"Postcode en plaats niet bekend, dus is er geen afstand: {_listed(report.nowhere)}")
    errors = [f"{error.file}:{error.line}: {error.field or 'rij'}: {error.message}" for error in report.errors]
    more = [f"… en nog {len(errors) - _MOST_ERRORS}; --json noemt ze allemaal."] if len(errors) > _MOST_ERRORS else []
    ways = [f"Afgewezen rijen in een bestand: passend import-jobs {job} --rejected MAP" for job in report.jobs if report.errors]
    return "\n".join([*lines, *errors[:_MOST_ERRORS], *more, *ways])


def jobs(found: Sequence[Json]) -> str:
    """Imports with how far they are, one a line."""
    if not found:
        return "Er zijn nog geen imports."
    return "\n".join(
        f"{job['id']}  {job['createdAt'][:16]}  {_STATUS[job['status']]}  {job['done']} van {job['rows']} rijen  {job['file']}"
        for job in found
    )


def proposal(answer: Json) -> str:
    """A proposed mapping, with what to look at."""
    columns = answer["mapping"]["columns"]
    wide = max((len(column) for column in columns), default=0)
    lines = [f"{answer['rows']} rijen; voorstel voor {answer['mapping']['as']}:"]
    lines += [f"  {column:{wide}}  {_target(column, target, answer)}" for column, target in columns.items()]
    if answer["missing"]:
        names = ", ".join(f"{field} ({FIELD_NAMES[field]})" for field in answer["missing"])
        lines.append(f'Nog nodig: {names}. Kies een kolom, of zet het in "fixed", zoals "fixed": {{"kind": "betaald werk"}}.')
    return "\n".join(
        [*lines, "Kijk dit na en verbeter het in het bestand: passend import-mapping BESTAND --output indeling.json"]
    )


def _target(column: str, target: str | None, answer: Json) -> str:
    if column in answer["refused"]:
        return f"wordt niet overgenomen ({answer['refused'][column]})"
    if target is None:
        return "niet herkend: kies zelf een veld, of laat null staan"
    read, filled = answer["readable"][column]["read"], answer["readable"][column]["filled"]
    name = {"hours": "uren per week"}.get(target, field_name(target.partition("=")[0]))
    doubt = "; de naam lijkt erop, kijk dit na" if column in answer["unsure"] else ""
    unread = f"; {filled - read} van {filled} cellen zijn niet te lezen" if read < filled else ""
    return f"→ {target} ({name}{doubt}{unread})"


def vacancy(answer: Json) -> str:
    """A pasted vacancy as it was read, to be confirmed."""
    fields = answer["vacancy"]
    lines = ["Klopt dit? Verbeter het en neem het dan over met passend import.", ""]
    lines += [
        f"{FIELD_NAMES.get(name, name)}: {_value(name, value)}" for name, value in fields.items() if value not in (None, "", [])
    ]
    lines += [f"Aangenomen: {sentence}" for sentence in answer["assumed"]]
    lines += [f"Niet overgenomen: “{left['text']}” — {left['reason']}" for left in answer["leftOut"]]
    lines += [f"Pas aan: {change['message']}" for change in answer["toChange"]]
    return "\n".join(lines)


def _value(name: str, value: object) -> str:
    if name == "needs" and isinstance(value, list):
        return "".join(f"\n  - {need['text']}{_marks(need)}" for need in value)
    if name == "tasks" and isinstance(value, list):
        return "".join(f"\n  - {task}" for task in value)
    if isinstance(value, dict):
        return ", ".join(f"{_PARTS.get(part, part)} {level}" for part, level in value.items() if level)
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _marks(need: Json) -> str:
    marks = [] if need["must"] else ["mooi meegenomen"]
    marks += ["hier te leren"] if need["learnable"] else []
    return f" ({', '.join(marks)})" if marks else ""


def _counted(items: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} ({count}×)" for name, count in items)


def _listed(names: Sequence[str], most: int = 10) -> str:
    return ", ".join(names[:most]) + (f" en nog {len(names) - most}" if len(names) > most else "")
