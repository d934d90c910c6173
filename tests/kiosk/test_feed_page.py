"""The feed's contract and its page: documents that cannot drift, words in both languages, colours that can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from kiosk import facts as f
from kiosk.feed import FAMILIES, PAGE, told, words
from kiosk.journal import Entry
from kiosk.report import EVENTS, Gap, Report
from kiosk.services.maintenance.readings import WORDS as READINGS
from tests.kiosk import feed_docs

# The contract


def test_the_documents_are_those_of_the_models() -> None:
    kept = {
        path.relative_to(feed_docs.FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in feed_docs.FOLDER.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert kept == feed_docs.documents(), "run python -m tests.kiosk.feed_docs"


def test_every_example_fits_its_model() -> None:
    models: Mapping[str, Any] = {kind.__name__: model for kind, model in EVENTS.items()} | {
        "status": Report,
        "Gap": Gap,
    }
    examples = {path.stem: path for path in (feed_docs.FOLDER / "examples").glob("*.json")}
    assert examples.keys() == models.keys()
    for name, path in examples.items():
        text = path.read_text(encoding="utf-8")
        assert json.loads(models[name].model_validate_json(text).model_dump_json()) == json.loads(text)


def test_a_fact_of_the_visit_itself_is_never_told() -> None:
    entry = Entry(1, "aa", "v", feed_docs.NOW, "Paid", f.Paid("k", 1), bytes(32))
    assert told("K-0001", entry) is None
    assert set(f.FACTS) - set(EVENTS) >= {f.Paid, f.NumberIssued, f.Weighed, f.Measured}


# The page


def test_the_page_needs_nothing_from_elsewhere_and_no_inline_code() -> None:
    for path in PAGE.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//[a-z]+\.|@import|url\(", text), path.name
    page = (PAGE / "status.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*(src=\"/|type=\"application/json\"))", page) == []
    assert re.findall(r"\son[a-z]+=|style=|javascript:", page) == []
    script = (PAGE / "page.js").read_text(encoding="utf-8")
    assert re.findall(r"innerHTML\s*=[^=]|outerHTML|insertAdjacentHTML|eval|document\.write", script) == []


def test_what_the_script_fills_is_on_the_page() -> None:
    page = (PAGE / "status.html").read_text(encoding="utf-8")
    script = (PAGE / "page.js").read_text(encoding="utf-8")
    ids = set(re.findall(r'\bid="([a-z-]+)"', page))
    used = set(re.findall(r'\b(?:at|put)\("([a-z-]+)"', script))
    assert used
    assert used - ids == set()


def test_every_word_of_the_page_is_served_in_both_languages() -> None:
    served = json.loads(words())
    assert served["ko"].keys() == served["en"].keys()
    assert "<" not in words()
    page = (PAGE / "status.html").read_text(encoding="utf-8") + (PAGE / "page.js").read_text(encoding="utf-8")
    said = set(re.findall(r'data-say="([^"]+)"', page)) | set(re.findall(r'["`]([a-z]+\.[a-z_.]+[a-z])["`]', page))
    said -= {name for name in said if name.endswith((".json", ".html"))}
    assert {id for id in said if id not in served["ko"]} == set()
    wanted = {f"device.{name}" for name in feed_docs.devices()} | {f"status.call.{s}" for s in ("unknown", "closed")}
    wanted |= {f"status.event.{kind.__name__}" for kind in EVENTS if kind is not f.DeviceChanged}
    wanted |= {
        f"status.{ending}.{unit}" for ending in ("ago", "for", "up") for unit in ("second", "minute", "hour", "day")
    }
    wanted |= {f"reading.{name}" for name in READINGS}
    wanted |= {f"reading.{name}.{word}" for name, words in READINGS.items() for word in words}
    assert {id for id in wanted if id not in served["ko"]} == set()
    assert all(any(id.startswith(family) for id in served["ko"]) for family in FAMILIES)


def colours(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", text))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_light_and_dark_can_be_read() -> None:
    light, dark = (PAGE / "page.css").read_text(encoding="utf-8").split("prefers-color-scheme: dark", 1)
    for known in (colours(light), colours(light) | colours(dark)):
        for ground in ("wall", "sheet", "counter", "ok-tint", "warn-tint", "fault-tint", "gone-tint"):
            assert contrast(known["ink"], known[ground]) >= 7
            assert contrast(known["focus"], known[ground]) >= 3
        for ground in ("wall", "sheet", "counter"):
            assert contrast(known["soft"], known[ground]) >= 4.5
            assert contrast(known["line"], known[ground]) >= 3
        for level in ("ok", "warn", "fault", "gone"):
            assert contrast(known[level], known[f"{level}-tint"]) >= 4.5
            assert contrast(known[level], known["sheet"]) >= 4.5
            assert contrast(known[f"bar-{level}"], known["bar"]) >= 4.5
