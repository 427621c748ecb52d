"""Answers about a whole caseload as readable text for the terminal."""

from collections.abc import Mapping

from service.render import Json
from service.use_cases.learning import OutcomeReport

_BEFORE_CUT = 40


def allocation(answer: Json) -> str:
    """The proposal for everyone, below what it comes to beside order of arrival."""
    best, arrival = answer["allocation"], answer["first_come"]
    lines = [
        f"{answer['people']} people, {answer['places']} places with {answer['positions']} positions",
        f"{'':32}{'allocation':>12}{'by arrival':>12}",
        *(f"{words:32}{_shown(best[name]):>12}{_shown(arrival[name]):>12}" for name, words in _TOTALS.items()),
        "",
    ]
    for one in answer["proposals"]:
        place = f"{one['id']} {one['title']} ({one['rung']}, band {one['ability_band']})" if one["id"] else "–"
        lines += [f"{one['seeker']}: {place}", f"   {one['sentence']}"]
    return "\n".join(lines)


_TOTALS = {
    "served": "people with a place",
    "served_well": "… that they do well",
    "open_to_volunteering": "open to volunteering",
    "open_to_volunteering_served": "… with a place",
    "mean_ability_band": "mean ability band (1 is best)",
}


def exposure(answer: Json) -> str:
    """Who is never seen, groups, and what turns would change."""
    never, next_round = answer["never"], answer["next_round"]
    more = f" … and {len(never) - _BEFORE_CUT} more" if len(never) > _BEFORE_CUT else ""
    lines = [
        f"{answer['lists']} lists; {len(never)} of {answer['people']} people are never among the first {answer['top']}",
        f"   never: {', '.join(never[:_BEFORE_CUT])}{more}" if never else "   everyone is",
        f"   after another round like this: {next_round['never_as_now']}; "
        f"after one in which {next_round['turns']} of the ten are a turn: {next_round['never_with_turns']}",
        "",
        f"{'group':28}{'people':>8}{'never':>8}{'mean':>8}",
    ]
    lines += [_group_line(group, answer["smallest_group"]) for group in answer["groups"]]
    return "\n".join(lines)


def learned(answer: Json) -> str:
    """Champion, challenger, history, and what people said by declining."""
    champion, challenger = answer["champion"], answer["challenger"]
    counted = ", ".join(f"{count} {decision}" for decision, count in answer["outcomes"].items())
    lines = [f"Outcomes: {counted or 'none yet'}", f"Champion: {_version(champion['version'])}: {_parts(champion['order'])}"]
    lines += _challenger_lines(challenger) if challenger else ["Challenger: none. Make one: passend outcomes fit"]
    lines += [
        f"  {step['at'][:16]} {step['action']} to {_version(step['version'])} by {step['by']}" for step in answer["history"]
    ]
    return "\n".join([*lines, *(f"  ! {one['sentence']}" for one in answer["declined"])])


def outcome_report(report: OutcomeReport) -> str:
    """What happened to the rows."""
    wrong = [f"  {error.file}:{error.line}: {error.field}: {error.message}" for error in report.errors]
    return "\n".join([f"{report.taken} outcomes taken over, errors: {len(wrong)}", *wrong])


def _challenger_lines(one: Json) -> list[str]:
    verdict, gain = one["verdict"], one["verdict"]["gain"]
    state = "may be promoted" if one["passes"] else f"may not be promoted: {'; '.join(verdict['reasons'])}"
    return [
        f"Challenger: {_version(one['version'])}: {_parts(one['order'])}",
        f"  learned from {one['fitted_on']} placements: {_parts(one['importance'])}",
        f"  on {verdict['held_out']} placements it has not seen: order {gain['challenger']:.3f}, champion {gain['champion']:.3f} "
        f"(1 is perfect, .5 is chance; difference {gain['low']:+.3f} to {gain['high']:+.3f})",
        *(_check_line(check) for check in verdict["groups"]),
        f"  {state}",
    ]


def _check_line(check: Json) -> str:
    gain = check["gain"]
    said = f"{gain['champion']:.3f} → {gain['challenger']:.3f}" if gain else "too few to say"
    return f"  {'✓' if check['passes'] else '·'} {check['kind']} {check['group']}: {said}"


def _group_line(group: Json, smallest: int) -> str:
    name = f"{group['kind']}: {group['group']}"
    if group["people"] is None:
        return f"{name:28}{f'small groups, fewer than {smallest} people, are not shown':>8}"
    return f"{name:28}{group['people']:>8}{group['never']:>8}{group['mean']:>8.1f}"


def _version(version: int | None) -> str:
    return f"version {version}" if version else "as shipped"


def _parts(parts: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in parts.items())


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
