"""The drawing of the architecture: it is that of today's imports, and can be read."""

from __future__ import annotations

from graphlib import CycleError
from pathlib import Path
from xml.etree import ElementTree

import architecture
import pytest
from architecture import PROJECT

SVG = "{http://www.w3.org/2000/svg}"


def package(folder: Path, **texts: str) -> Path:
    """Write a package named `sitegen`: `a__b` is the module b in the package a."""
    for name, text in {"__init__": '__version__ = "1"', **texts}.items():
        path = folder / "sitegen" / f"{name if name[0] == '_' else name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / "sitegen"


@pytest.mark.slow
def test_the_committed_drawing_is_that_of_the_imports() -> None:
    drawn = architecture.of_package(PROJECT / "sitegen")
    committed = architecture.DRAWING.read_text("utf-8")
    assert committed == drawn, "draw it again: python -m tests.architecture"


def test_every_box_has_a_caption_that_fits() -> None:
    root = ElementTree.parse(architecture.DRAWING).getroot()
    boxes = {text.text for text in root.iter(f"{SVG}text") if text.get("class") == "name"}
    assert boxes <= architecture.CAPTIONS.keys()
    assert all(0 < len(caption) <= 29 for caption in architecture.CAPTIONS.values())


def test_a_module_that_imports_a_package_is_drawn_like_one(tmp_path: Path) -> None:
    texts = {"a__x": "", "b": "import sitegen.c", "c": "", "d": "import sitegen.a.x"}
    folder = package(tmp_path, **texts, e="import sitegen.d")
    assert architecture.shared_modules(architecture.imports(folder), folder) == {"b", "c"}


def test_no_box_covers_another_and_all_are_within_the_drawing() -> None:
    root = ElementTree.parse(architecture.DRAWING).getroot()
    boxes = [
        tuple(int(rect.get(key, "")) for key in ("x", "y", "width", "height"))
        for rect in root.iter(f"{SVG}rect")
    ]
    for n, (x, y, width, height) in enumerate(boxes):
        assert x >= 0
        assert x + width <= int(root.get("width", ""))
        assert y >= 0
        assert y + height <= int(root.get("height", ""))
        for other_x, other_y, other_width, other_height in boxes[:n]:
            apart_x = x + width < other_x or other_x + other_width < x
            assert apart_x or y + height < other_y or other_y + other_height < y


def test_imports_are_read_from_functions_too_and_the_version_is_none(tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        __main__="from sitegen.a import x",
        a__x="import sitegen.b.y\nimport os\n",
        b__y="def f():\n    from sitegen import c, __version__\n",
        c="import sitegen\nprint(sitegen.__version__)",
    )
    assert architecture.imports(folder) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_who_uses_a_function_of_the_front_imports_what_that_imports(tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        __init__="from sitegen.a import f",
        a__x="",
        b__y="import sitegen\nsitegen.f()",
        c="from sitegen import f",
    )
    assert architecture.imports(folder) == {"a": set(), "b": {"a"}, "c": {"a"}}


def test_arrows_that_follow_from_others_are_left_out() -> None:
    graph = {"a": {"b", "c", "d"}, "b": {"c"}, "c": {"d"}, "d": set()}
    assert architecture.reduced(graph) == {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": set()}
    with pytest.raises(CycleError):
        architecture.reduced({"a": {"b"}, "b": {"a"}})


def test_a_part_is_right_below_the_lowest_of_its_importers() -> None:
    graph = {"a": {"b", "e"}, "b": {"c"}, "c": set(), "d": {"c"}, "e": set()}
    assert architecture.layers(graph) == {"a": 0, "b": 1, "c": 2, "d": 0, "e": 1}


def test_an_arrow_over_several_rows_passes_between_the_boxes() -> None:
    graph = {"a": {"b", "d"}, "b": {"c"}, "c": {"e"}, "d": {"e"}, "x": {"e"}, "e": set()}
    places = architecture.positions(graph)
    bends = [place for name, place in places.items() if name.startswith("x e ")]
    assert len(bends) == 2
    assert len({*places.values()}) == len(places)
    drawn = architecture.drawing(graph, ["m"])
    assert drawn == architecture.drawing(dict(reversed(graph.items())), ["m"])
    for x, y in bends:
        assert f"{x} {y}V{y + architecture.BOX_HEIGHT}" in drawn
