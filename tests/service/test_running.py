"""Running it: settings, logs without anyone in them, metrics, traces, headers, backup and restore."""

import asyncio
import json
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import ValidationError

from service.api.observing import POLICY
from service.app import create_app
from service.db import backups
from service.db.connect import pool
from service.db.revisions import installation
from service.errors import BadInput, UnusableFile
from service.logs import JsonLines
from service.opening import Passend
from service.otlp import OtlpSpans
from service.settings import Settings, reference, settings_problem
from service.tracing import NoSpans, begin, spans_to
from service.use_cases.backing_up import back_up, manifest, restore
from service.use_cases.importing import import_files

DOCS = Path(__file__).parent.parent.parent / "docs"
SECRET = "Fatima zegt: ik ruim al twintig jaar boekenkasten in"


class Lines(logging.Handler):
    """Log lines as they go out."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    handler, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler.lines
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def three_of_each(demo_files: list[Path], tmp_path: Path) -> list[Path]:
    """Three people and three places of the demo set, for what does not need more."""
    few = [tmp_path / file.name for file in demo_files]
    for source, target in zip(demo_files, few, strict=True):
        target.write_text("".join(source.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    return few


@pytest.fixture
def application(passend: Passend, home: Path) -> FastAPI:
    app = create_app(Settings(home=home))
    app.state.passend, app.state.ready = passend, True
    return app


@pytest.fixture
async def client(application: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://passend") as client:
        yield client


def test_the_documented_table_of_settings_is_the_real_one() -> None:
    assert reference() in (DOCS / "running.md").read_text(encoding="utf-8")
    assert all(field.description for field in Settings.model_fields.values())


def test_the_password_of_a_new_user_in_the_environment_is_no_unknown_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSEND_USER_PASSWORD", "een lang wachtwoord")
    assert Settings().log_level == "info"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PASSEND_SHUTDOWN_SECONDS", "lang", "PASSEND_SHUTDOWN_SECONDS: "),
        ("PASSEND_LOG_LEVEL", "loud", "PASSEND_LOG_LEVEL: "),
        ("DATABASE_URL", "mysql://geheim@127.0.0.1/x", "DATABASE_URL: has to begin with postgresql://"),
        ("PASSEND_ENCODR", "x", "PASSEND_ENCODR is not a setting; did you mean PASSEND_ENCODER?"),
    ],
)
def test_a_wrong_setting_is_one_sentence_without_its_value(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as wrong:
        Settings()
    sentence = settings_problem(wrong.value)
    assert sentence.startswith(says)
    assert "geheim" not in sentence
    assert sentence.endswith("See docs/running.md.")


async def test_nothing_that_was_asked_or_told_is_in_the_log(
    application: FastAPI, client: httpx.AsyncClient, lines: list[str]
) -> None:
    @application.post("/v1/breaks/{name}")
    async def breaks(name: str) -> None:
        pool = application.state.passend.pool
        try:
            await pool.execute("INSERT INTO labour_market_region VALUES ($1, $1), ($1, $1)", SECRET)
        except Exception as error:
            raise RuntimeError(f"{name} zei: {SECRET}") from error

    logging.getLogger("some.driver").error("a row with %s", SECRET)
    answers = [
        await client.post(f"/v1/breaks/{SECRET}", json={"text": SECRET}, headers={"X-Name": SECRET.encode()}),
        await client.get(f"/v1/seekers/{SECRET}/matches", params={"q": SECRET}),
        await client.get("/v1/Fatima"),
    ]
    assert [answer.status_code for answer in answers] == [500, 401, 404]
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert SECRET not in answers[0].text
    assert not [line for line in lines if re.search("fatima|boekenkast|twintig|testclient|127.0.0.1", line, re.IGNORECASE)]

    written = [json.loads(line) for line in lines]
    assert [(one["route"], one["status"]) for one in written if one["event"] == "answered"] == [
        ("/v1/breaks/{name}", 500),
        ("/v1/seekers/{id}/matches", 401),
        ("none", 404),
    ]
    error = next(one["error"] for one in written if "error" in one)
    assert error["kind"] == "builtins.RuntimeError"
    assert error["cause"]["kind"] == "asyncpg.exceptions.UniqueViolationError"


async def test_every_answer_has_the_security_headers(application: FastAPI, client: httpx.AsyncClient) -> None:
    @application.get("/v1/breaks")
    async def breaks() -> None:
        raise RuntimeError

    for path in ("/health/live", "/v1/openapi.json", "/v1/nowhere", "/v1/seekers/%20/matches", "/metrics", "/v1/breaks"):
        headers = (await client.get(path)).headers
        assert headers["Content-Security-Policy"] == POLICY, path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["API-Version"] == application.version
        assert "unsafe" not in headers["Content-Security-Policy"]


async def test_metrics_tell_of_requests_indexes_and_connections(
    client: httpx.AsyncClient, passend: Passend, three_of_each: list[Path]
) -> None:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, three_of_each)
    await client.get("/health/ready")
    before = (await client.get("/metrics")).text
    assert 'passend_requests_total{method="GET",route="/health/ready",status="200"} 1.0' in before
    assert float(re.search(r'passend_index_behind_revisions\{index="places"\} (.*)', before)[1]) > 0
    assert 'passend_pool_connections{pool="app",state="idle"}' in before
    await passend.search.places.follow()
    after = (await client.get("/metrics")).text
    assert 'passend_index_behind_revisions{index="places"} 0.0' in after
    assert float(re.search(r'passend_index_vectors\{index="places"\} (.*)', after)[1]) == len(passend.search.places.current)


async def test_metrics_can_ask_for_a_token(application: FastAPI, client: httpx.AsyncClient, home: Path) -> None:
    application.state.settings = Settings(home=home, metrics_token="een-lang-geheim")
    assert (await client.get("/metrics")).status_code == 401
    assert (await client.get("/metrics", headers={"Authorization": "Bearer iets-anders"})).status_code == 401
    assert (await client.get("/metrics", headers={"Authorization": "Bearer een-lang-geheim"})).status_code == 200


def test_traces_are_off_until_asked_for() -> None:
    assert isinstance(spans_to(""), NoSpans)


def test_a_span_goes_on_in_the_callers_trace_and_names_nobody() -> None:
    exported = InMemorySpanExporter()
    spans = OtlpSpans("http://127.0.0.1:1", exported)
    trace = begin("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    spans.report(trace, "GET", "/v1/seekers/{id}/matches", 200, 1, 2)
    spans.close()
    (span,) = exported.get_finished_spans()
    assert span.context.trace_id == 0x0AF7651916CD43DD8448EB211C80319C
    assert span.parent.span_id == 0xB7AD6B7169203331
    assert dict(span.attributes) == {
        "http.request.method": "GET",
        "http.route": "/v1/seekers/{id}/matches",
        "http.response.status_code": 200,
    }


@pytest.mark.parametrize(
    "header", [None, "", "00-zz-11-01", f"00-{'0' * 32}-b7ad6b7169203331-01", "00-" + "a" * 32 + "-" + "b" * 16]
)
def test_a_header_that_is_no_trace_begins_a_new_one(header: str | None) -> None:
    trace = begin(header)
    assert (len(trace.trace_id), len(trace.span_id), trace.parent_span_id) == (16, 8, None)


async def test_what_was_backed_up_comes_back_whole_on_another_server(
    passend: Passend, database_url: str, another_database_url: str, three_of_each: list[Path], tmp_path: Path
) -> None:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, three_of_each)
    file = tmp_path / "backups" / "passend"
    done = await back_up(Settings(database_url=database_url), file)
    assert (done.rows["seeker"], done.rows["opportunity"]) == (3, 3)
    assert file.stat().st_mode & 0o077 == 0

    elsewhere = Settings(database_url=another_database_url)
    assert await restore(elsewhere, file) == done
    async with pool(another_database_url) as restored:
        assert await backups.count_rows(restored) == done.rows
        assert await installation(restored) != await installation(passend.pool)
        for table in ("seeker", "opportunity", "embedding"):
            whole = f"SELECT md5(string_agg(one::text, '|' ORDER BY one::text)) FROM {table} AS one"
            assert await restored.fetchval(whole) == await passend.pool.fetchval(whole), table

    with pytest.raises(BadInput, match="--replace"):
        await restore(elsewhere, file)
    assert await restore(elsewhere, file, replace=True) == done


async def test_a_damaged_backup_changes_nothing(
    passend: Passend, database_url: str, another_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    await back_up(Settings(database_url=database_url), file)
    with pytest.raises(UnusableFile, match="exists already"):
        await back_up(Settings(database_url=database_url), file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(UnusableFile, match="damaged"):
        await restore(Settings(database_url=another_database_url), file)
    manifest(file).unlink()
    with pytest.raises(UnusableFile, match="cannot be read"):
        await restore(Settings(database_url=another_database_url), file)


async def test_a_request_under_way_is_answered_after_the_server_was_asked_to_stop(database_url: str, home: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service.cli", "serve", "--port", str(port)),
        env={**os.environ, "DATABASE_URL": database_url, "PASSEND_HOME": str(home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert server.stdout
    assert server.stderr
    assert await server.stdout.readline() == f"Passend answers on http://127.0.0.1:{port}\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b'{"email": "niemand@test.example", "password": "een-lang-wachtwoord"}'
    head = f"POST /v1/sessions HTTP/1.1\r\nHost: passend\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body[:10])
    await writer.drain()
    await asyncio.sleep(0.2)
    server.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.5)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    writer.write(body[10:])
    assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()
    rest = (await server.stderr.read()).decode().splitlines()
    assert await server.wait() in {0, -signal.SIGTERM}
    assert all(json.loads(line)["level"] == "info" for line in rest), rest
