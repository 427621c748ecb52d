"""The API keeps the NLGov REST API Design Rules 2.x; the rules are our own, and each finds what it is for."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from service.app import API_VERSION, create_app

Document = dict[str, Any]
Rule = Callable[[Document], Iterator[str]]

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")
OPEN = {"/health/live", "/health/ready", "/v1/sessions", "/v1/resident-sessions", "/v1/oidc/login", "/v1/oidc/callback"}


@pytest.fixture(scope="module")
def document() -> Document:
    return create_app().openapi()


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def parameters(document: Document, place: str) -> Iterator[tuple[str, str]]:
    for path, _, operation in operations(document):
        yield from ((path, one["name"]) for one in operation.get("parameters", []) if one["in"] == place)


def kebab_case_paths(document: Document) -> Iterator[str]:
    """/core/naming-resources, /core/path-segments-kebab-case."""
    for path in document["paths"]:
        words = [segment for segment in path.split("/") if segment and not segment.startswith("{")]
        yield from (path for word in words if not KEBAB.fullmatch(word))


def no_trailing_slash(document: Document) -> Iterator[str]:
    """/core/no-trailing-slash."""
    yield from (path for path in document["paths"] if path.endswith("/"))


def major_version_in_the_path(document: Document) -> Iterator[str]:
    """/core/uri-version: only the state of the process is outside it."""
    major = document["info"]["version"].split(".")[0]
    yield from (path for path in document["paths"] if not path.startswith((f"/v{major}/", "/health/")))


def semantic_version(document: Document) -> Iterator[str]:
    """/core/semver."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"]):
        yield document["info"]["version"]


def camel_case_query_keys(document: Document) -> Iterator[str]:
    """/core/query-keys-camel-case."""
    for place in ("query", "path"):
        yield from (f"{path} {name}" for path, name in parameters(document, place) if not CAMEL.fullmatch(name))


def camel_case_fields(document: Document) -> Iterator[str]:
    """/core/naming-camel-case of fields in bodies."""
    for name, schema in document["components"]["schemas"].items():
        yield from (f"{name}.{field}" for field in schema.get("properties", {}) if not CAMEL.fullmatch(field))


def problems_as_problem_json(document: Document) -> Iterator[str]:
    """/core/error-handling/problem-details: RFC 9457."""
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and set(answer.get("content", {})) != {"application/problem+json"}:
                yield f"{method} {path} {status}"


def invalid_input_is_400(document: Document) -> Iterator[str]:
    """/core/error-handling/invalid-input: 400 and not 422."""
    for path, method, operation in operations(document):
        takes = operation.get("parameters") or operation.get("requestBody")
        if "422" in operation["responses"] or (takes and "400" not in operation["responses"]):
            yield f"{method} {path}"


def version_header(document: Document) -> Iterator[str]:
    """/core/version-header on every answer."""
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            if "API-Version" not in answer.get("headers", {}):
                yield f"{method} {path} {status}"


def operation_ids(document: Document) -> Iterator[str]:
    """Each operation has a name of its own, in camelCase, so that clients that are generated read well."""
    seen: set[str] = set()
    for path, method, operation in operations(document):
        name = operation.get("operationId", "")
        if not CAMEL.fullmatch(name) or name in seen:
            yield f"{method} {path} {name}"
        seen.add(name)


def secured(document: Document) -> Iterator[str]:
    """/core/transport: all but signing in and the state of the process asks who it is for, and may say 401 and 403."""
    for path, method, operation in operations(document):
        is_open = path in OPEN and (method == "get" or (path.endswith("sessions") and method == "post"))
        if not is_open and not (operation.get("security") and {"401", "403"} <= set(operation["responses"])):
            yield f"{method} {path}"


def documented(document: Document) -> Iterator[str]:
    """/core/doc-openapi: each operation says what it does; there is a contact."""
    if not document["info"].get("contact", {}).get("url"):
        yield "contact"
    yield from (
        f"{method} {path}" for path, method, one in operations(document) if not (one.get("description") and one.get("tags"))
    )


def times_with_zone(document: Document) -> Iterator[str]:
    """/core/date-time: a moment is date-time, a day is date, and the name says which."""
    for name, schema in document["components"]["schemas"].items():
        for field, value in schema.get("properties", {}).items():
            kinds = {one.get("format") for one in [value, *value.get("anyOf", [])]}
            if (field.endswith("At") and "date-time" not in kinds) or (field.endswith("On") and "date" not in kinds):
                yield f"{name}.{field}"


def methods_that_fit(document: Document) -> Iterator[str]:
    """/core/http-methods: reading and deleting take no body; a new thing is a 201."""
    for path, method, operation in operations(document):
        if method in {"get", "delete"} and "requestBody" in operation:
            yield f"{method} {path}"
        if method == "post" and not {"201", "202", "204"} & set(operation["responses"]):
            yield f"{method} {path}"


RULES: dict[Rule, Callable[[Document], Any]] = {
    kebab_case_paths: lambda d: d["paths"].update({"/v1/contact_moments": {}}),
    no_trailing_slash: lambda d: d["paths"].update({"/v1/plans/": {}}),
    major_version_in_the_path: lambda d: d["paths"].update({"/v2/plans": {}}),
    semantic_version: lambda d: d["info"].update(version="1.0"),
    camel_case_query_keys: lambda d: d["paths"]["/v1/signals"]["get"]["parameters"][0].update(name="only_mine"),
    camel_case_fields: lambda d: d["components"]["schemas"]["PlanAnswer"]["properties"].update(ends_on={}),
    problems_as_problem_json: lambda d: d["paths"]["/v1/signals"]["get"]["responses"]["400"].update(
        content={"application/json": {}}
    ),
    invalid_input_is_400: lambda d: d["paths"]["/v1/signals"]["get"]["responses"].pop("400"),
    version_header: lambda d: d["paths"]["/v1/signals"]["get"]["responses"]["200"].pop("headers"),
    operation_ids: lambda d: d["paths"]["/v1/signals"]["get"].update(operationId="onePlan"),
    secured: lambda d: d["paths"]["/v1/signals"]["get"].pop("security"),
    documented: lambda d: d["paths"]["/v1/signals"]["get"].pop("description"),
    times_with_zone: lambda d: d["components"]["schemas"]["PlanAnswer"]["properties"].update(createdAt={"type": "string"}),
    methods_that_fit: lambda d: d["paths"]["/v1/signals"]["get"].update(requestBody={}),
}
"""Each rule, and a change to the document that it has to find."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_api_keeps_the_rule(rule: Rule, document: Document) -> None:
    assert list(rule(document)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_what_it_is_for(rule: Rule, document: Document) -> None:
    broken = copy.deepcopy(document)
    RULES[rule](broken)
    assert list(rule(broken))


async def test_the_document_is_where_the_rules_want_it() -> None:
    app = create_app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://passend") as client:
        answer = await client.get("/v1/openapi.json")
    assert (answer.status_code, answer.headers["API-Version"], answer.json()["info"]["version"]) == (
        200,
        API_VERSION,
        API_VERSION,
    )
    assert answer.json()["openapi"].startswith("3.1")
