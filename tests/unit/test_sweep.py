import copy
import datetime
import json
import math
from pathlib import Path

import pytest
import yaml

from autoencoders import sweep
from autoencoders.sweep import ConfigError, read_sweep, work

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = json.loads(sweep.SCHEMA.read_text())


@pytest.fixture
def config():
    return yaml.safe_load((REPOSITORY / "config.yaml").read_text())


def test_report_has_seventy_configurations(config):
    swept = read_sweep(config)
    numbers = {name: len(names) for name, names in swept.experiments.items()}
    assert numbers == {
        "under-complete": 6,
        "over-complete": 12,
        "over-complete-plain": 2,
        "weight-images": 3,
        "stacked": 46,
        "no-hidden": 1,
    }
    assert len(swept.configurations) == 70
    assert {
        "autoencoder/relu-128",
        "autoencoder/sigmoid-1024-l1-1e-05",
        "autoencoder/relu-1024-l2-1e-07",
        "autoencoder/relu-1024-noise-0.1",
        "autoencoder/sigmoid-1024",
        "classifier/relu-256-256",
        "classifier/no-hidden",
    } <= set(swept.configurations)


def test_penalties_carry_the_printed_and_the_applied_strength(config):
    swept = read_sweep(config).configurations
    assert swept["autoencoder/relu-1024-l1-1e-05"]["penalty"] == {
        "norm": "l1",
        "printed": 1e-5,
        "weight": 1e-4,
    }
    assert swept["autoencoder/relu-1024-l2-1e-07"]["penalty"]["weight"] == 1e-6


def test_stacked_networks_are_those_of_the_reports_table(config):
    table = (REPOSITORY / "resources/report/table2.csv").read_text().splitlines()[1:]
    rows = [line.split(",")[0] for line in table]
    ours = [
        name.split("relu-")[1] for name in read_sweep(config).tables["table2"] if "relu" in name
    ]
    assert ours == rows


def test_over_complete_networks_are_those_of_the_reports_table(config):
    table = (REPOSITORY / "resources/report/table1.csv").read_text().splitlines()[1:]
    rows = {f"{a}-1024-{b}-{float(c):g}" for a, b, c, _ in (line.split(",") for line in table)}
    assert {name.split("/")[1] for name in read_sweep(config).tables["table1"]} == rows


def test_defaults_of_the_schema_are_the_values_of_the_file(config):
    bare = {key: config[key] for key in ("experiments", "tables", "figures")}
    filled = read_sweep(bare).settings
    for key, value in config.items():
        if key not in ("experiments", "lottery", "studies", "calibration"):
            assert filled[key] == value, key


def schemas(schema):
    """Yield every schema that describes an object or a value, with its path."""
    stack = [("", schema)]
    while stack:
        path, part = stack.pop()
        yield path, part
        for group in ("properties", "patternProperties", "$defs"):
            stack += [(f"{path}/{name}", inner) for name, inner in part.get(group, {}).items()]
        if "items" in part:
            stack.append((f"{path}[]", part["items"]))


def test_schema_describes_every_key_and_allows_no_other():
    for path, part in schemas(SCHEMA):
        if "properties" in part and "if" not in part:
            assert part["additionalProperties"] is False, path
        for name, inner in part.get("properties", {}).items():
            reference = inner.get("$ref", "").rsplit("/", 1)[-1]
            described = "description" in inner or "description" in SCHEMA["$defs"].get(
                reference, {}
            )
            assert described or "if" in part, f"{path}/{name}"


def put(path, value):
    """Return a function that sets a value deep inside a configuration."""

    def change(config):
        *parents, last = path
        for key in parents:
            config = config[key]
        if isinstance(config, list) and last == "append":
            config.append(value)
        else:
            config[last] = value

    return change


