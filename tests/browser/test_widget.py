"""The widget on a page of another site with a strict policy: what an employer does there, and what the site may not do."""

import contextlib
import http.server
import os
import re
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from service.use_cases import demo_accounts

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
SHOWN_HOST, SHOWN_KEY = "https://passend.example", "pk_0123456789abcdefghijklmnopqrstuv"
CARE = """Helpende in de zorg
Je helpt oudere mensen met wassen en aankleden.
Je praat met de bewoners en brengt ze eten.
Je hebt een VOG nodig. 8 tot 16 uur per week."""
SIZES = {1280: 900, 320: 640}
WORDS = {
    "nl": {"many": "Ten minste 10 mensen", "opener": "VOG vooraf: ten minste 5", "send": "Versturen", "sent": "is aangekomen",
           "email": "Vul een e-mailadres in", "offline": "kunnen Passend nu niet bereiken", "refused": "Passend werkt nu niet",
           "text": "Wat is het werk?", "ability": "Zorgen voor mensen"},
    "en": {"many": "At least 10 people", "opener": "VOG beforehand: at least 5", "send": "Send", "sent": "has arrived",
           "email": "Fill in an e-mail address", "offline": "cannot reach Passend now", "refused": "Passend does not work",
           "text": "What is the work?", "ability": "Caring for people"},
}  # fmt: skip


class HostPages(http.server.SimpleHTTPRequestHandler):
    """The demo pages of docs/widget, with the address and key of the test for those that stand there."""

    replaced: dict[str, str]

    def do_GET(self) -> None:
        path = ROOT / "docs" / "widget" / self.path.split("?")[0].lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        written = path.read_text(encoding="utf-8")
        for shown, real in self.replaced.items():
            written = written.replace(shown, real)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.end_headers()
        self.wfile.write(written.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def serving(replaced: dict[str, str]) -> Iterator[str]:
    handler = type("Pages", (HostPages,), {"replaced": replaced})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def as_user(site: str, who: str) -> Iterator[httpx.Client]:
    account = {"email": f"{who}@{demo_accounts.ADDRESS}", "password": demo_accounts.PASSWORD}
    with httpx.Client(base_url=site, timeout=30) as client:
        client.post("/v1/sessions", json=account).raise_for_status()
        client.headers["X-CSRF-Token"] = client.get("/v1/me").json()["csrf"]
        yield client


@dataclass
class Host:
    """A page of another site, with a key of its own."""

    address: str
    stranger: str
    key: str
    id: str
    administrator: httpx.Client


@pytest.fixture(scope="module")
def host(site: str) -> Iterator[Host]:
    replaced = {SHOWN_HOST: site}
    with serving(replaced) as address, serving(replaced) as stranger, as_user(site, "beheerder") as administrator:
        made = administrator.post("/v1/sites", json={"name": "Bakkerij Korst", "origins": [address]})
        made.raise_for_status()
        replaced[SHOWN_KEY] = made.json()["key"]
        yield Host(address, stranger, made.json()["key"], made.json()["id"], administrator)


@contextlib.contextmanager
def visiting(browser: Browser, address: str, width: int = 1280, language: str = "nl", **options: object) -> Iterator[Page]:
    """The demo page; anything that its policy stops fails the test."""
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, **options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.set_default_timeout(15_000)
    page.goto(f"{address}/demo.html")
    page.evaluate("language => document.querySelector('passend-match').setAttribute('lang', language)", language)
    yield page
    context.close()
    assert not complaints


def ask(page: Page, text: str = CARE, place: str = "Winterswijk") -> None:
    page.fill("#place", place)
    page.fill("#text", text)


def accessible(page: Page) -> None:
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=ROOT / folder / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(1280, "nl"), (1280, "en"), (320, "nl"), (320, "en")])
def test_an_employer_leaves_a_vacancy_and_it_arrives_at_the_account_manager(browser, site, host, width, language) -> None:
    scheme = "light" if (width == 1280) == (language == "nl") else "dark"
    words = WORDS[language]
    with visiting(browser, host.address, width, language, color_scheme=scheme) as page:
        ask(page)  # and press nothing: it answers by itself
        expect(page.get_by_role("status")).to_contain_text(words["many"])
        expect(page.locator("[part=abilities]")).to_contain_text(words["ability"])
        expect(page.locator("[part=openers]")).to_contain_text(words["opener"])
        accessible(page)
        keep(page, f"widget-{width}-{language}")
        page.fill("#organisation", f"Bakkerij Korst {width} {language}")
        page.fill("#name", "Wil Bakker")
        page.get_by_role("button", name=words["send"]).click()
        expect(page.locator("#email-error")).to_contain_text(words["email"])
        expect(page.locator("#email")).to_be_focused()
        accessible(page)
        page.fill("#email", "wil@korst.example")
        page.get_by_role("button", name=words["send"]).click()
        expect(page.locator("[part=title]")).to_contain_text(words["sent"])
        expect(page.locator("[part=title]")).to_be_focused()
        accessible(page)
    with as_user(site, "accountmanager") as client:
        newest = client.get("/v1/received-vacancies").json()["items"][0]
    assert (newest["title"], newest["organisation"]) == ("Helpende in de zorg", f"Bakkerij Korst {width} {language}")
    assert (newest["status"], newest["contactEmail"], newest["place"]) == ("draft", "wil@korst.example", "Winterswijk")


