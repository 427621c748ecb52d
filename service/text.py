"""Answers as readable text for the terminal."""

from collections.abc import Iterable, Mapping, Sequence

from matching.exploring_phrases import SURENESS
from matching.phrases import RUNGS, Language
from service.db.retention import Period
from service.render import Json
from service.use_cases.auditing import Checked
from service.use_cases.demo import Examples
from service.use_cases.maintaining import FoundOccupation

_MOST_FAULTS = 20

_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "first steps": "eerste stappen",
        "nearest": "nu past nog niet alles; dit komt het dichtst bij",
        "places": "plekken",
        "people": "mensen",
        "can": "kunnen",
        "receipt": "bewijs",
        "demo": "Fictieve demogegevens",
        "rows": "rijen staan klaar.",
        "paid": "Voorbeeld 1: een betaalde plek die past (passend match s01)",
        "down": "Voorbeeld 2: een stap omlaag, met de opstap (passend match s02)",
        "accounts": "Om mee in te loggen (alleen voor de demo)",
        "password": "wachtwoord van allemaal",
        "vacancy": "Voorbeeld 3: mensen voor een vacature (passend candidates o001)",
    },
    "en": {
        "first steps": "first steps",
        "nearest": "not everything fits yet; this comes nearest",
        "places": "places",
        "people": "people",
        "can": "can do",
        "receipt": "receipt",
        "demo": "Fictional demo data",
        "rows": "rows are ready.",
        "paid": "Example 1: a paid place that fits (passend match s01)",
        "down": "Example 2: a step down, with the stepping stone (passend match s02)",
        "accounts": "To sign in with (for the demo only)",
        "password": "password of all",
        "vacancy": "Example 3: people for a vacancy (passend candidates o001)",
    },
}
_BAR = 10


def matches(answer: Json, language: Language) -> str:
    """The ranked places of a person."""
    words = _WORDS[language]
    reached, places = answer["rung_reached"], answer["matches"]
    if reached:
        heading = RUNGS[reached][language]
    else:
        heading = words["first steps"] if any(match["fits"] for match in places) else words["nearest"]
    lines = [f"{answer['seeker']}: {heading} ({len(places)} {words['places']})"]
    lines += [f"  ↓ {step['sentence']}" for step in answer["stepped_down"]]
    lines += [f"  ↗ {stone['sentence']}" for stone in answer["stepping_stones"]]
    for match in places:
        lines += ["", *_match_lines(f"{match['rank']}. {_named(match)}", match, language)]
    return "\n".join([*lines, "", f"{words['receipt']} {answer['receipt']}"])


def candidates(answer: Json, language: Language) -> str:
    """The ranked people for a place."""
    words = _WORDS[language]
    lines = [f"{answer['opportunity']}: {len(answer['candidates'])} {words['people']}"]
    for match in answer["candidates"]:
        lines += ["", *_match_lines(f"{match['rank']}. {match['seeker']}", match, language)]
    return "\n".join([*lines, "", f"{words['receipt']} {answer['receipt']}"])


def one_match(match: Json, language: Language) -> str:
    """One person with one place, every practical rule included."""
    lines = _match_lines(f"{match['seeker']}: {_named(match)}", {**match, "fits": True}, language)
    marks = {"met": "✓", "to_learn": "↗", "blocking_for_now": "·"}
    lines += [f"   {marks[rule['state']]} {rule['sentence']}" for rule in match["practical"]]
    sure = match["certainty"]
    level = SURENESS[sure["level"]][language]
    return "\n".join([*lines, f"   ? {' '.join([f'{level}.', *sure['reasons']])}"])


def occupations(found: Sequence[FoundOccupation]) -> str:
    """ESCO occupations near a sentence."""
    if not found:
        return "There are no occupations yet. Run: passend import-esco FOLDER"
    return "\n".join(f"{one.cosine:.3f}  {one.isco}  {one.title}" for one in found)


def demo(examples: Examples, language: Language) -> str:
    """The three worked examples."""
    words = _WORDS[language]
    parts = [
        (words["demo"], f"{examples.imported['rows']} {words['rows']}"),
        (words["paid"], matches(examples.paid_match, language)),
        (words["down"], matches(examples.step_down, language)),
        (words["vacancy"], candidates(examples.candidates, language)),
    ]
    if examples.accounts:
        accounts = [f"{account['email']:28}{account['role']}" for account in examples.accounts]
        parts.append((words["accounts"], "\n".join([*accounts, f"{words['password']}: {examples.password}"])))
    return "\n\n".join(f"── {title} ──\n{body}" for title, body in parts)


def organisations(found: Sequence[Json]) -> str:
    """Organisations with their region and kind."""
    return "\n".join(f"{one['id']}  {one['region_id']:12}  {one['kind']:12}  {one['name']}" for one in found)


def sites(found: Sequence[Json]) -> str:
    """Sites with their key, whether it works, and their origins."""
    works = {True: "works  ", False: "revoked"}
    return "\n".join(
        f"{one['key']}  {works[one['revoked_at'] is None]}  {one['name']}  {' '.join(one['origins'])}" for one in found
    )


