import re
from pathlib import Path

from catalog_core.entities.query import parse_filter
from catalog_core.entities.query.parser import MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH, MAX_LIST
from catalog_core.entities.query.patterns import MAX_WILDCARDS

PAGE = Path(__file__).parents[4] / "docs" / "query-language.md"


def test_every_example_of_the_reference_is_a_filter():
    examples = [
        line
        for block in re.findall(r"```filter\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
        for line in block.splitlines()
    ]
    assert len(examples) > 10
    for example in examples:
        assert parse_filter(example) is not None


def test_reference_tells_the_limits_in_force():
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"at most {MAX_BYTES // 1024} KiB (UTF-8), {MAX_CONDITIONS} conditions and {MAX_DEPTH} levels" in page
    assert f"at most {MAX_LIST} values" in page
    assert f"at most {MAX_WILDCARDS} `%`" in page
