"""Configuration files are read strictly, and laid over each other."""

import pytest

from autoencoders.sweep.checking import ConfigError
from autoencoders.sweep.config_files import composed, read_file


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: the key a is there a second time"),
        ("a:\n  x: 1\n  x: 2\n", "line 3: the key x is there a second time"),
        ("a: [1, {b: 1, b: 2}]\n", "line 1: the key b is there a second time"),
        ("a: 1\n b: 2\n", "line 2: mapping values are not allowed"),
        ("a: [1\n", "line 2: did not find expected"),
        ("a: 1\n\tb: 2\n", "line 2: "),
        ("a: !!python/name:os.system\n", "line 1: could not determine a constructor"),
        ("- a\n", "is not a mapping of keys to values"),
        ("", "is not a mapping of keys to values"),
        ("a: \0\n", "cannot be read"),
    ],
)
def test_a_slip_is_named_with_file_and_line(tmp_path, text, problem):
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=problem) as caught:
        read_file(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_and_missing_files_are_named(tmp_path):
    path = tmp_path / "own.yaml"
    with pytest.raises(ConfigError, match="cannot be read"):
        read_file(path)
    path.write_bytes(b"a: \xff\xfe\n")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_file(path)


def test_anchors_and_merges_are_read(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("a: &a {x: 1}\nb: {<<: *a, y: 2}\n")
    assert read_file(path) == {"a": {"x": 1}, "b": {"x": 1, "y": 2}}


def test_mappings_are_laid_over_each_other_and_the_rest_replaced():
    base = {"a": {"x": 1, "y": [1, 2]}, "experiments": {"e": {"seeds": 3, "of": [1]}, "f": {}}}
    given = {"a": {"y": [3]}, "experiments": {"e": {"seeds": 5}, "f": None}, "b": 1}
    assert composed(base, given) == {
        "a": {"x": 1, "y": [3]},
        "experiments": {"e": {"seeds": 5, "of": [1]}},
        "b": 1,
        "paper": True,
    }
    assert base["experiments"]["e"]["seeds"] == 3
