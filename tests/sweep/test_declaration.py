import copy
import datetime
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from autoencoders.files import canonical_json
from autoencoders.runs.configuration import Configuration, Study
from autoencoders.sweep.checking import ConfigError, read_schema
from autoencoders.sweep.cost import memory_mb, work
from autoencoders.sweep.declaration import read_sweep
from autoencoders.training.penalties import PENALTIES
from snakemake_runs import merge

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = read_schema()


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
    assert swept["autoencoder/relu-1024-l1-1e-05"].settings["penalty"] == {
        "kind": "l1",
        "printed": 1e-5,
        "weight": 1e-4,
    }
    assert swept["autoencoder/relu-1024-l2-1e-07"].settings["penalty"]["weight"] == 1e-6


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


def test_every_key_has_its_value_in_one_place_only(config):
    """A value stands in config.yaml; the schema has defaults of what may be left out."""
    optional = {key for key, part in SCHEMA["properties"].items() if "default" in part}
    assert optional == {"seeds", "studies", "calibration", "tables", "figures"}
    assert set(config) == set(SCHEMA["properties"])
    for section in ("autoencoder_training", "classifier_training"):
        assert "default" not in json.dumps(SCHEMA["$defs"][section])


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (["threads"], "threads is missing."),
        (["autoencoder", "epochs"], "autoencoder.epochs is missing."),
        (["classifier", "full_training", "loss"], "classifier.full_training.loss is missing."),
        (["mnist", "mirrors"], "mnist.mirrors is missing."),
    ],
)
def test_a_setting_that_is_missing_is_named(config, path, sentence):
    *parents, last = path
    section = config
    for key in parents:
        section = section[key]
    del section[last]
    with pytest.raises(ConfigError, match=sentence):
        read_sweep(config)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lottery": []}, "lottery is not a key any more: more seeds are declared in `seeds`"),
        ({"batch_seeds": True}, "batch_seeds is not a key any more: every seed is trained by"),
        ({"keep_weights": "all"}, 'keep_weights is "all", but must be integer, the number of se'),
    ],
)
def test_a_key_of_an_earlier_version_says_what_became_of_it(config, change, sentence):
    config |= change
    with pytest.raises(ConfigError, match=sentence):
        read_sweep(config)


def test_the_norm_of_a_penalty_is_its_kind_now(config):
    penalty = config["experiments"]["over-complete"]["configurations"][0]["penalty"]
    penalty["norm"] = penalty.pop("kind")
    with pytest.raises(ConfigError, match=r"penalty\.norm is not a key any more: it is called"):
        read_sweep(config)


def test_an_unknown_key_of_a_penalty_is_an_error(config):
    config["experiments"]["over-complete"]["configurations"][0]["penalty"]["strength"] = 1
    with pytest.raises(ConfigError, match=r"penalty\.strength is not a known key"):
        read_sweep(config)


@pytest.mark.parametrize("name", ["tanh", "elu"])
def test_every_hidden_activation_of_the_registry_can_be_declared(config, name):
    config["experiments"]["stacked"]["activations"] = [name]
    config["tables"], config["figures"], config["studies"] = {}, {}, {}
    config["calibration"] = []
    assert f"classifier/{name}-128" in read_sweep(config).configurations


@pytest.mark.parametrize("kind", PENALTIES)
def test_every_penalty_of_the_registry_can_be_declared(config, kind):
    config["experiments"]["over-complete"]["configurations"] = [
        {"hidden": 64, "penalty": {"kind": kind, "printed": 0.5, "weight": 0.25}}
    ]
    name = f"autoencoder/relu-64-{kind}-0.5"
    assert read_sweep(config).configurations[name].settings["penalty"] == {
        "kind": kind,
        "printed": 0.5,
        "weight": 0.25,
    }


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


DIGITS_IDX = {part: f"{part}.gz" for part in ("train_images", "train_labels")}
DIGITS_IDX |= {part: f"{part}.gz" for part in ("test_images", "test_labels")}
OWN = {
    "name": "own",
    "idx": DIGITS_IDX,
    "threshold": 100,
    "image_shape": [20, 30],
    "classes": 3,
    "training_images": 6000,
}


