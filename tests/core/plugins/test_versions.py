"""Semantic versions, their successors, and ranges of them."""

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version as PythonVersion
from semver import Version

from catalog_core.plugins.version_ranges import ANY, VersionRange, at_least, at_most, parse_range
from catalog_core.plugins.versions import next_version, parse_version, version_of_server

numbers = st.integers(0, 4)
labels = st.lists(st.sampled_from(["0", "1", "2", "alpha", "rc", "x-1"]), max_size=3).map(".".join)
versions = st.builds(Version, numbers, numbers, numbers, labels)
releases = st.builds(Version, numbers, numbers, numbers)
partials = st.lists(numbers, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
terms = st.builds("{}{}".format, st.sampled_from(["", "=", ">=", ">", "<", "<=", "^", "~", "!="]), partials)


# --- versions


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "vv1.2.3", "1.2.x", "-1.2.3", "+1.2.3", "01.2.3", "1.2.3-01", "1.2.3 ", "٣.1.1"]
)
def test_what_is_no_semantic_version_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"is not a semantic version: three numbers as in 1\.4\.0"):
        parse_version(text)


def test_an_endless_version_is_refused_and_not_repeated():
    with pytest.raises(ValueError) as caught:
        parse_version("1." + "2" * 10_000 + ".3")
    assert len(str(caught.value)) < 200


def test_a_v_before_the_version_is_read_over():
    assert parse_version("v1.2.3-rc.1+build.5") == parse_version("1.2.3-rc.1")


def test_numbers_of_more_than_three_digits_are_ordered_as_numbers():
    assert parse_version("1.1000.0") < parse_version("2.0.0")
    assert parse_version("1.2.1000") < parse_version("1.3.0")


@pytest.mark.parametrize(
    ("python", "semantic"),
    [
        ("0.9.0", "0.9.0"),
        ("1.2", "1.2.0"),
        ("1.0rc1", "1.0.0-rc.1"),
        ("1.0b2", "1.0.0-beta.2"),
        ("1.0.dev3", "1.0.0-0.dev.3"),
        ("1.0a1.dev2", "1.0.0-alpha.0.dev.2"),
        ("1.0.post2", "1.0.0+post.2"),
        ("1.2.3.4+local.5", "1.2.3+4.local.5"),
    ],
)
def test_versions_of_python_packages_become_semantic_ones(python, semantic):
    assert str(version_of_server(python)) == semantic


def test_a_version_of_neither_form_is_refused():
    with pytest.raises(ValueError, match="neither a semantic version nor the version of a Python package"):
        version_of_server("newest")


python_versions = st.builds(
    "{}.{}{}{}{}".format,
    numbers,
    numbers,
    st.sampled_from(["", "a0", "a1", "b1", "rc0", "rc1", "rc2"]),
    st.sampled_from(["", ".post1"]),
    st.sampled_from(["", ".dev0", ".dev2"]),
)


@given(python_versions, python_versions)
def test_no_server_becomes_newer_than_one_that_is_newer(one, other):
    assume(PythonVersion(one) < PythonVersion(other))
    assert version_of_server(one) <= version_of_server(other)


# --- the next version


@pytest.mark.parametrize(
    ("now", "part", "label", "expected"),
    [
        ("1.2.3", "major", "", "2.0.0"),
        ("1.2.3", "minor", "", "1.3.0"),
        ("1.2.3", "patch", "", "1.2.4"),
        ("v1.2.3+build", "patch", "", "1.2.4"),
        ("2.0.0-rc.1", "major", "", "2.0.0"),
        ("2.1.0-rc.1", "major", "", "3.0.0"),
        ("2.1.0-rc.1", "minor", "", "2.1.0"),
        ("2.1.1-rc.1", "minor", "", "2.2.0"),
        ("2.1.1-rc.1", "patch", "", "2.1.1"),
        ("1.2.3", "minor", "rc", "1.3.0-rc.1"),
        ("1.3.0-rc.9", "minor", "rc", "1.3.0-rc.10"),
        ("1.3.0-alpha.2", "minor", "rc", "1.3.0-rc.1"),
        ("1.3.0-rc.1", "major", "rc", "2.0.0-rc.1"),
    ],
)
def test_the_next_version(now, part, label, expected):
    assert str(next_version(parse_version(now), part, label)) == expected


def test_a_label_that_leads_back_is_refused():
    with pytest.raises(ValueError, match=r"1\.3\.0-alpha\.1 would be older than 1\.3\.0-rc\.1"):
        next_version(parse_version("1.3.0-rc.1"), "minor", "alpha")


@pytest.mark.parametrize("label", ["1", "rc.1", "r c", "é", "+"])
def test_what_is_no_label_is_refused(label):
    with pytest.raises(ValueError, match="is no label of a pre-release"):
        next_version(parse_version("1.0.0"), "minor", label)


@given(versions, st.sampled_from(["major", "minor", "patch"]), st.sampled_from(["", "zz"]))
def test_the_next_version_is_newer(version, part, label):
    assert next_version(version, part, label) > version


