"""The fictional demo set and the three examples that show what Passend does."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from matching.phrases import Language
from service.opening import Passend
from service.render import Json
from service.use_cases.demo_accounts import PASSWORD, make_demo_accounts, name_people
from service.use_cases.demo_story import tell
from service.use_cases.importing import import_files
from service.use_cases.matching import find_candidates, match_person

FOLDER = Path(__file__).parent.parent / "demo"
PAID_MATCH, STEP_DOWN, VACANCY = "s01", "s02", "o001"


@dataclass(frozen=True)
class Examples:
    """What the demo prints: a paid match, a step down with its stepping stone, and the candidates for a vacancy.

    Attributes:
        accounts: to sign in with; none where others than the demo's have accounts.
    """

    imported: Json
    paid_match: Json
    step_down: Json
    candidates: Json
    accounts: list[Json]
    password: str


async def worked_examples(passend: Passend, language: Language, progress: Callable[[int], None] | None = None) -> Examples:
    """Imports the demo set (again: nothing changes then) and works the three examples."""
    files = [FOLDER / "seekers.jsonl", FOLDER / "opportunities.jsonl"]
    report = await import_files(passend.pool, passend.encoder, passend.gazetteer, files, progress)
    accounts = await make_demo_accounts(passend.pool)
    if accounts:
        await name_people(passend.pool, FOLDER / "names.tsv")
        await tell(passend, accounts[0].email, FOLDER / "story.toml")
    await passend.search.places.open()
    await passend.search.people.open()
    asked = (passend.pool, passend.search, passend.weights)
    return Examples(
        imported=report.to_json(),
        paid_match=await match_person(*asked, PAID_MATCH, 3, language),
        step_down=await match_person(*asked, STEP_DOWN, 3, language),
        candidates=await find_candidates(*asked, VACANCY, 5, language),
        accounts=[asdict(account) for account in accounts],
        password=PASSWORD if accounts else "",
    )