STACKED = ("experiments", "stacked", "configurations")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put(["treads"], 1), "treads is not a known key (did you mean threads?); known: results,"),
        (
            put(["autoencoder", "epoch"], 3),
            "autoencoder.epoch is not a known key (did you mean epo",
        ),
        (
            put([*STACKED, 2, "hiden"], 3),
            "experiments.stacked.configurations[2].hiden is not a know",
        ),
        (
            put(["autoencoder", "epochs"], "ten"),
            'autoencoder.epochs is "ten", but must be integer.',
        ),
        (put(["autoencoder", "epochs"], 0), "autoencoder.epochs is 0, but must be at least 1."),
        (
            put(["autoencoder", "momentum"], 1),
            "autoencoder.momentum is 1, but must be less than 1.",
        ),
        (put(["classifier", "learning_rate"], "1e-2"), "write 1.0e-5, say, with a decimal point"),
        (
            put(["experiments", "stacked", "activations"], ["tanh"]),
            'experiments.stacked.activations[0] is "tanh", but must be one of: relu, sigmoid.',
        ),
        (
            put([*STACKED, 0, "hidden"], [-1]),
            "stacked.configurations[0].hidden[0] is -1, but must be",
        ),
        (put([*STACKED, 0, "hidden"], 128), ".hidden is 128, but must be array."),
        (
            put([*STACKED, "append"], {"hidden": [128]}),
            "experiments.stacked.configurations[23] declares classifier/relu-128 a second time",
        ),
        (
            put(["experiments", "stacked", "activations"], []),
            "experiments.stacked.configurations[0] has hidden layers but its experiment names no",
        ),
        (
            put(["experiments", "My sweep"], {}),
            "experiments.My sweep is not a name that can be used",
        ),
        (
            put(["figures", "figure6"], ["autoencoder/relu-101"]),
            "nor a configuration (did you mean autoencoder/relu-100?)",
        ),
        (
            put(["figures", "figure6"], ["classifier/no-hidden"]),
            "figures.figure6 names classifier/no-hidden, but it can only show autoencoders.",
        ),
        (
            put(["tables", "table2"], ["stacked", "classifier/relu-128"]),
            "tables.table2 names classifier/relu-128 twice",
        ),
        (
            put(["classifier", "batch_size"], 7000),
            "classifier.batch_size is 7000, more than the 6400 training images",
        ),
        (
            put(
                ["classifier", "pre_training"],
                {"loss": "cross_entropy", "output_activation": "linear"},
            ),
            "classifier.pre_training.loss is cross_entropy, which needs outputs between 0 and 1",
        ),
        (put(["results"], "~/x"), 'results is "~/x", but must be of the form'),
        (put(["dataset"], "cifar"), 'dataset is "cifar", but must be one of: lab, mnist, digits.'),
        (put(["mnist", "timeout"], 0), "mnist.timeout is 0, but must be greater than 0."),
        (
            put(["autoencoder", "epochs"], 100.0),
            "autoencoder.epochs is 100.0, but must be integer.",
        ),
        (put(["experiments", "stacked", "seeds"], 3.0), "seeds is 3.0, but must be integer."),
        (put(["autoencoder", "learning_rate"], math.nan), "learning_rate is NaN, but must be numb"),
        (put(["classifier", "momentum"], math.inf), "momentum is Infinity, but must be number."),
        (
            put(["dataset"], datetime.date(2026, 1, 1)),
            'dataset is "2026-01-01", but must be one of',
        ),
        (
            put(["classifier", "validation_fraction"], 1e-5),
            "classifier.validation_fraction is 1e-05, which leaves none of the 8000",
        ),
        (
            put(["calibration", "append"], "batch-sizes"),
            "calibration[7] is batch-sizes, which is not one of the studies: batch-size, batch-nor",
        ),
        (
            put(["studies", "patience", "of"], ["classifier/relu-127"]),
            "studies.patience.of names classifier/relu-127, which is neither an experiment (under-",
        ),
        (
            put(["studies", "patience", "of"], ["stacked", "under-complete"]),
            "studies.patience.of names autoencoder/relu-128, but the study is of classifiers; leav",
        ),
        (
            put(["studies", "patience", "of"], ["classifier/tanh-*"]),
            "studies.patience.of names classifier/tanh-*, which no configuration matches.",
        ),
        (
            put(["lottery", 0, "of"], ["over-completed"]),
            "lottery[0].of names over-completed, which is neither an experiment (",
        ),
        (
            put(["studies", "patience", "variants", "2"], {"patience": 2}),
            "studies.patience.variants.2.patience is not a known key; known: ",
        ),
        (
            put(["studies", "batch-size", "variants", "huge"], {"batch_size": 7000}),
            "batch_size is 7000, more than the 6400 training images of studies.batch-size.huge",
        ),
        (
            put(["experiments", "over-complete", "configurations", 0, "noise"], 0.1),
            "experiments.over-complete.configurations[0] has both a penalty and noise",
        ),
    ],
)
def test_wrong_configuration_is_one_sentence(config, change, sentence):
    change(config)
    with pytest.raises(ConfigError) as error:
        read_sweep(config)
    message = str(error.value)
    assert sentence in message
    assert "\n" not in message
    assert message.endswith(".")


