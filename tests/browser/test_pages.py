"""Every page: accessible in both languages, in dark and high contrast, whole on a phone and at 400%, light, in pictures."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"

PAGES = {
    "sign-in": (None, "/sign-in"),
    "enter": (None, "/enter/een-link"),
    "caseload": ("klantmanager", "/people"),
    "add-a-person": ("klantmanager", "/people/new"),
    "person": ("klantmanager", "/people/s01"),
    "change-a-person": ("klantmanager", "/people/s02/edit"),
    "plan": ("klantmanager", "/people/s02/plan"),
    "history": ("klantmanager", "/people/s02/history"),
    "what-fits": ("klantmanager", "/people/s02/matches"),
    "what-if": ("klantmanager", "/people/s02/what-if?hours=yes&dutch=yes&VOG=yes"),
    "why-not": ("klantmanager", "/people/s02/why-not?q=zorg"),
    "compare": ("klantmanager", "/people/s02/compare?place=o019&place=o103"),
    "on-paper": ("klantmanager", "/people/s02/print"),
    "one-place": ("klantmanager", "/people/s02/places/o019"),
    "proposals": ("klantmanager", "/proposals"),
    "places": ("accountmanager", "/places"),
    "candidates": ("accountmanager", "/places/o002"),
    "new-place": ("accountmanager", "/places/new"),
    "change-a-place": ("accountmanager", "/places/o019/edit"),
    "pipeline": ("accountmanager", "/pipeline"),
    "employers": ("accountmanager", "/employers"),
    "add-an-employer": ("accountmanager", "/employers/new"),
    "own-places": ("werkgever", "/own-places"),
    "hand-in-a-place": ("werkgever", "/places/new"),
    "introductions": ("werkgever", "/introductions"),
    "my-page": ("inwoner", "/my-page"),
    "users": ("beheerder", "/users"),
    "sites": ("beheerder", "/sites"),
    "imports": ("beheerder", "/imports"),
    "insights": ("beheerder", "/insights"),
    "keeping": ("beheerder", "/keeping"),
    "exposure": ("auditor", "/exposure?of=now"),
    "receipts": ("auditor", "/receipts"),
    "not-there": ("klantmanager", "/nowhere"),
}
LOOKS = [("nl", "laptop"), ("en", "phone")]
COLOURS = [{"color_scheme": "dark"}, {"color_scheme": "dark", "forced_colors": "active"}, {"contrast": "more"}]
"""Looked at in one language, since words have no colours."""
SHOWN = {
    *(
        f"{name}-laptop"
        for name in ("caseload", "add-a-person", "person", "plan", "what-fits", "what-if", "one-place", "compare")
    ),
    *(f"{name}-laptop" for name in ("on-paper", "candidates", "new-place", "insights", "exposure", "keeping")),
    *(f"{name}-phone" for name in ("what-fits", "my-page")),
}
LONGEST = 1700
FIRST_LOAD, LATER_LOAD = 200_000, 40_000
NARROWEST = {"width": 320, "height": 256}  # 1280 by 1024 at 400%


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(visitor, name):
    who, path = PAGES[name]
    for language, size in LOOKS:
        with visitor.page(who, size=size, language=language) as page:
            page.goto(path)
            _keep(page, f"{name}-{size}")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert _violations(page, {}) == []
            for colours in COLOURS if language == "nl" else []:
                page.emulate_media(**colours)
                assert _violations(page, {"runOnly": ["color-contrast", "link-in-text-block"]}) == [], colours
            assert _sticks_out(page) <= 0
            page.set_viewport_size(NARROWEST)
            assert _sticks_out(page) <= 0


def _violations(page, options) -> list:
    found = page.evaluate("options => axe.run(document, {resultTypes: ['violations'], ...options})", options)
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]]


def _sticks_out(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def _keep(page, name: str) -> None:
    """In few colours and not endlessly long, so that the repository stays small."""
    folder = os.environ.get("SCREENSHOTS")
    if folder and name in SHOWN:
        taken = Image.open(BytesIO(page.screenshot(full_page=True)))
        taken = taken.crop((0, 0, taken.width, min(taken.height, LONGEST)))
        taken.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(ROOT / folder / f"{name}.png", optimize=True)


@pytest.mark.parametrize(
    ("who", "first", "later"),
    [
        ("klantmanager", "/people", ("/people/s02/matches", "/people/s02", "/people/s02/plan", "/people/new", "/proposals")),
        ("accountmanager", "/places", ("/places/o002", "/places/new", "/pipeline", "/employers")),
    ],
)
def test_a_page_is_light(visitor, who, first, later):
    with visitor.page(who) as page:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        sizes: list[float] = []
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(first, wait_until="networkidle")
        assert 0 < sum(sizes) < FIRST_LOAD
        for path in later:
            sizes.clear()
            page.goto(path, wait_until="networkidle")
            assert 0 < sum(sizes) < LATER_LOAD, path
