"""The main path of account manager, employer, administrator and auditor, as they walk it, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

EMPLOYER = "Rijwielhuis De Gouden Ketting"
BOTH = pytest.mark.parametrize(("scripts", "size"), [(True, "laptop"), (False, "phone")])
VACANCY = """{title} 16-32 uur

In onze werkplaats in Doetinchem staan elke dag fietsen te wachten.

Wat ga je doen?
- Je repareert fietsen: banden, remmen en verlichting.
- Je legt klanten rustig uit wat er kapot is.

Wie ben jij?
- Je kunt een fiets repareren.
- Je hebt rijbewijs B.
- VCA is een pré
"""
PEOPLE = """Klantnummer;Achternaam;Wat iemand kan;Woonplaats;Iets anders
b-1;Janssen;Ik bak al jaren brood;Doetinchem;Ik wil leren lassen
b-2;Pietersen;Ik heb een burn-out gehad;Doetinchem;
"""


def place_vacancy(page: Page, title: str) -> None:
    page.goto("/places/new")
    page.fill("#text", VACANCY.format(title=title))
    page.get_by_role("button", name="Lees de tekst").click()
    expect(page.locator("#title")).to_have_value(title)
    expect(page.locator("#tasks")).to_have_value(re.compile("Je repareert fietsen"))
    expect(page.locator("#licences")).to_have_value(re.compile("B"))
    page.fill("#licences", "")
    page.select_option("#how-1", "learnable")
    page.select_option("#employer", label=EMPLOYER)
    page.get_by_role("button", name="Zet open").click()
    expect(page.get_by_role("status")).to_have_text("De plek staat open.")


def take_step(page: Page, action: str, state: str) -> None:
    """A step on the page of a proposal; its button comes into view when its line is opened."""
    line = page.locator("details").filter(has_text=re.compile(f"Bevestig: {action}"))
    line.locator("summary").click()
    line.get_by_role("button", name=re.compile("Bevestig")).click()
    expect(page.get_by_role("status")).to_contain_text(state)


@BOTH
def test_from_a_pasted_vacancy_to_the_answer_of_the_employer(visitor, scripts, size):
    title = f"Fietsenmaker {size}"
    options = {"scripts": scripts, "size": size}
    with visitor.page("accountmanager", **options) as page:
        place_vacancy(page, title)
        place = page.url.partition("?")[0]
        card = page.locator(".card").filter(has_text="s01")
        expect(card).to_contain_text("fietsen")
        expect(card).to_contain_text("bel Kim Klantmanager")
        card.get_by_role("button", name=re.compile("Stel voor aan de klantmanager")).click()
        expect(page.get_by_role("status")).to_contain_text("De klantmanager ziet dit idee")
    with visitor.page("klantmanager", **options) as page:
        page.goto("/proposals")
        expect(page.locator("tr").filter(has_text=title)).to_contain_text("Wielaard")
        page.get_by_role("link", name=title).click()
        take_step(page, "stel voor aan de inwoner", "voorgesteld aan de inwoner")
    with visitor.page("inwoner", **options) as page:
        page.goto("/my-page")
        page.locator(".ask").filter(has_text=title).get_by_role("button", name=re.compile("Ja, dit wil ik")).click()
        expect(page.get_by_role("status")).to_contain_text("Dank je wel")
    with visitor.page("accountmanager", **options) as page:
        page.goto("/pipeline")
        page.locator(".board__column").filter(has_text="Klaar om voor te stellen").get_by_role("link", name=title).click()
        take_step(page, "stel voor aan de werkgever", "voorgesteld aan de werkgever")
    with visitor.page("werkgever", **options) as page:
        page.goto("/introductions")
        page.locator(".person-row").filter(has_text=title).get_by_role("link", name="s01").first.click()
        expect(page.locator(".quotes")).to_contain_text("Fietsen maken")
        page.get_by_text("We kiezen iets anders").click()
        page.get_by_label("de plek is al bezet").check()
        page.get_by_role("button", name="Verstuur").click()
        expect(page.get_by_role("status")).to_contain_text("Je antwoord is bewaard")
        page.get_by_role("button", name="Maak ongedaan").click()
        page.get_by_role("button", name="We hebben kennisgemaakt").click()
        expect(page.locator(".history")).to_contain_text("Kennisgemaakt")
    with visitor.page("accountmanager", **options) as page:
        page.goto("/pipeline?view=list")
        expect(page.locator("tr").filter(has_text=title)).to_contain_text("kennisgemaakt")
        page.goto(place)
        page.get_by_role("button", name="Sluit").click()
        expect(page.get_by_role("status")).to_contain_text("gesloten")


def test_a_name_is_there_as_long_as_the_person_agrees(visitor):
    with visitor.page("werkgever") as page:
        page.goto("/introductions")
        page.get_by_role("link", name="s01").first.click()
        expect(page.locator("h1")).to_contain_text("Wielaard")
        introduction = page.url
    with visitor.page("inwoner") as page:
        page.goto("/my-page")
        page.get_by_role("button", name=re.compile("naam", re.IGNORECASE)).first.click()
    with visitor.page("werkgever") as page:
        page.goto(introduction)
        expect(page.locator("h1")).to_have_text("s01")
        expect(page.locator("body")).not_to_contain_text("Wielaard")


def test_a_name_that_is_hidden_before_an_introduction_holds_it_until_it_is_shown_again(visitor):
    with visitor.page() as page:
        page.goto("/people/s01/places/o019")
        page.get_by_role("button", name="Stel voor", exact=True).click()
        proposal, title = page.url.partition("?")[0], page.locator("h1").inner_text()
        page.locator("summary", has_text="Trek het voorstel terug").click()
        withdraw = page.locator("details[open]")
        expect(withdraw.get_by_role("radio", checked=True)).to_have_count(0)
        withdraw.get_by_role("button").click()
        expect(page.locator(".history li")).to_have_count(1)
    with visitor.page("inwoner") as resident, visitor.page() as page:
        resident.goto("/my-page")
        asked = resident.locator(".ask", has=resident.get_by_role("heading", name=title))
        asked.get_by_role("button", name=re.compile("Ja, dit wil ik")).click()
        mine = resident.locator("#answers").locator("xpath=..").locator("li").filter(has_text=title).first
        mine.get_by_role("button", name=re.compile("naam niet meer")).click()
        page.goto(proposal)
        expect(page.locator(".history")).to_contain_text("Naam verborgen")
        expect(page.locator("#next").locator("xpath=..")).to_contain_text("De inwoner laat de naam nu niet zien")
        expect(page.get_by_text("Stel voor aan de werkgever")).to_have_count(0)
        mine.get_by_role("button", name=re.compile("naam weer zien")).click()
        expect(resident.get_by_role("status")).to_contain_text("Bewaard")
        page.reload()
        expect(page.locator(".history li").last).to_contain_text("Naam weer te zien")
        take_step(page, "stel voor aan de werkgever", "voorgesteld aan de werkgever")


@BOTH
def test_an_employer_leaves_a_vacancy_that_an_account_manager_opens(visitor, scripts, size):
    title = f"Verkoper {size}"
    with visitor.page("werkgever", scripts=scripts, size=size) as page:
        page.goto("/own-places")
        expect(page.locator(".person-row").filter(has_text="Fietstechnicus")).to_contain_text("via je accountmanager")
        page.get_by_role("link", name="Nieuwe plek").click()
        page.get_by_role("button", name="Verstuur naar mijn accountmanager").click()
        expect(page.locator("#title-problem")).to_have_text("Geef de plek een naam.")
        page.fill("#title", title)
        page.fill("#tasks", "Je helpt klanten in de winkel.\nJe houdt de winkel netjes.")
        page.fill("#place", "Doetinchem")
        page.get_by_role("button", name="Verstuur naar mijn accountmanager").click()
        expect(page.locator(".person-row").filter(has_text=title)).to_contain_text("concept")
    with visitor.page("accountmanager", scripts=scripts, size=size) as page:
        page.goto("/places")
        page.locator("#drafts").locator("xpath=..").get_by_role("link", name=title).click()
        page.get_by_role("button", name="Zet open").click()
        expect(page.get_by_role("status")).to_have_text("De plek staat open.")


def test_two_who_change_a_place_get_a_choice(visitor):
    with visitor.page("accountmanager") as mine, visitor.page("accountmanager") as theirs:
        for page in (mine, theirs):
            page.goto("/places/o019/edit")
        theirs.fill("#positions", "3")
        theirs.get_by_role("button", name="Bewaar").click()
        mine.fill("#offers", "Een rustige ploeg.")
        mine.get_by_role("button", name="Bewaar").click()
        expect(mine.locator(".compare")).to_contain_text("Een rustige ploeg.")
        mine.get_by_role("button", name="Bewaar wat ik typte").click()
        expect(mine.get_by_role("status")).to_have_text("Bewaard.")


def test_what_would_open_a_place_to_more_people(visitor):
    with visitor.page("accountmanager") as page:
        page.goto("/places/o002/edit")
        page.fill("#licences", "CE")
        page.get_by_role("button", name="Bewaar").click()
        page.get_by_text("Bij wie?").first.click()
        expect(page.locator(".cuts .cut__more").first).to_have_text(re.compile(r"\+\d"))
        expect(page.locator(".cuts .chip").first).to_be_visible()


@BOTH
def test_an_employer_is_added_and_changed(visitor, scripts, size):
    name = f"Bakkerij {size}"
    with visitor.page("accountmanager", scripts=scripts, size=size) as page:
        page.goto("/employers/new")
        page.fill("#name", name)
        page.locator("[name=person_name]").first.fill("Hennie Bakker")
        page.locator("[name=person_phone]").first.fill("bel maar")
        page.fill("#agreements-text", "Eerst een dag meelopen.")
        page.get_by_role("button", name="Bewaar").click()
        expect(page.get_by_role("alert")).to_contain_text("telefoonnummer met cijfers")
        page.locator("[name=person_phone]").first.fill("0314 123 456")
        page.get_by_label("een maatje").check()
        page.get_by_role("button", name="Bewaar").click()
        expect(page.locator("h1")).to_have_text(name)
        for kept in ("Hennie Bakker", "Eerst een dag meelopen.", "een maatje"):
            expect(page.locator("main")).to_contain_text(kept)


@BOTH
def test_users_are_added_blocked_and_let_in(visitor, scripts, size):
    with visitor.page("beheerder", scripts=scripts, size=size) as page:
        page.goto("/users")
        page.fill("#name", f"Nieuwe {size}")
        page.fill("#email", f"nieuwe-{size}@demo.example")
        page.fill("#password", "een-lang-wachtwoord")
        page.get_by_role("button", name="Voeg toe").click()
        expect(page.get_by_role("alert")).to_have_text("Kies minstens één rol.")
        page.get_by_label("auditor").check()
        page.fill("#password", "een-lang-wachtwoord")
        page.get_by_role("button", name="Voeg toe").click()
        page.get_by_role("link", name=f"Nieuwe {size}").click()
        page.get_by_role("button", name="Blokkeer").click()
        expect(page.get_by_role("status")).to_contain_text("Geblokkeerd")
        page.get_by_role("button", name="Laat weer toe").click()
        expect(page.get_by_role("status")).to_contain_text("kan weer inloggen")


def test_an_administrator_keeps_their_own_role(visitor):
    with visitor.page("beheerder") as page:
        page.goto("/users")
        page.get_by_role("link", name="Bo Beheerder").click()
        page.get_by_label("beheerder").uncheck()
        page.get_by_label("auditor").check()
        page.get_by_role("button", name="Bewaar").click()
        expect(page.get_by_role("alert")).to_contain_text("je eigen rol van beheerder")


def test_how_long_things_are_kept(visitor):
    with visitor.page("beheerder", scripts=False) as page:
        page.goto("/keeping")
        page.fill("#m-statement_history", "9")
        page.get_by_role("button", name="Bewaar Eerdere zinnen").click()
        expect(page.get_by_role("status")).to_contain_text("Eerdere zinnen")
        expect(page.locator("#m-statement_history")).to_have_value("9")
    with visitor.page("auditor") as page:
        page.goto("/keeping")
        expect(page.locator(".periods")).to_contain_text("9 maanden")
        page.locator("summary").filter(has_text="Gezondheid").click()
        expect(page.locator(".words").first).to_contain_text("burn out")


@BOTH
def test_a_table_is_taken_over_after_a_look_at_its_columns(visitor, scripts, size):
    with visitor.page("beheerder", scripts=scripts, size=size) as page:
        page.goto("/imports")
        table = PEOPLE.replace("b-", f"b-{size}-").replace("Iets anders", f"Iets anders {size}")
        page.set_input_files("#file", {"name": "mensen.csv", "mimeType": "text/csv", "buffer": table.encode()})
        page.get_by_role("button", name="Lees het bestand").click()
        expect(page.locator("tr").filter(has_text="Achternaam")).to_contain_text("wordt nooit overgenomen")
        page.get_by_label(re.compile(f"kolom Iets anders {size}")).select_option("learning")
        page.get_by_role("button", name="Neem 2 rijen over").click()
        for _ in range(20):
            if page.get_by_text("klaar", exact=True).is_visible():
                break
            page.wait_for_timeout(500)
            if not scripts:
                page.reload()
        expect(page.locator(".figures")).to_contain_text("niet overgenomen")
        expect(page.locator("table")).to_contain_text("burn-out")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download deze rijen").click()
        assert "Ik heb een burn-out gehad" in download.value.path().read_text(encoding="utf-8-sig")


def test_insights_with_the_table_behind_and_as_a_file(visitor):
    with visitor.page("auditor", scripts=False) as page:
        page.goto("/insights")
        page.get_by_text(re.compile("De tabel erachter.*Wie al een plek")).click()
        expect(page.get_by_role("cell", name="Samen").or_(page.get_by_role("rowheader", name="Samen")).first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download als CSV").click()
        assert download.value.path().read_text().startswith("organisation,quarter,measure,group,value")


def test_who_is_seen(visitor):
    with visitor.page("auditor") as page:
        page.goto("/exposure")
        page.get_by_role("button", name=re.compile("Tel.*plekken van nu")).click()
        expect(page.locator(".figures")).to_contain_text("mensen")
        expect(page.locator(".cards")).to_contain_text("Nederlands spreken")


def test_an_auditor_sees_who_decided_and_does_the_run_again(visitor):
    with visitor.page() as page:
        page.goto("/people/s06/matches")
        page.get_by_role("link", name=re.compile("Bekijk en stel voor")).first.click()
        page.get_by_role("button", name="Stel voor").click()
    with visitor.page("auditor", size="phone", scripts=False) as page:
        page.goto("/receipts?subject=s06")
        page.locator("tbody a").first.click()
        expect(page.locator("#made").locator("xpath=..")).to_contain_text(
            re.compile(r"Nederlandse tijd.*20\d\d, \d\d:\d\d", re.DOTALL)
        )
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("#result + .scroll tbody th").first.bounding_box()["width"] > 150
        decided = page.locator("#decided").locator("xpath=..")
        expect(decided).to_contain_text("Kim Klantmanager")
        page.get_by_role("button", name="Doe deze zoekvraag opnieuw").click()
        expect(page.get_by_role("status")).to_contain_text("precies gelijk")
        expect(decided).to_contain_text("voorgesteld aan de inwoner")