def site_added(site: Json) -> str:
    """What to put on the pages of a site."""
    return (
        f"{site['name']} can use the widget on {', '.join(site['origins'])}. On its pages, with your address for HOST:\n"
        '<script type="module" src="https://HOST/widget/v1.js"></script>\n'
        f'<passend-match site-key="{site["key"]}" lang="nl"></passend-match>'
    )


def evaluation(report: Json) -> str:
    """Every system with its measures, nDCG with its interval, and how far Passend is ahead."""
    columns = ("ndcg@10", "mrr", "recall@10", "p@5", "coverage", "practical_violations", "fallback_first", "ms_per_person")
    heads = ("nDCG@10", "95%", "MRR", "recall@10", "P@5", "coverage", "violations", "fallback", "ms", "Passend ahead by")
    lines = [
        f"{report['seekers']} people, {report['opportunities']} places",
        f"{'':30}" + "".join(f"{head:>12}" for head in heads),
    ]
    for name, row in {**report["systems"], **report["ablations"]}.items():
        low, high = row["intervals"]["ndcg@10"]
        cells = ["–" if row[column] is None else f"{row[column]:.3f}" for column in columns]
        ahead = report["differences"].get(name)
        cells.insert(1, f"{low:.2f}–{high:.2f}")
        cells.append(f"  {ahead['mean']:+.3f} ({ahead['low']:+.2f} {ahead['high']:+.2f})" if ahead else "")
        lines.append(f"{name:30}" + "".join(f"{cell:>12}" for cell in cells))
    if report.get("robustness"):
        lines += ["", f"{'told otherwise':30}{'nDCG@10':>12}{'of original':>14}"]
        lines += [f"{name:30}{row['ndcg@10']:>12.3f}{row['of_original']:>14.0%}" for name, row in report["robustness"].items()]
    return "\n".join(lines)


def melo(report: Json) -> str:
    """The MELO measures of each system."""
    columns = ("mrr", "map", "hit@1", "hit@5", "hit@10", "mrr_hard")
    lines = [f"{report['queries']} queries", f"{'':24}" + "".join(f"{column:>10}" for column in columns)]
    lines += [f"{name:24}" + "".join(f"{row[column]:>10.3f}" for column in columns) for name, row in report["systems"].items()]
    return "\n".join(lines)


def general(report: Json) -> str:
    """Rank correlation of both encoders with the grades of each file, and what the adaptation changed."""
    averages = {f"average: {name}": row for name, row in report["together"].items()}
    lines = [f"{'':24}" + "".join(f"{head:>12}" for head in ("pairs", "unadapted", "adapted", "difference")) + "  95%"]
    for name, row in {**report["files"], **averages}.items():
        change = row["difference"]
        lines.append(
            f"{name:24}{row['pairs']:>12}{row['unadapted']:>12.3f}{row['adapted']:>12.3f}{change['mean']:>+12.3f}"
            f"  {change['low']:+.3f} {change['high']:+.3f}"
        )
    return "\n".join(lines)


def _match_lines(heading: str, match: Json, language: Language) -> list[str]:
    filled = round(match["ability"] * _BAR)
    bar = f"  {_WORDS[language]['can']} {'█' * filled}{'░' * (_BAR - filled)}" if filled else ""
    lines = [heading, f"   {RUNGS[match['rung']][language]}{_distance(match['distance'], language)}{bar}"]
    lines += [f"   + {reason['sentence']}" for reason in match["reasons"]]
    lines += [f"   ~ {gap['sentence']}" for gap in match["gaps"]]
    if not match["fits"]:
        lines += [f"   · {rule['sentence']}" for rule in match["practical"] if rule["state"] != "met"]
    return lines


def _named(match: Json) -> str:
    where = ", ".join(filter(None, [match["organisation"], match["place"]]))
    return f"{match['title']} — {where}" if where else str(match["title"])


def _distance(km: float | None, language: Language) -> str:
    if km is None:
        return ""
    return f", {km} km".replace(".", ",") if language == "nl" else f", {km} km"


def replayed(answer: Json) -> str:
    """What doing a run again showed."""
    if answer["identical"]:
        return f"identical: ranking and reasons over {answer['compared']} compared are the same, bit for bit."
    engines = f"engine then {answer['engine_then']}, now {answer['engine_now']}"
    return "\n".join([f"different ({engines}):", *(f"  {pointer}" for pointer in answer["differences"][:_MOST_FAULTS])])


def verified(checked: Iterable[Checked]) -> str:
    """What checking the chains showed."""
    lines = []
    for one in checked:
        state = f"{len(one.faults)} faults" if one.faults else "whole"
        lines.append(f"{one.organisation}: {one.receipts} receipts, {state}; ends with {one.head[:16]}")
        lines += [f"  {fault}" for fault in one.faults[:_MOST_FAULTS]]
    return "\n".join(lines) or "There are no receipts yet."


def periods(known: Iterable[Period]) -> str:
    """How long each category is kept."""
    return "\n".join(f"{one.category}: {one.keep}" for one in known)


def removed(counts: Mapping[str, int], dry_run: bool) -> str:
    """What retention removed, or would remove."""
    heading = "Past their period (nothing was removed):" if dry_run else "Removed, past their period:"
    return "\n".join([heading, *(f"  {category}: {count}" for category, count in counts.items())])