def test_the_account_manager_sees_beside_the_place_whom_to_answer(visitor, site, host) -> None:
    contact = {"organisation": "Korst", "name": "Wil Bakker", "email": "wil@korst.example", "phone": "0314 123456"}
    left = {"id": str(uuid.uuid4()), "text": CARE, "contact": contact}
    address = f"{site}/v1/widget/vacancies?siteKey={host.key}"
    httpx.post(address, json=left, headers={"Origin": host.address}, timeout=30).raise_for_status()
    with visitor.page("accountmanager") as page:
        page.goto(f"/places/w-{left['id']}")
        expect(page.get_by_role("list", name="Achtergelaten in de widget")).to_contain_text("Wil Bakker")
        expect(page.get_by_role("link", name="wil@korst.example")).to_be_visible()


def test_with_the_keyboard_alone(browser, host) -> None:
    with visiting(browser, host.address, 320) as page:
        keys = page.keyboard
        page.locator("header a").focus()
        for typed in (CARE, "Winterswijk", "8", "16"):
            keys.press("Tab")
            keys.insert_text(typed)
        keys.press("Tab")
        keys.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Ten minste 10 mensen")
        keys.press("Tab")
        keys.press("Enter")  # opens what was read
        expect(page.locator("[part=read] dd").first).to_have_text("Helpende in de zorg")
        for typed in ("Korst", "Wil", "wil@korst.example", ""):
            keys.press("Tab")
            keys.insert_text(typed)
        keys.press("Tab")
        keys.press("Enter")
        expect(page.locator("[part=title]")).to_contain_text("is aangekomen")
        keys.press("Tab")
        keys.press("Enter")
        expect(page.locator("#text")).to_be_focused()
        expect(page.locator("#text")).to_have_value("")


def test_few_people_are_not_told_as_a_number(browser, host) -> None:
    with visiting(browser, host.address) as page:
        ask(page, "Vioolbouwer\nJe bouwt violen en repareert cello's.", "Maastricht")
        expect(page.get_by_role("status")).to_have_text("Het zijn nu te weinig mensen om een aantal te noemen.")
        assert not re.search(r"ten minste \d", page.locator("passend-match").inner_text())


def test_a_lost_connection_loses_no_text_and_can_be_tried_again(browser, host) -> None:
    with visiting(browser, host.address) as page:
        expect(page.locator("#text")).to_be_visible()
        page.context.set_offline(True)
        ask(page)
        expect(page.get_by_role("status")).to_contain_text("kunnen Passend nu niet bereiken")
        expect(page.locator("#text")).to_have_value(CARE)
        page.context.set_offline(False)
        page.get_by_role("button", name="Opnieuw proberen").click()
        expect(page.get_by_role("status")).to_contain_text("Ten minste 10 mensen")
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
        page.evaluate("document.querySelector('passend-match').setAttribute('lang', 'en')")
        expect(page.get_by_role("status")).to_contain_text("At least 10 people")
        expect(page.locator("#text")).to_have_value(CARE)


def test_a_page_of_another_origin_gets_nothing(browser, host) -> None:
    with visiting(browser, host.stranger) as page:
        ask(page)
        expect(page.get_by_role("status")).to_contain_text("kunnen Passend nu niet bereiken")
        expect(page.get_by_role("status")).to_contain_text("website misschien nog niet aangemeld")


def test_too_many_questions_and_a_revoked_key_are_said(browser, host) -> None:
    with visiting(browser, host.address) as page:
        late = {"Retry-After": "30", "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
        page.route("**/v1/widget/estimates*", lambda route: route.fulfill(status=429, headers=late))
        ask(page)
        expect(page.get_by_role("status")).to_contain_text("over 30 seconden")
    gone = host.administrator.post("/v1/sites", json={"name": "Weg", "origins": [host.address]}).json()
    assert host.administrator.delete(f"/v1/sites/{gone['id']}").status_code == 204
    with visiting(browser, host.address) as page:
        page.evaluate("key => document.querySelector('passend-match').setAttribute('site-key', key)", gone["key"])
        ask(page)
        expect(page.get_by_role("status")).to_contain_text("Passend werkt nu niet op deze website")
        expect(page.locator("#text")).to_have_value(CARE)


def test_the_frame_works_on_a_page_of_the_site_and_on_no_other(browser, host) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{host.address}/frame.html")
    frame = page.frame_locator("iframe")
    frame.locator("#place").fill("Winterswijk")
    frame.locator("#text").fill(CARE)
    expect(frame.get_by_role("status")).to_contain_text("Ten minste 10 mensen")
    page.goto(f"{host.stranger}/frame.html")
    expect(frame.locator("passend-match")).to_have_count(0)
    context.close()


def test_forced_colours_and_zoom(browser, host) -> None:
    with visiting(browser, host.address, 320, forced_colors="active", contrast="more") as page:
        ask(page)
        expect(page.get_by_role("status")).to_contain_text("Ten minste 10 mensen")
        accessible(page)
        widths = page.get_by_role("button").evaluate_all("all => all.map(one => getComputedStyle(one).borderTopWidth)")
        assert set(widths) == {"2px"}
