import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_core.sources.configuration import check_properties, is_secret_ref, parse_duration
from catalog_core.sources.providers.base import Property


def declared(name, type, **options):
    return Property(name=name, type=type, description="For the tests.", **options)


DECLARED = (
    declared("url", "url", required=True, aliases=("address",)),
    declared("branch", "string", default="main"),
    declared("token", "string", secret=True),
    declared("depth", "integer"),
    declared("shallow", "boolean", default=True),
    declared("syncInterval", "duration"),
    declared("path", "path"),
    declared("glob", "glob"),
    declared("tags", "string-list"),
    declared("headers", "string-map"),
)
URL = {"url": "https://x.example/a"}


def test_right_properties_pass_and_defaults_are_filled_in():
    given_properties = {**URL, "depth": 3, "syncInterval": "1h30m", "tags": ["a"], "headers": {"X": "y"}, "path": "./p"}
    cleaned, problems = check_properties(given_properties, DECLARED)
    assert problems == []
    assert cleaned == {**given_properties, "branch": "main", "shallow": True}


def test_alias_is_renamed():
    assert check_properties({"address": "http://x"}, DECLARED)[0]["url"] == "http://x"


def test_property_and_its_alias_together_are_a_warning_and_the_property_counts():
    cleaned, (problem,) = check_properties({"address": "http://a", **URL}, DECLARED)
    assert cleaned["url"] == URL["url"]
    assert (problem.rule, problem.severity) == ("duplicate-property", "warning")


def test_null_is_as_good_as_absent():
    cleaned, problems = check_properties({**URL, "branch": None, "depth": None}, DECLARED)
    assert problems == []
    assert cleaned["branch"] == "main"
    assert "depth" not in cleaned


def test_unknown_property_gets_a_suggestion():
    _, (problem,) = check_properties({**URL, "barnch": "x"}, DECLARED)
    assert (problem.rule, problem.hint) == ("unknown-property", 'Did you mean "branch"?')


@pytest.mark.parametrize("properties", [{}, {"url": None}])
def test_missing_property_is_named(properties):
    _, (problem,) = check_properties(properties, DECLARED, path="catalogs.m.sources[0]")
    assert problem.rule == "missing-property"
    assert '"url"' in problem.message
    assert problem.path == "catalogs.m.sources[0].properties"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", ""),
        ("url", "x"),
        ("url", "ftp://x"),
        ("url", "https://me:hidden@example.org/a.yaml"),
        ("url", "https://hidden@example.org/a.yaml"),
        ("url", "ssh://git@x/y"),
        ("url", "git@x:y"),
        ("url", "http://"),
        ("url", "http://[::1"),
        ("url", "http://x:port"),
        ("url", 3),
        ("branch", 1.1),
        ("branch", True),
        ("branch", ["x"]),
        ("token", {"name": "a"}),
        ("token", {"env": "1X"}),
        ("token", {"env": "A", "file": "B"}),
        ("depth", "3"),
        ("depth", True),
        ("depth", 1.5),
        ("shallow", "true"),
        ("shallow", 1),
        ("syncInterval", "0s"),
        ("syncInterval", "-1h"),
        ("syncInterval", "soon"),
        ("syncInterval", 3600),
        ("path", " "),
        ("glob", ""),
        ("tags", "a"),
        ("tags", [1]),
        ("headers", {"X": 1}),
        ("headers", ["X"]),
    ],
)
def test_wrong_value_is_named_with_its_place(name, value):
    cleaned, problems = check_properties(
        {**URL, name: value}, DECLARED, file="s.yaml", line=3, path="catalogs.m.sources[0]", positions={name: (7, 9)}
    )
    (problem,) = problems
    assert (problem.rule, problem.file, problem.line, problem.column) == ("wrong-value", "s.yaml", 7, 9)
    assert problem.path == f"catalogs.m.sources[0].properties.{name}"
    assert problem.severity == "error"
    assert name not in cleaned