def test_missing_key_is_named(config):
    del config["experiments"]["over-complete"]["configurations"][0]["penalty"]["weight"]
    with pytest.raises(ConfigError, match=r"configurations\[0\]\.penalty\.weight is missing"):
        read_sweep(config)


def test_line_and_experiment_change_settings_of_their_own(config):
    stacked = config["experiments"]["stacked"]
    stacked["training"] = {"batch_size": 50, "pre_training": {"max_epochs": 7}}
    stacked["configurations"][0]["training"] = {"pre_training": {"patience": 2}}
    stacked["configurations"][1]["seeds"] = 4
    swept = read_sweep(config).configurations
    first = swept["classifier/relu-128"]["training"]
    assert (first["batch_size"], first["pre_training"]["max_epochs"]) == (50, 7)
    assert first["pre_training"]["patience"] == 2
    assert first["pre_training"]["loss"] == "mse"
    assert swept["classifier/relu-256"]["training"]["pre_training"]["patience"] == 0
    assert swept["classifier/relu-256"]["seeds"] == 4
    assert swept["classifier/no-hidden"]["training"]["batch_size"] == 128


def test_suffix_tells_two_lines_apart(config):
    line = {"hidden": [128], "training": {"batch_size": 50}, "suffix": "batch-50"}
    config["experiments"]["stacked"]["configurations"].append(line)
    swept = read_sweep(config).configurations
    assert swept["classifier/sigmoid-128-batch-50"]["training"]["batch_size"] == 50
    assert swept["classifier/sigmoid-128"]["training"]["batch_size"] == 128


def test_one_edit_changes_one_configuration(config):
    before = read_sweep(copy.deepcopy(config)).plan()["configurations"]
    config["experiments"]["over-complete"]["configurations"][4]["noise"] = 0.2
    after = read_sweep(config).plan()["configurations"]
    same = {name for name in before if after.get(name) == before[name]}
    assert set(before) - same == {
        "autoencoder/relu-1024-noise-0.1",
        "autoencoder/sigmoid-1024-noise-0.1",
    }


def test_settings_are_plain_types_in_a_fixed_order(config):
    swept = read_sweep(config)
    text = json.dumps(swept.plan())
    assert json.loads(text) == swept.plan()
    shuffled = {key: config[key] for key in reversed(list(config))}
    assert read_sweep(shuffled).configurations == swept.configurations


def test_wider_and_longer_is_more_work(config):
    swept = read_sweep(config).configurations
    works = {name: work(settings) for name, settings in swept.items()}
    assert works["autoencoder/relu-512"] > works["autoencoder/relu-128"]
    assert works["classifier/relu-512-512"] > works["classifier/relu-128"]
    assert max(works, key=works.get).startswith("autoencoder/relu-1024")


# --- studies and the lottery -------------------------------------------------------------------


def folders(swept, study, variant):
    return set(swept.study_runs(study)[variant].values())