def test_a_data_set_of_one_s_own(config):
    config["dataset"] = OWN
    sweep = read_sweep(config)
    assert sweep.dataset.files == DIGITS_IDX
    assert sweep.dataset.n_pixels == 600
    settings = sweep.configurations["classifier/relu-128"].settings
    of_data = ("dataset", "image_shape", "classes", "training_images")
    assert [settings[key] for key in of_data] == ["own", [20, 30], 3, 6000]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "lab"}, "dataset.name is lab, a known data set"),
        ({"name": "a/b"}, "dataset.name is"),
        ({"npz": "own.npz"}, "either idx or npz"),
        ({"idx": {}}, "either idx or npz"),
        ({"idx": {"images": "a", "labels": "b"}}, "train_images, .* needed without dataset.split"),
        ({"split": "split.csv"}, "images, labels are needed with dataset.split"),
        ({"split": {"test_images": 5}}, "dataset.split.random_state is missing"),
        ({"sha256": {"npz": "0" * 64}}, "dataset.sha256 names npz, which is none of"),
        ({"sha256": {"test_images": "0"}}, "64 hexadecimal digits"),
        ({"mirrors": ["https://localhost/"]}, "dataset.sha256 must have its checksum"),
        ({"idx": {**DIGITS_IDX, "test_images": "https://localhost/a"}}, "into dataset.mirrors"),
        ({"classes": 1}, "dataset.classes is 1, but must be at least 2"),
        ({"image_shape": [28]}, "dataset.image_shape"),
        ({"training_images": 100}, "batch_size is 128, more than the 80 training images"),
        ({"training_images": 10**8, "image_shape": [1000, 1000]}, "GB of memory"),
        ({"colours": 3}, "dataset.colours is not a known key"),
        ({"threshold": None}, "dataset.threshold"),
    ],
)
def test_what_is_wrong_with_one_s_own_data_is_named(config, changes, problem):
    config["dataset"] = {**OWN, **changes}
    with pytest.raises(ConfigError, match=problem):
        read_sweep(config)


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
            put(["experiments", "stacked", "activations"], ["softmax"]),
            'stacked.activations[0] is "softmax", but must be one of: relu, sigmoid, tanh, elu.',
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
                ["experiments", "stacked", "training"],
                {"pre_training": {"loss": "cross_entropy", "output_activation": "linear"}},
            ),
            "classifier.pre_training.loss is cross_entropy, which needs outputs between 0 and 1",
        ),
        *(
            (
                put(["results"], value),
                "but must be the path of a folder of its own: not ., .. or /,",
            )
            for value in ("~/x", "-x", "", ".", "..", "/", "//", ".snakemake", "a/.snakemake/b")
        ),
        (put(["results"], "a{b}"), 'results is "a{b}", but must be the path of a folder'),
        (put(["results"], "a\0b"), 'results is "a\\u0000b", but must be the path of a folder'),
        (put(["results"], "a/" + "b" * 201), "no name of more than 200 characters"),
        (put(["results"], "a/" * 600), "but must be the path of a folder of its own"),
        (put(["experiments", "under-complete", "seeds"], 10**9), "but must be at most 10000."),
        (put(["autoencoder", "epochs"], 10**9), "but must be at most 1000000."),
        (put(["autoencoder", "epochs"], 10**400), "epochs is 1000"),
        (put(["autoencoder", "learning_rate"], 10**400), "learning_rate is 1000"),
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
            "calibration[2] is batch-sizes, which is not one of the studies: recipes, finalists",
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
            put(["seeds"], {"classifier/tanh-*": 3}),
            "seeds names classifier/tanh-*, which no configuration matches.",
        ),
        (
            put(["studies", "patience", "variants", "2"], {"patience": 2}),
            "studies.patience.variants.2.patience is not a known key; known: ",
        ),
        (
            put(["studies", "loss", "variants", "huge"], {"batch_size": 7000}),
            "batch_size is 7000, more than the 6400 training images of studies.loss.huge",
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
    first = swept["classifier/relu-128"].settings["training"]
    assert (first["batch_size"], first["pre_training"]["max_epochs"]) == (50, 7)
    assert first["pre_training"]["patience"] == 2
    assert first["pre_training"]["loss"] == "mse"
    assert swept["classifier/relu-256"].settings["training"]["pre_training"]["patience"] == 0
    assert swept["classifier/relu-256"].seeds == 4
    assert swept["classifier/no-hidden"].settings["training"]["batch_size"] == 128


def test_suffix_tells_two_lines_apart(config):
    line = {"hidden": [128], "training": {"batch_size": 50}, "suffix": "batch-50"}
    config["experiments"]["stacked"]["configurations"].append(line)
    swept = read_sweep(config).configurations
    assert swept["classifier/sigmoid-128-batch-50"].settings["training"]["batch_size"] == 50
    assert swept["classifier/sigmoid-128"].settings["training"]["batch_size"] == 128


def test_one_edit_changes_one_configuration(config):
    before = read_sweep(copy.deepcopy(config)).configurations
    config["experiments"]["over-complete"]["configurations"][4]["noise"] = 0.2
    after = read_sweep(config).configurations
    same = {name for name in before if after.get(name) == before[name]}
    assert set(before) - same == {
        "autoencoder/relu-1024-noise-0.1",
        "autoencoder/sigmoid-1024-noise-0.1",
    }


def test_settings_are_plain_types_in_a_fixed_order(config):
    swept = read_sweep(config)
    for configuration in swept.configurations.values():
        assert json.loads(json.dumps(configuration.to_json())) == configuration.to_json()
        assert Configuration(**configuration.to_json()) == configuration
    shuffled = {key: config[key] for key in reversed(list(config))}
    assert read_sweep(shuffled).configurations == swept.configurations


def test_wider_and_longer_is_more_work(config):
    swept = read_sweep(config).configurations
    works = {name: work(each.blocks[0].config) for name, each in swept.items()}
    assert works["autoencoder/relu-512"] > works["autoencoder/relu-128"]
    assert works["classifier/relu-512-512"] > works["classifier/relu-128"]
    per_seed = {name: works[name] / each.seeds_per_job for name, each in swept.items()}
    assert max(per_seed, key=per_seed.get).startswith("autoencoder/relu-1024")


# --- blocks of seeds ---------------------------------------------------------------------------


def test_a_job_trains_a_block_of_seeds_into_a_folder_of_its_own(config):
    swept = read_sweep(config)
    blocks = swept.configurations["classifier/relu-128"].blocks
    assert [block.folder for block in blocks] == ["runs/classifier/relu-128/seeds-0-9"]
    assert blocks[0].config["seeds"] == list(range(10))
    blocks = swept.configurations["autoencoder/relu-1024"].blocks
    assert [block.folder for block in blocks] == ["runs/autoencoder/relu-1024/seeds-0-2"]
    assert blocks[0].config["seeds"] == [0, 1, 2]


def trainings_with(config, **changes):
    config = copy.deepcopy(config)
    config["experiments"]["stacked"] |= changes
    return read_sweep(config).trainings


def test_more_seeds_add_blocks_and_change_none(config):
    before, after = read_sweep(config).trainings, trainings_with(config, seeds=30)
    assert before.items() <= after.items()
    added = after.keys() - before.keys()
    assert len(added) == 2 * 46
    assert {folder.rsplit("/", 1)[1] for folder in added} == {"seeds-10-19", "seeds-20-29"}


@pytest.mark.parametrize("seeds", [1, 5, 9])
def test_fewer_seeds_change_no_block(config, seeds):
    assert trainings_with(config, seeds=seeds) == read_sweep(config).trainings


def test_a_block_is_always_whole(config):
    config["experiments"]["stacked"]["seeds"] = 12
    configuration = read_sweep(config).configurations["classifier/relu-128"]
    assert configuration.seeds == 12
    assert configuration.blocks[-1].config["seeds"] == list(range(10, 20))


def test_weights_are_saved_of_every_seed_or_of_none(config):
    config["keep_weights"] = 12
    config["experiments"]["stacked"]["seeds"] = 30
    blocks = read_sweep(config).configurations["classifier/relu-128"].blocks
    assert [block.config["keep_weights"] for block in blocks] == [True] * 3


def test_seeds_of_single_configurations_replace_those_of_their_experiment(config):
    config["seeds"] = {"classifier/sigmoid-*-*-*": 100, "classifier/sigmoid-128-128-128": 20}
    swept = read_sweep(config).configurations
    many = [name for name, each in swept.items() if each.seeds == 100]
    assert len(many) == 10
    assert all(len(swept[name].settings["hidden"]) == 3 for name in many)
    assert swept["classifier/sigmoid-128-128-128"].seeds == 20
    assert swept["classifier/relu-128-128-128"].seeds == 10


def test_the_full_overlay_adds_seeds_and_changes_nothing_else(config):
    paper = read_sweep(copy.deepcopy(config))
    merge(config, yaml.safe_load((REPOSITORY / "full.yaml").read_text()))
    full = read_sweep(config)
    assert full.settings["include_studies"] is True
    assert paper.trainings.items() <= full.trainings.items()
    seeds = {name: each.seeds for name, each in full.configurations.items()}
    assert seeds["autoencoder/relu-1024-l1-1e-05"] == 10
    assert seeds["autoencoder/relu-128"] == 3
    assert seeds["classifier/relu-128-128-128"] == 30
    assert seeds["classifier/sigmoid-128-128"] == 30
    assert seeds["classifier/sigmoid-128-128-128"] == 100
    assert seeds["classifier/no-hidden"] == 30


# --- studies -----------------------------------------------------------------------------------


def folders(swept, study, variant):
    return {each.folder for each in swept.studies[study].variants[variant].values()}


def test_a_variant_that_is_the_default_is_not_trained_again(config):
    config["studies"]["batch-size"] = {
        "network": "classifier",
        "of": ["stacked", "no-hidden"],
        "variants": {str(size): {"batch_size": size} for size in (64, 128)},
    }
    swept = read_sweep(config)
    assert folders(swept, "batch-size", "128") == {
        f"runs/{name}" for name in swept.experiments["stacked"] + swept.experiments["no-hidden"]
    }
    assert swept.studies["batch-size"].default == "128"
    assert all(
        each.startswith("studies/batch-size/64/") for each in folders(swept, "batch-size", "64")
    )
    assert not any(folder.startswith("studies/batch-size/128/") for folder in swept.trainings)
    config["classifier"]["batch_size"] = 64
    swept = read_sweep(config)
    assert swept.studies["batch-size"].default == "64"
    assert not any(each.startswith("runs/") for each in folders(swept, "batch-size", "128"))


def test_a_variant_trains_only_the_networks_that_it_changes(config):
    config["studies"]["batch-normalization"] = {
        "network": "classifier",
        "of": ["stacked"],
        "variants": {"after-relu": {"batch_normalization": {"place": "after_activation"}}},
    }
    swept = read_sweep(config)
    variant = swept.studies["batch-normalization"].variants["after-relu"]
    assert variant["classifier/sigmoid-128"].folder == "runs/classifier/sigmoid-128"
    assert variant["classifier/relu-128"].folder == (
        "studies/batch-normalization/after-relu/classifier/relu-128"
    )
    for study in ("pre-training-epochs", "trained-layers"):
        variants = swept.studies[study].variants.values()
        unstacked = {variant["classifier/no-hidden"].folder for variant in variants}
        assert unstacked == {"runs/classifier/no-hidden"}


def test_a_variant_changes_its_own_settings_alone(config):
    swept = read_sweep(config)
    base = swept.configurations["classifier/relu-128"]
    changed = swept.studies["loss"].variants["sigmoid-mse"]["classifier/relu-128"]
    full = base.settings["training"]["full_training"]
    full = {**full, "output_activation": "sigmoid", "loss": "mse"}
    training = {**base.settings["training"], "full_training": full}
    assert changed.settings == {**base.settings, "training": training}
    assert (changed.seeds, changed.seeds_per_job, changed.keep_weights) == (3, 3, 0)


def test_a_variant_that_reuses_runs_asks_for_as_many_seeds_as_the_study_has(config):
    config["studies"]["patience"]["seeds"] = 20
    reused = read_sweep(config).studies["patience"].variants["0"]["classifier/relu-128"]
    assert [block.folder for block in reused.blocks] == [
        "runs/classifier/relu-128/seeds-0-9",
        "runs/classifier/relu-128/seeds-10-19",
    ]


def test_the_recipes_of_the_calibration_are_those_that_its_script_draws():
    script = REPOSITORY / "resources/calibration/draw_recipes.py"
    drawn = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    path = REPOSITORY / "resources/calibration/recipes.csv"
    assert path.read_text() == drawn.stdout


def test_variants_may_come_from_a_file(config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text(
        "name,batch_size,pre_training.keep,nesterov\na,64,best,true\nb,,,false\n"
    )
    config["studies"]["mine"] = {"network": "classifier", "of": ["no-hidden", "stacked"]}
    config["studies"]["mine"]["variants"] = "mine.csv"
    study = read_sweep(config).studies["mine"]
    assert study.default == "b"
    training = study.variants["a"]["classifier/relu-128"].settings["training"]
    assert (training["batch_size"], training["nesterov"]) == (64, True)
    assert training["pre_training"]["keep"] == "best"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "studies.mine.variants: mine.csv cannot be read: No such file or directory."),
        (b"", "studies.mine.variants: mine.csv cannot be read: it is no CSV file with a header."),
        (b"\xff\xfe", "mine.csv cannot be read: it is no CSV file with a header."),
        (b"name,batch_size\na,64,1\n", "mine.csv, line 2: a row has 2 values, the first"),
        (b"name,batch_size\na,64\na,32\n", "mine.csv, line 3: a row has 2 values, the first"),
        (b"name,batch_sice\na,64\n", "studies.mine.variants.a.batch_sice is not a known key"),
        (b"name,batch_size\na,many\n", 'studies.mine.variants.a.batch_size is "many", but must'),
    ],
)
def test_a_wrong_file_of_variants_is_one_sentence(config, tmp_path, monkeypatch, text, sentence):
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "mine.csv").write_bytes(text)
    config["studies"]["mine"] = {"network": "classifier", "of": ["no-hidden"]}
    config["studies"]["mine"]["variants"] = "mine.csv"
    with pytest.raises(ConfigError) as error:
        read_sweep(config)
    assert sentence in str(error.value)


