"""Every page: accessible in both languages and colour schemes, whole on a phone, light, and in pictures."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"

PAGES = {
    "sign-in": (None, "/sign-in"),
    "caseload": ("klantmanager", "/people"),
    "add-a-person": ("klantmanager", "/people/new"),
    "person": ("klantmanager", "/people/s01"),
    "change-a-person": ("klantmanager", "/people/s02/edit"),
    "what-fits": ("klantmanager", "/people/s02/matches"),
    "what-if": ("klantmanager", "/people/s02/what-if?hours=8&dutch=yes"),
    "one-place": ("klantmanager", "/people/s02/places/o019"),
    "proposals": ("klantmanager", "/proposals"),
    "places": ("accountmanager", "/places"),
    "candidates": ("accountmanager", "/places/o002"),
    "my-page": ("inwoner", "/my-page"),
    "receipts": ("auditor", "/receipts"),
    "not-there": ("klantmanager", "/nowhere"),
}
LOOKS = [("nl", "light", "laptop"), ("en", "dark", "phone")]
FIRST_LOAD, LATER_LOAD = 200_000, 40_000


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(visitor, name):
    who, path = PAGES[name]
    for language, scheme, size in LOOKS:
        with visitor.page(who, size=size, language=language, color_scheme=scheme) as page:
            page.goto(path)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
            _keep(page, f"{name}-{size}")


def _keep(page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=ROOT / Path(folder) / f"{name}.png", full_page=True)


def test_high_contrast_and_zoom(visitor):
    with visitor.page(contrast="more", forced_colors="active") as page:
        page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400%
        for path in ("/people", "/people/s02/matches", "/people/new"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_page_is_light(visitor):
    with visitor.page() as page:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        sizes: list[float] = []
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto("/people", wait_until="networkidle")
        assert sum(sizes) < FIRST_LOAD
        sizes.clear()
        page.goto("/people/s02/matches", wait_until="networkidle")
        assert sum(sizes) < LATER_LOAD
