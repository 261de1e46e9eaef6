"""Any configuration is resolved, or refused in one sentence."""

import copy
import datetime
import math
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from autoencoders.files import canonical_json
from autoencoders.sweep.checking import ConfigError
from autoencoders.sweep.declaration import read_sweep

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text())
LONGEST = 2000  # characters of a message

TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", "relu", "../..", "a" * 300, "\n", "-x", "\0", "*", "%d", "$(touch x)"]),
)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([0, -1, 0.0, 1e-300, 10**9, 10**400, math.nan, math.inf, True]),
)
DATES = st.dates(min_value=datetime.date(1, 1, 1))
KEYS = st.one_of(TEXTS, st.integers(), DATES, st.none(), st.booleans())
VALUES = st.recursive(
    st.one_of(st.none(), NUMBERS, TEXTS, DATES, st.binary(max_size=4)),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(KEYS, values, max_size=3),
    max_leaves=6,
)


def places(value, path=()):
    """Return the paths of all values below one."""
    found = [path] if path else []
    keys = range(len(value)) if isinstance(value, list) else value
    if isinstance(value, dict | list):
        for key in keys:
            found += places(value[key], (*path, key))
    return found


PLACES = places(CONFIG)
EDITS = st.lists(
    st.tuples(st.sampled_from(["set", "remove", "add"]), st.sampled_from(PLACES), KEYS, VALUES),
    min_size=1,
    max_size=3,
)


def edited(edits):
    """Return config.yaml with edits; one whose place an earlier edit removed does nothing."""
    config = copy.deepcopy(CONFIG)
    for kind, (*path, last), key, value in edits:
        section = config
        try:
            for step in path:
                section = section[step]
            if kind == "remove":
                del section[last]
            elif kind == "set":
                section[last] = value
            elif isinstance(section[last], list):
                section[last].append(value)
            else:
                section[last][key] = value
        except (LookupError, TypeError):
            continue
    return config


def nested(depth):
    value = 0
    for _ in range(depth):
        value = [value]
    return value


def circular():
    value = {}
    value["again"] = value
    return value


def check(config):
    """Read a configuration; a refusal must be one short sentence."""
    try:
        sweep = read_sweep(config)
    except ConfigError as error:
        message = str(error)
        assert message.endswith((".", ")"))
        assert "\n" not in message
        assert len(message) < LONGEST
        message.encode()
        return None
    for folder, training in sweep.trainings.items():
        assert ".." not in folder.split("/")
        assert len(max(folder.split("/"), key=len)) <= 255
        canonical_json(training)
    return sweep


@given(EDITS)
def test_an_edited_configuration_is_resolved_or_refused(edits):
    check(edited(edits))


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("results",), "\ud800", r'results is "\ud800", but must be the path'),
        (("experiments",), {datetime.date(2020, 1, 1): {}}, "experiments has a date for a key"),
        (("experiments",), {"a\nb": {}}, r"experiments.a\nb is not a name that can be used here"),
        (("seeds",), nested(5000), "or no end"),
        (("seeds",), circular(), "or no end"),
        (("threads",), 10**5000, "threads has a date for a key, a number of thousands of digits"),
        (("threads",), 10**400, "threads is 1000"),
        (("threads",), math.nan, "threads is NaN, but must be integer"),
    ],
    ids=str.split("half_a_character date line_break deep circular too_long long nan"),
)
def test_what_was_found_to_be_hard(place, value, said):
    with pytest.raises(ConfigError) as error:
        read_sweep(edited([("set", place, None, value)]))
    assert said in str(error.value)


@given(VALUES, VALUES, VALUES)
def test_any_grid_is_written_out_or_refused(grid, exclude, training):
    config = copy.deepcopy(CONFIG)
    experiment = config["experiments"]["under-complete"]
    experiment |= {"grid": grid, "exclude": exclude}
    experiment["configurations"] = [{"hidden": 8, "training": training}]
    check(config)
    study = {"network": "classifier", "of": ["stacked"], "grid": grid, "exclude": exclude}
    check({**CONFIG, "studies": {"made-up": study}, "calibration": []})


@given(VALUES)
def test_any_data_set_is_described_or_refused(dataset):
    known = {"name": "own", "npz": "own.npz", "threshold": 1, "classes": 3, "training_images": 9000}
    check({**CONFIG, "dataset": dataset})
    if isinstance(dataset, dict):
        check({**CONFIG, "dataset": {**known, "image_shape": [3, 4], **dataset}})


@given(VALUES)
def test_anything_in_the_configuration_s_place_is_refused(value):
    with pytest.raises(ConfigError):
        read_sweep(value)


@given(st.sampled_from(PLACES), VALUES)
def test_a_single_value_is_resolved_or_refused(place, value):
    check(edited([("set", place, None, value)]))
