"""The worked examples of docs/api.md: one or more for each resource, in an order in which they can be done."""

from dataclasses import dataclass, field
from typing import Any

from service.api.access import Scope

PASSWORD = "welkom-bij-passend"
PERSON = {
    "abilities": ["Ik repareer al jaren fietsen voor de hele buurt."],
    "motivations": ["Ik wil graag onder de mensen zijn."],
    "place": "Doetinchem",
    "hoursMin": 12,
    "hoursMax": 24,
    "language": {"speaking": "A2", "reading": "A2"},
    "openTo": ["paid", "trial_placement", "volunteering"],
    "name": "Noor Voorbeeld",
}
PLACE = {
    "kind": "paid",
    "title": "Fietsenmaker",
    "place": "Doetinchem",
    "tasks": ["Je repareert fietsen van klanten."],
    "needs": [{"text": "Je kunt een band plakken.", "must": True, "learnable": True}],
    "hoursMin": 16,
    "hoursMax": 24,
}
TABLE = "Nummer;Wat kan iemand;Plaats\nk1;Ik kook graag voor groepen.;Ulft\n"


@dataclass(frozen=True)
class Example:
    """One request as one of the demo users.

    Attributes:
        keep: names for fields of the answer, for paths and bodies of later examples.
        shown: fields of the answer that are shown; empty: all.
        file: name and content of a file that is handed in, with `body` as its other fields.
    """

    tag: str
    says: str
    user: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    keep: dict[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    status: int = 200
    file: tuple[str, str] | None = None


EXAMPLES = (
    Example("health", "Whether this process can answer.", "", "GET", "/health/ready"),
    Example(
        "sessions",
        "Signing in gives a cookie; programs use an API token instead.",
        "",
        "POST",
        "/v1/sessions",
        {"email": "klantmanager@demo.example", "password": PASSWORD},
        status=204,
    ),
    Example("me", "Who I am; a change with a cookie needs `csrf`.", "klantmanager", "GET", "/v1/me"),
    Example(
        "api-tokens",
        "A token for a program, made in a session.",
        "klantmanager with a cookie",
        "POST",
        "/v1/api-tokens",
        {"name": "koppeling", "scopes": [Scope.SEEKERS_READ, Scope.MATCHES_READ], "days": 30},
        status=201,
    ),
    Example("organisations", "The organisations of the region.", "klantmanager", "GET", "/v1/organisations"),
    Example(
        "users",
        "A colleague.",
        "beheerder",
        "POST",
        "/v1/users",
        {"name": "Sam", "email": "sam@gemeente.example", "roles": ["client_manager"]},
        status=201,
    ),
    Example(
        "employers",
        "An employer, with whom to call.",
        "accountmanager",
        "POST",
        "/v1/employers",
        {
            "name": "Kwekerij De Es",
            "contactPersons": [{"name": "Jo", "function": "bedrijfsleider", "phone": "0314-000000"}],
            "support": ["buddy"],
            "agreements": "Twee proefplaatsingen per jaar.",
        },
        {"Idempotency-Key": "kwekerij-1"},
        {"employer": "id"},
        status=201,
    ),
    Example(
        "seekers",
        "A person; the same key adds them once.",
        "klantmanager",
        "POST",
        "/v1/seekers",
        {"id": "k100", **PERSON},
        {"Idempotency-Key": "aanmelding-100"},
        {"seeker": "id"},
        status=201,
    ),
    Example(
        "seekers",
        "A change from the version that was read; another version by then is a 412.",
        "klantmanager",
        "PUT",
        "/v1/seekers/k100",
        {**PERSON, "hoursMax": 32},
        {"If-Match": '"{version}"'},
        shown=("id", "hoursMin", "hoursMax", "version"),
    ),
    Example(
        "seekers",
        "What does not belong in a text is named, with what to write instead.",
        "klantmanager",
        "POST",
        "/v1/seekers",
        {**PERSON, "learning": ["Ik heb schulden."]},
        status=400,
    ),
    Example("seekers", "A page of people.", "klantmanager", "GET", "/v1/seekers?place=doetinchem&sort=-updatedAt&limit=1"),
    Example(
        "residents",
        "A personal link; give token and code in two ways.",
        "klantmanager",
        "POST",
        "/v1/resident-links",
        {"seekerId": "k100"},
        status=201,
    ),
    Example("rights", "The sentences of a person, and those of before.", "klantmanager", "GET", "/v1/seekers/k100/statements"),
    Example(
        "rights",
        "One more sentence.",
        "klantmanager",
        "POST",
        "/v1/seekers/k100/statements",
        {"kind": "learning", "text": "Ik wil leren lassen."},
        {"If-Match": '"{version}"'},
        status=201,
    ),
    Example(
        "opportunities",
        "An employer hands in a draft.",
        "werkgever",
        "POST",
        "/v1/opportunities",
        {"id": "v100", **PLACE},
        {"Idempotency-Key": "vacature-100"},
        status=201,
    ),
    Example(
        "opportunities",
        "An account manager opens it.",
        "accountmanager",
        "PUT",
        "/v1/opportunities/v100/status",
        {"status": "open"},
        {"If-Match": '"{version}"'},
        shown=("id", "title", "status", "version"),
    ),
    Example(
        "opportunities",
        "The text of a vacancy, taken apart to be looked at.",
        "werkgever",
        "POST",
        "/v1/vacancy-drafts",
        {"text": "Kok\n\nWat ga je doen?\n- Je kookt voor bewoners.\n\n20 uur per week in Ulft"},
        status=201,
    ),
    Example(
        "matching",
        "What fits a person, and why (shortened: the first place).",
        "klantmanager",
        "GET",
        "/v1/seekers/k100/matches?limit=1",
        keep={"receipt": "receipt"},
        shown=("seeker", "rungReached", "matches", "receipt"),
    ),
    Example(
        "imports",
        "Where the columns of a table could go.",
        "klantmanager",
        "POST",
        "/v1/mapping-proposals",
        file=("klanten.csv", TABLE),
        status=201,
    ),
    Example(
        "imports",
        "Handed in; it is taken over in the background.",
        "klantmanager",
        "POST",
        "/v1/imports",
        {"mapping": '{"as": "seekers", "columns": {"Nummer": "id", "Wat kan iemand": "abilities", "Plaats": "place"}}'},
        keep={"import": "id"},
        file=("klanten.csv", TABLE),
        shown=("id", "file", "status", "rows", "done"),
        status=202,
    ),
    Example("imports", "What happened to each row.", "klantmanager", "GET", "/v1/imports/{import}/report"),
    Example(
        "proposals",
        "A suggestion, with the match run it came from.",
        "klantmanager",
        "POST",
        "/v1/proposals",
        {"seeker": "k100", "opportunity": "v100", "receipt": "{receipt}"},
        {"Idempotency-Key": "voorstel-100"},
        {"proposal": "id"},
        ("id", "seeker", "opportunity", "title", "state", "label", "agreed", "version"),
        201,
    ),
    Example(
        "proposals",
        "A step from the version that was read; the whole story is in [proposals.md](proposals.md).",
        "klantmanager",
        "POST",
        "/v1/proposals/{proposal}/steps",
        {"to": "proposed", "note": "Samen besproken."},
        {"If-Match": '"{version}"'},
        shown=("id", "state", "proposedBy", "version"),
        status=201,
    ),
    Example(
        "receipts",
        "The same run again from its receipt: the same ranking and reasons, bit for bit.",
        "auditor",
        "GET",
        "/v1/receipts/{receipt}/replay",
        shown=("receipt", "identical", "differences"),
    ),
    Example(
        "plans",
        "A plan with a goal and a step.",
        "klantmanager",
        "POST",
        "/v1/seekers/k100/plans",
        {"startsOn": "2026-12-01", "goals": [{"text": "Werken als fietsenmaker", "steps": [{"text": "Kennismaken"}]}]},
        status=201,
    ),
    Example(
        "contact",
        "That there was contact.",
        "klantmanager",
        "POST",
        "/v1/seekers/k100/contact-moments",
        {"at": "2026-11-20T10:00:00+01:00", "kind": "conversation", "note": "Samen de plekken bekeken."},
        status=201,
    ),
    Example("signals", "Who should not be lost sight of.", "klantmanager", "GET", "/v1/signals?signal=no_plan&limit=1"),
    Example("insights", "Numbers of a quarter; small ones are hidden.", "auditor", "GET", "/v1/insights?quarter=2026-Q1"),
    Example("processing", "Who used whose data, and for what.", "auditor", "GET", "/v1/processing-records?limit=1"),
    Example(
        "sites",
        "A key for the widget on the pages of a site ([widget.md](widget.md)).",
        "beheerder",
        "POST",
        "/v1/sites",
        {"name": "Bakkerij Korst", "origins": ["https://www.korst.example"]},
        keep={"siteKey": "key"},
        shown=("id", "name", "origins", "hourlyLimit", "hourlyLimitAddress", "revokedAt"),
        status=201,
    ),
    Example(
        "widget",
        "What the widget asks from there; browsers send the origin by themselves. Two people are too few to tell of.",
        "",
        "POST",
        "/v1/widget/estimates?siteKey={siteKey}",
        {"text": "Bakker. Je bakt brood.", "place": "Doetinchem", "hoursMax": 24, "language": "en"},
        {"Origin": "https://www.korst.example"},
        status=201,
    ),
    Example(
        "widget",
        "A vacancy that is left there.",
        "",
        "POST",
        "/v1/widget/vacancies?siteKey={siteKey}",
        {
            "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
            "text": "Bakker. Je bakt brood.",
            "place": "Doetinchem",
            "contact": {"organisation": "Bakkerij Korst", "name": "Wil Bakker", "email": "wil@korst.example"},
        },
        {"Origin": "https://www.korst.example"},
        status=201,
    ),
    Example("sites", "It is a draft, with whom to answer.", "accountmanager", "GET", "/v1/received-vacancies"),
)