def test_a_study_survives_the_way_to_a_script(config):
    for study in read_sweep(config).studies.values():
        received = Study.from_json(json.loads(canonical_json(study.to_json())))
        assert received == study
        # In the order of the configuration, though the text is sorted.
        assert list(received.variants) == list(study.variants)
        for variant, configurations in study.variants.items():
            assert list(received.variants[variant]) == list(configurations)


# --- sizes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"hidden": [20000] * 9, "suffix": "x"},
            f"runs/classifier/relu-{'20000-' * 9}x/seeds-0-9 would take up to 122 GB of memory and "
            "39 days; at most 100 GB and 30 days are allowed.",
        ),
        (
            {"hidden": [64], "training": {"pre_training": {"max_epochs": 1000000}}},
            "runs/classifier/relu-64/seeds-0-9 would take up to 2 GB of memory and 56 days;",
        ),
    ],
)
def test_a_network_of_absurd_size_is_refused_with_the_number(config, changes, sentence):
    config["experiments"]["stacked"]["configurations"].append(changes)
    with pytest.raises(ConfigError) as error:
        read_sweep(config)
    assert sentence in str(error.value)
    assert "make `hidden`, the epochs or `seeds_per_job` smaller" in str(error.value).lower()


def test_the_networks_of_the_paper_take_the_least_memory_that_is_asked_for(config):
    assert {memory_mb(each) for each in read_sweep(config).trainings.values()} == {2000}