def test_problem_without_known_position_is_at_the_line_of_the_source():
    _, (problem,) = check_properties({**URL, "depth": "x"}, DECLARED, line=3)
    assert (problem.line, problem.column, problem.path) == (3, None, "properties.depth")


@pytest.mark.parametrize("name", ["url", "branch", "token", "syncInterval", "path", "glob"])
@pytest.mark.parametrize("reference", [{"env": "NAME"}, {"file": "secrets/x"}, {"name": "n", "key": "k"}])
def test_secret_may_be_named_wherever_text_may_stand(name, reference):
    cleaned, problems = check_properties({**URL, name: reference}, DECLARED)
    assert problems == []
    assert cleaned[name] == reference


def test_secret_may_be_named_in_a_mapping_of_texts():
    headers = {"Authorization": {"env": "TOKEN"}}
    assert check_properties({**URL, "headers": headers}, DECLARED)[0]["headers"] == headers


@pytest.mark.parametrize("value", ["https://x/y", "http://[::1]:8080/", "HTTPS://X"])
def test_addresses_of_the_usual_schemes_pass(value):
    assert check_properties({"url": value}, DECLARED)[1] == []


def test_addresses_begin_as_the_provider_declares():
    places = (declared("url", "url", schemes=("https", "file")),)
    assert check_properties({"url": "file:///srv/repository"}, places)[1] == []
    (problem,) = check_properties({"url": "http://x/y"}, places)[1]
    assert problem.message.endswith("begins with https:// or file://.")


def test_words_for_true_and_false_become_booleans():
    assert check_properties({**URL, "shallow": "no"}, DECLARED)[0]["shallow"] is False
    assert check_properties({**URL, "shallow": "Yes"}, DECLARED)[0]["shallow"] is True


def test_values_never_appear_in_messages():
    secret = "s3cr3t-value"
    for name in (one.name for one in DECLARED):
        for value in (f"ftp://{secret}", {"x": secret, "y": secret}, [{"x": secret}]):
            assert secret not in " ".join(str(problem) for problem in check_properties({name: value}, DECLARED)[1])


@pytest.mark.parametrize(
    ("value", "is_reference"),
    [
        ({"name": "n", "key": "k"}, True),
        ({"name": "n", "key": "k", "namespace": "s", "more": 1}, True),
        ({"name": "n", "key": "k", "namespace": 3}, False),
        ({"name": "", "key": "k"}, False),
        ({"env": "A_1"}, True),
        ({"env": ""}, False),
        ({"file": "x"}, True),
        ({"file": " "}, False),
        ({}, False),
        ("text", False),
        (None, False),
    ],
)
def test_references_to_secrets_are_recognised(value, is_reference):
    assert is_secret_ref(value) is is_reference


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("250ms", 0.25),
        (".5s", 0.5),
        ("1.s", 1),
        ("2h45m30.5s", 9930.5),
        ("10us", 1e-5),
        ("10µs", 1e-5),
        ("5ns", 5e-9),
        ("24h", 86400),
    ],
)
def test_durations(text, seconds):
    assert math.isclose(parse_duration(text), seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0s",
        "-1h",
        "+1h",
        "1",
        "1d",
        "h",
        "1h 30m",
        " 1h",
        "1h\n",
        "1,5h",
        "1e3s",
        "٣s",
        "9" * 50 + "h",
        "1h" * 90,
    ],
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="uration"):
        parse_duration(text)


@given(st.text(max_size=20) | st.from_regex(r"([0-9.]{1,4}(h|m|s|ms|us|ns)){1,4}", fullmatch=True))
@settings(deadline=None)
def test_any_text_is_a_positive_duration_or_none(text):
    try:
        seconds = parse_duration(text)
    except ValueError:
        return
    assert 0 < seconds < math.inf


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([one.name for one in DECLARED]), json_values, max_size=4))
@settings(deadline=None)
def test_any_properties_are_checked(properties):
    cleaned, problems = check_properties(properties, DECLARED)
    assert set(cleaned) <= {one.name for one in DECLARED}
    assert all(problem.message for problem in problems)
