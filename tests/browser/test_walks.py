"""The main path of each user, as they walk it."""

import re

import pytest
from playwright.sync_api import Page, expect

SENTENCES = (
    "Ik repareer al jaren fietsen voor de hele buurt.",
    "Ik leg rustig uit wat er kapot is.",
    "Ik houd mijn werkplaats netjes.",
)


def add_person(page: Page, name: str) -> None:
    page.goto("/people/new")
    for number, sentence in enumerate(SENTENCES, start=1):
        page.fill("#new_ability", sentence)
        page.press("#new_ability", "Enter")
        expect(page.locator(".kind--ability .said li")).to_have_count(number)
    page.fill("#name", name)
    page.fill("#place", "Doetinchem")
    page.fill("#postcode4", "7001")
    page.click("button[name=save]")
    page.wait_for_url(re.compile("/people/p-.*/matches"))


@pytest.mark.parametrize(("scripts", "size"), [(True, "laptop"), (False, "phone")])
def test_add_a_person_find_a_place_and_propose_it(visitor, scripts, size):
    with visitor.page(scripts=scripts, size=size) as page:
        add_person(page, f"Nieuw {size}")
        expect(page.locator(".card").first).to_contain_text("Fietstechnicus")
        expect(page.locator(".card").first.locator(".pair__own").first).to_contain_text("fietsen")
        page.locator(".card").first.get_by_role("link", name=re.compile("Bekijk en stel voor")).click()
        page.fill("#note", "Dit past bij wat je vertelde over fietsen.")
        page.get_by_role("button", name="Stel voor").click()
        expect(page.get_by_role("status")).to_contain_text("voorgesteld aan de inwoner")
        expect(page.locator(".history")).to_contain_text("Dit past bij wat je vertelde")
        page.get_by_role("button", name="Maak ongedaan").click()
        expect(page.get_by_role("status")).to_contain_text("teruggedraaid")