def test_a_variant_that_is_the_default_is_not_trained_again(config):
    swept = read_sweep(config)
    assert folders(swept, "batch-size", "128") == {
        f"runs/{name}" for name in swept.experiments["stacked"] + swept.experiments["no-hidden"]
    }
    assert all(
        each.startswith("studies/batch-size/64/") for each in folders(swept, "batch-size", "64")
    )
    assert set(swept.studies["batch-size"]["128"].values()) == {None}
    assert not any(folder.startswith("studies/batch-size/128/") for folder in swept.trainings)
    config["classifier"]["batch_size"] = 64
    swept = read_sweep(config)
    assert all(each.startswith("runs/") for each in folders(swept, "batch-size", "64"))
    assert not any(each.startswith("runs/") for each in folders(swept, "batch-size", "128"))


def test_a_variant_trains_only_the_networks_that_it_changes(config):
    runs = read_sweep(config).study_runs("batch-normalization")["after-relu"]
    assert runs["classifier/sigmoid-128"] == "runs/classifier/sigmoid-128"
    assert runs["classifier/relu-128"] == (
        "studies/batch-normalization/after-relu/classifier/relu-128"
    )
    for study in ("pre-training-epochs", "trained-layers"):
        swept = read_sweep(config).study_runs(study)
        unstacked = {runs["classifier/no-hidden"] for runs in swept.values()}
        assert unstacked == {"runs/classifier/no-hidden"}


def test_a_variant_changes_its_own_settings_alone(config):
    swept = read_sweep(config)
    base = swept.configurations["classifier/relu-128"]
    changed = swept.studies["loss"]["sigmoid-mse"]["classifier/relu-128"]
    full = {**base["training"]["full_training"], "output_activation": "sigmoid", "loss": "mse"}
    assert changed == {
        **base,
        "seeds": 3,
        "keep_weights": "none",
        "training": {**base["training"], "full_training": full},
    }


def test_the_calibration_trains_seven_hundred_configurations(config):
    swept = read_sweep(config)
    of_calibration = tuple(f"studies/{study}/" for study in config["calibration"])
    assert sum(folder.startswith(of_calibration) for folder in swept.trainings) == 700
    assert swept.plan()["calibration"] == config["calibration"]


def test_the_plan_names_the_run_that_stands_for_a_variant(config):
    plan = read_sweep(config).plan()
    name = "classifier/relu-128"
    variants = plan["studies"]["patience"]["variants"]
    assert plan["studies"]["patience"]["seeds"] == 3
    assert variants["0"][name] == {
        "folder": f"runs/{name}",
        "sha256": plan["configurations"][name]["sha256"],
    }
    assert variants["2"][name]["folder"] == f"studies/patience/2/{name}"
    assert variants["2"][name]["sha256"] != variants["0"][name]["sha256"]


def test_the_lottery_adds_only_the_seeds_that_are_missing(config):
    config["lottery"] = [
        {"of": ["stacked"], "seeds": 30},
        {"of": ["classifier/sigmoid-*-*-*"], "seeds": 100},
        {"of": ["no-hidden"], "seeds": 10},  # has as many
        {"of": ["weight-images"], "seeds": 2},  # has more
    ]
    swept = read_sweep(config)
    base = swept.configurations["classifier/relu-128"]
    added = {"first_seed": 10, "seeds": 20, "keep_weights": "none"}
    assert swept.lottery["classifier/relu-128"] == {**base, **added}
    assert swept.lottery["classifier/sigmoid-128-128"]["seeds"] == 20
    deep = [name for name, more in swept.lottery.items() if more["seeds"] == 90]
    assert len(deep) == 11
    assert all(len(swept.lottery[name]["hidden"]) == 3 for name in deep)
    assert "classifier/no-hidden" not in swept.lottery
    assert not any(name.startswith("autoencoder/") for name in swept.lottery)
    assert swept.configurations["classifier/relu-128"]["seeds"] == 10
    assert swept.trainings["lottery/classifier/relu-128"] == swept.lottery["classifier/relu-128"]