# --- ranges


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1.x", ["1.0.0", "1.99.0", "1.5.0-rc.1"], ["0.9.9", "1.0.0-rc.1", "2.0.0-rc.1", "2.0.0"]),
        ("1", ["1.0.0", "1.9.9"], ["2.0.0"]),
        ("v1.2", ["1.2.0", "1.2.9"], ["1.3.0"]),
        ("1.2.3", ["1.2.3", "1.2.3+build"], ["1.2.4", "1.2.3-rc.1"]),
        (">=1.2,<2", ["1.2.0", "1.9.9", "1.10.0-rc.1"], ["1.1.9", "2.0.0", "2.0.0-rc.1"]),
        (">= 1.2 < 2", ["1.2.0"], ["2.0.0"]),
        (">=1.2, <2, !=1.3.1", ["1.3.0", "1.3.2"], ["1.3.1"]),
        ("^1.2", ["1.2.0", "1.9.0"], ["1.1.0", "2.0.0"]),
        ("^0.2.3", ["0.2.3", "0.2.9"], ["0.2.2", "0.3.0"]),
        ("^0.0.3", ["0.0.3"], ["0.0.4"]),
        ("^0.x", ["0.0.0", "0.9.0"], ["1.0.0"]),
        ("~1.2", ["1.2.0", "1.2.9"], ["1.3.0"]),
        ("~1.2.3", ["1.2.3", "1.2.9"], ["1.2.2", "1.3.0"]),
        ("~1", ["1.9.0"], ["2.0.0"]),
        ("~=1.2", ["1.2.0", "1.9.0"], ["2.0.0"]),
        ("~=1.2.3", ["1.2.9"], ["1.3.0"]),
        ("1.2 || 2", ["1.2.5", "2.7.0"], ["1.3.0", "3.0.0"]),
        ("1.2 - 2.3", ["1.2.0", "2.3.9"], ["1.1.9", "2.4.0"]),
        ("==1.2.*", ["1.2.9"], ["1.3.0"]),
        (">1.2", ["1.3.0"], ["1.2.9"]),
        ("<=1.2", ["1.2.9"], ["1.3.0"]),
        ("*", ["0.0.0-0", "9.9.9"], []),
        (">2 <1", [], ["1.5.0"]),
        ("<1.0.0-rc.2", ["1.0.0-rc.1"], ["1.0.0-rc.2"]),
    ],
)
def test_what_lies_in_a_range(text, inside, outside):
    found = parse_range(text)
    assert [version for version in inside if parse_version(version) not in found] == []
    assert [version for version in outside if parse_version(version) in found] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the range is empty"),
        (">>1", '">>1" cannot be understood'),
        ("1.2 ||", '"" cannot be understood'),
        (">=1.2 & <3", '"& <3" cannot be understood'),
        ("1.0rc1", '"1.0rc1" cannot be understood'),
        ("1.2.3.4", "cannot be understood"),
        ("1.x.3", "has a number after an open one"),
        ("01.2", "begins with a zero"),
        ("1.2-rc", "has open numbers, so it has no pre-release"),
        ("1.2.3-01", "not valid SemVer"),
        ("~=1", "needs a version of two numbers"),
        ("1" * 300, "more than 256 characters"),
    ],
)
def test_what_is_no_range_is_refused_with_the_reason(text, message):
    with pytest.raises(ValueError) as caught:
        parse_range(text)
    assert message in str(caught.value)


@given(st.text(alphabet="0123456789.x*<>=~^!|-, vrc+", max_size=20))
def test_any_text_is_a_range_or_a_value_error(text):
    with suppress(ValueError):
        assert isinstance(parse_range(text), VersionRange)


@given(st.lists(terms, min_size=1, max_size=3), st.lists(terms, min_size=1, max_size=3), versions)
def test_alternatives_are_a_union_and_terms_an_intersection(some, others, version):
    one, other = ",".join(some), " ".join(others)
    in_one, in_other = version in parse_range(one), version in parse_range(other)
    assert (version in parse_range(f"{one} || {other}")) == (in_one or in_other)
    assert (version in parse_range(f"{one}, {other}")) == (in_one and in_other)
    assert (version in (parse_range(one) & parse_range(other))) == (in_one and in_other)


@given(versions, releases)
def test_full_versions_are_compared_as_semantic_versioning_says(version, bound):
    assert (version in parse_range(f">={bound}")) == (version >= bound)
    assert (version in parse_range(f"<={bound}")) == (version <= bound)
    assert (version in parse_range(f">{bound}")) == (version > bound)
    assert (version in parse_range(f"={bound}")) == (version == bound)
    assert (version in parse_range(f"!={bound}")) == (version != bound)
    is_pre_release_of_bound = version.finalize_version() == bound
    assert (version in parse_range(f"<{bound}")) == (version < bound and not is_pre_release_of_bound)


@given(releases, st.lists(st.builds("{}{}".format, st.sampled_from([">=", "<", "!=", "=="]), releases), min_size=1))
def test_ranges_of_python_packages_mean_the_same_for_releases(version, specifiers):
    text = ",".join(specifiers)
    assert (version in parse_range(text)) == SpecifierSet(text).contains(str(version))


@given(versions, partials)
def test_bounds_agree_with_comparisons(version, bound):
    assert (version in at_least(bound)) == (version in parse_range(f">={bound}"))
    assert (version in at_most(bound)) == (version in parse_range(f"<={bound}"))


@pytest.mark.parametrize("bound", ["", "1.2.3.4", ">=1", "newest", "1 2", "1" * 300])
def test_what_is_no_bound_is_refused(bound):
    for read in (at_least, at_most):
        with pytest.raises(ValueError, match="neither a version such as"):
            read(bound)


def test_ranges_know_whether_they_have_ends():
    assert (ANY.has_lower_bound, ANY.has_upper_bound, ANY.is_empty) == (False, False, False)
    bounded = parse_range("^1.2 || 3.x")
    assert (bounded.has_lower_bound, bounded.has_upper_bound) == (True, True)
    assert not parse_range("<2 || >=3").has_lower_bound
    assert not parse_range("1.x || >=3").has_upper_bound
    assert parse_range(">=2 <1").is_empty