def test_propose_with_the_keyboard_alone(visitor):
    with visitor.page() as page:
        page.goto("/people/s28/matches")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Naar de inhoud")
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name=re.compile("Bekijk en stel voor")).first
        for _ in range(60):
            page.keyboard.press("Tab")
            if link.evaluate("one => one === document.activeElement"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/places/**")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.locator("#note").evaluate("one => one === document.activeElement"):
                break
        page.keyboard.type("Samen bekeken.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("voorgesteld")


def test_the_cursor_stays_where_somebody_types(visitor):
    with visitor.page() as page:
        page.goto("/people/new")
        page.fill("#new_learning", "Ik wil leren lassen.")
        page.press("#new_learning", "Enter")
        expect(page.locator(".kind--learning .said li")).to_have_count(1)
        expect(page.locator("#new_learning")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_entry_check_answers_in_place_and_nothing_is_kept(visitor, scripts):
    with visitor.page(scripts=scripts) as page:
        page.goto("/people/new")
        page.fill("#new_ability", "Ik heb een burn-out gehad.")
        page.press("#new_ability", "Enter")
        expect(page.locator(".said__concern")).to_contain_text("burn-out")
        page.click("button[name=save]")
        expect(page.locator(".utrecht-alert--error")).to_be_visible()
        page.get_by_role("button", name=re.compile("Haal weg")).click()
        expect(page.locator(".said li")).to_have_count(0)


def test_search_and_filter_the_caseload(visitor):
    with visitor.page() as page:
        page.goto("/people")
        page.fill("#q", "schoonmoeder")
        expect(page.locator(".person-row")).to_have_count(1)
        expect(page.locator(".person-row__name")).to_have_text("Amina Haddad")
        page.fill("#q", "bestaat vast niet")
        expect(page.locator(".empty")).to_be_visible()


def test_what_if_and_why_not(visitor):
    with visitor.page() as page:
        page.goto("/people/s02/matches")
        page.get_by_text("Wat als …").click()
        page.get_by_label("Nederlands een stap verder").check()
        expect(page.locator("#effect .effect__sum")).not_to_be_empty()
        page.get_by_text("Waarom niet …").click()
        page.fill("#named-q", "Helpende zorg")
        page.locator("#named").get_by_role("link", name=re.compile("Helpende")).click()
        expect(page.locator("#practical")).to_have_text("Wat praktisch eerst nodig is")
        expect(page.locator(".facts--all")).to_contain_text("VOG")


def test_two_editors_get_a_choice(visitor):
    with visitor.page() as mine, visitor.page() as theirs:
        for page in (mine, theirs):
            page.goto("/people/s05/edit")
        theirs.fill("#max_travel_km", "17")
        theirs.click("button[name=save]")
        expect(theirs.locator(".utrecht-alert--ok")).to_be_visible()
        mine.fill("#contact", "belt liefst in de ochtend")
        mine.click("button[name=save]")
        expect(mine.locator(".compare")).to_contain_text("17")
        expect(mine.locator("#contact")).to_have_value("belt liefst in de ochtend")
        mine.click("button[name=save]")
        mine.wait_for_url("**/people/s05?saved=yes")
        expect(mine.locator("body")).to_contain_text("belt liefst in de ochtend")


def test_a_session_that_is_over_loses_no_text(visitor):
    with visitor.page() as page:
        page.goto("/people/new")
        page.fill("#new_ability", "Ik kan goed met paarden.")
        page.fill("#name", "Bijna kwijt")
        page.context.clear_cookies()
        page.click("button[name=save]")
        page.fill("#email", "klantmanager@demo.example")
        page.fill("#password", "welkom-bij-passend")
        page.get_by_role("button", name="Inloggen").click()
        page.get_by_role("button", name="Ga verder met wat ik typte").click()
        expect(page.locator("h1")).to_have_text("Wat past bij Bijna kwijt")


def test_a_resident_answers_and_corrects(visitor):
    with visitor.page() as page:
        page.goto("/people/s01/matches")
        page.get_by_role("link", name=re.compile("Bekijk en stel voor")).first.click()
        page.get_by_role("button", name="Stel voor").click()
    with visitor.page("inwoner", size="phone", scripts=False) as page:
        page.goto("/my-page")
        page.get_by_role("button", name=re.compile("Ja, dit wil ik")).first.click()
        expect(page.get_by_role("status")).to_contain_text("Dank je wel")
        page.locator("#add-learning").fill("Ik wil leren lassen.")
        page.locator("#add-learning").press("Enter")
        expect(page.locator("#told").locator("xpath=..")).to_contain_text("Ik wil leren lassen.")


def test_an_account_manager_sees_who_fits_by_code(visitor):
    with visitor.page("accountmanager") as page:
        page.goto("/places")
        page.fill("#q", "Fietstechnicus")
        expect(page.locator(".person-row")).to_have_count(1)
        page.get_by_role("link", name=re.compile("Wie past")).click()
        expect(page.locator(".card").filter(has_text="s01")).to_contain_text("fietsen")
        expect(page.locator("body")).not_to_contain_text("Wielaard")


def test_an_auditor_does_a_run_again(visitor):
    with visitor.page() as page:
        page.goto("/people/s03/matches")
    with visitor.page("auditor") as page:
        page.goto("/receipts")
        expect(page.get_by_role("status")).to_contain_text("De keten klopt")
        page.locator("tbody a").first.click()
        page.get_by_role("button", name="Doe deze zoekvraag opnieuw").click()
        expect(page.get_by_role("status")).to_contain_text("precies gelijk")


def test_another_role_gets_a_page_that_says_so(visitor):
    with visitor.page("inwoner") as page:
        answer = page.goto("/people")
        assert answer.status == 403
        expect(page.locator("h1")).to_have_text("Deze pagina is voor iemand anders")
        assert page.goto("/bestaat-niet").status == 404
        expect(page.locator("h1")).to_have_text("Deze pagina is er niet")
