"""Made-up data sets, configurations and finished runs, whole and valid, with plausible numbers."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autoencoders import arrays as arrays_on_disk
from autoencoders.files import described, sha256_of_file, training_code_sha256, write_record
from autoencoders.runs.configuration import Configuration, Study, is_varied
from autoencoders.runs.names import name_of_settings
from autoencoders.sweep.declaration import varied

TITLE = "made-up images (tests)"
MACHINE = {"dataset": "lab", "image_shape": [28, 28], "classes": 10, "training_images": 8000}
MACHINE |= {"threads": 1, "onednn": True, "device": "cpu", "tf32": False}
TRAINING = {
    "epochs": 6,
    "batch_size": 50,
    "learning_rate": 0.1,
    "momentum": 0.9,
    "initial_sd": 0.05,
}
CLASSIFIER_TRAINING = {
    "validation_fraction": 0.2,
    "batch_size": 128,
    "learning_rate": 0.1,
    "momentum": 0.9,
    "initial_sd": 0.05,
    "output_initial_sd": 0.05,
    "output_distribution": "normal",
    "nesterov": False,
    "last_batch": "train",
    "pre_training": {
        "activation": None,
        "output_activation": "sigmoid",
        "loss": "mse",
        "images": "training",
        "max_epochs": 5,
        "min_delta": 1e-6,
        "patience": 0,
        "keep": "last",
    },
    "full_training": {
        "layers": "all",
        "output_activation": "softmax",
        "loss": "cross_entropy",
        "max_epochs": 200,
        "min_delta": 1e-6,
        "patience": 0,
        "keep": "last",
    },
    "batch_normalization": {
        "activations": ["relu"],
        "place": "before_activation",
        "momentum": 0.99,
        "epsilon": 1e-3,
    },
}
PENALTIES = {1e-05: 1e-04, 1e-07: 1e-06}
ARCHITECTURES = ["128", "256", "512", "128-128", "256-256", "256-512", "128-128-128", "256-256-256"]


# --- configurations ---------------------------------------------------------------------------


def _configuration(settings, changes):
    """Return a configuration; changes of its seeds and of its settings, both by name."""
    declared = {"seeds": 3, "seeds_per_job": 2, "keep_weights": 1}
    for key in list(declared):
        declared[key] = changes.pop(key, declared[key])
    settings = {**settings, **changes}
    name = name_of_settings(settings)
    return Configuration(name, f"runs/{name}", "made-up", settings, **declared)


def autoencoder(hidden, activation="relu", kind=None, printed=None, noise=0.0, **changes):
    """Return the configuration of an autoencoder."""
    penalty = {"kind": kind, "printed": printed, "weight": PENALTIES[printed]} if kind else None
    settings = {
        "network": "autoencoder",
        "hidden": hidden,
        "activation": activation,
        **MACHINE,
        "penalty": penalty,
        "noise": noise,
        "sparseness_threshold": 0.1,
        "training": dict(TRAINING),
    }
    return _configuration(settings, changes)


def classifier(hidden, activation="relu", **changes):
    """Return the configuration of a classifier; `hidden` as in `256-128`, empty for none."""
    layers = [int(width) for width in hidden.split("-")] if hidden else []
    settings = {
        "network": "classifier",
        "hidden": layers,
        "activation": activation if layers else None,
        **MACHINE,
        "training": dict(CLASSIFIER_TRAINING),
    }
    return _configuration(settings, changes)


def by_name(configurations):
    """Return configurations as a dict by their names."""
    return {each.name: each for each in configurations}


def under_complete(widths=(128, 256, 512), **changes):
    """Return the configurations of Figures 1 and 2."""
    return by_name(
        autoencoder(width, activation, **changes)
        for width in widths
        for activation in ("relu", "sigmoid")
    )


def over_complete(width=1024, **changes):
    """Return the configurations of Figures 3 to 5 and Table 1, and the two without a penalty."""
    kinds = [{"kind": kind, "printed": printed} for kind in ("l1", "l2") for printed in PENALTIES]
    kinds += [{"noise": noise} for noise in (0.1, 0.3)] + [{}]
    return by_name(
        autoencoder(width, activation, **kind, **changes)
        for kind in kinds
        for activation in ("relu", "sigmoid")
    )


def weight_images(widths=(100, 200, 400), **changes):
    """Return the configurations of Figures 6 to 8."""
    return by_name(autoencoder(width, **changes) for width in widths)


def classifiers(architectures=ARCHITECTURES, **changes):
    """Return the configurations of Table 2 and Figure 9."""
    stacks = by_name(
        classifier(architecture, activation, **changes)
        for architecture in architectures
        for activation in ("relu", "sigmoid")
    )
    return stacks | by_name([classifier("", **changes)])


def everything(**changes):
    """Return configurations for every table and figure."""
    return (
        under_complete(**changes)
        | over_complete(**changes)
        | weight_images(**changes)
        | classifiers(**changes)
    )


def shown_by(configurations):
    """Return the names of the configurations that each table and figure shows, if they fit it."""
    unpenalised, penalised, stacks, deep = [], [], [], []
    for name, configuration in configurations.items():
        settings = configuration.settings
        if settings["network"] == "classifier":
            stacks.append(name)
            if len(settings["hidden"]) == 3 and settings["activation"] == "relu":
                deep.append(name)
        elif settings["penalty"] or settings["noise"]:
            penalised.append(name)
        else:
            unpenalised.append(name)

    def width(name):
        return configurations[name].settings["hidden"]

    over = {width(name) for name in penalised}
    reference = [name for name in unpenalised if width(name) in over]
    tiled = [name for name in unpenalised if width(name) in (100, 200, 400)]
    under = [name for name in unpenalised if name not in reference + tiled]
    return {
        "table1": penalised,
        "table2": stacks,
        "figure1": under,
        "figure2": under,
        "figure3": penalised + reference,
        "figure4": penalised + reference,
        "figure5": penalised,
        **{f"figure{6 + position}": [name] for position, name in enumerate(tiled)},
        "figure9": deep[-1:],
        "figure10": stacks,
    }


# --- data -------------------------------------------------------------------------------------


def digit_images(labels, seed=0):
    """Return binary images, uint8 (n, 784), that look a little like the digits of `labels`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    generator = np.random.default_rng(seed)
    digits = []
    for digit in range(10):
        figure = Figure(figsize=(0.28, 0.28), dpi=100, facecolor="black")
        canvas = FigureCanvasAgg(figure)
        figure.text(0.5, 0.44, str(digit), color="white", size=17, ha="center", va="center")
        canvas.draw()
        digits.append(np.asarray(canvas.buffer_rgba())[:, :, 0] > 127)
    images = [np.roll(digits[label], generator.integers(-2, 3, 2), (0, 1)) for label in labels]
    return np.array(images, dtype=np.uint8).reshape(len(labels), 784)


def make_arrays(n_train=40, n_test=30, seed=0):
    """Return the four arrays of a made-up data set that holds every class."""
    generator = np.random.default_rng(seed)
    labels = {
        split: generator.permutation(np.arange(count) % 10).astype(np.uint8)
        for split, count in {"train": n_train, "test": n_test}.items()
    }
    return {
        "train_images": digit_images(labels["train"], 1),
        "train_labels": labels["train"],
        "test_images": digit_images(labels["test"], 2),
        "test_labels": labels["test"],
    }


def write_data(folder, title=TITLE, **sizes):
    """Write arrays.npz and manifest.json of a made-up data set; return the arrays."""
    arrays = make_arrays(**sizes)
    facts = {
        "dataset": "lab",
        "title": title,
        "image_shape": [28, 28],
        "classes": 10,
        "sources": [],
        "threshold": "pixel > 127",
        "split": "none",
    }
    folder = Path(folder)
    arrays_on_disk.save(folder / "arrays.npz", folder / "manifest.json", arrays, facts)
    return arrays


# --- runs -------------------------------------------------------------------------------------


def make_metrics(configuration):
    """Return plausible metrics: one entry per seed that its blocks train."""
    generator = np.random.default_rng(sum(configuration.name.encode()))
    seeds = [seed for block in configuration.blocks for seed in block.config["seeds"]]
    return [_seed_metrics(configuration.settings, seed, generator) for seed in seeds]


def _seed_metrics(config, seed, generator):
    entry = {"seed": seed, "diverged": False, "dead": False}
    if config["network"] == "autoencoder":
        epochs = {"training": config["training"]["epochs"]}
        numbers = {
            "training_error": generator.uniform(0.01, 0.1),
            "validation_error": generator.uniform(0.01, 0.1),
            "sparseness": generator.uniform(0, 1),
            "sparseness_training": generator.uniform(0, 1),
        }
    else:
        epochs = {f"pre-training-{layer + 1}": 4 for layer in range(len(config["hidden"]))}
        epochs["full-training"] = int(generator.integers(4, 9))
        numbers = {
            "training_error": generator.uniform(0.1, 0.3),
            "validation_error": generator.uniform(0.1, 0.3),
            "accuracy": generator.uniform(0.8, 0.95),
        }
    seconds = {phase: count * generator.uniform(0.1, 0.5) for phase, count in epochs.items()}
    return {**entry, **numbers, "epochs": epochs, "seconds": seconds}


def diverge(entry):
    """Return a seed's metrics as they are when it diverged."""
    numbers = ("training_error", "validation_error", "sparseness", "sparseness_training")
    return {
        **entry,
        **{metric: None for metric in (*numbers, "accuracy") if metric in entry},
        "diverged": True,
    }


def curve(config, seed, phase, n_epochs):
    """Return the training and validation errors of a phase, each of shape (n_epochs,)."""
    name = repr(
        (config["hidden"], config["activation"], config.get("penalty"), config.get("noise"), phase)
    )
    generator = np.random.default_rng([seed, *name.encode()])
    epochs = np.arange(1, n_epochs + 1)
    slow = 25 if config["activation"] == "sigmoid" else 8
    strong = (config.get("penalty") or {}).get("printed") == 1e-05
    floor = 0.09 if strong else 0.6 / (30 + np.sum(config["hidden"]) ** 0.5)
    training = floor + (0.15 if strong else 0.08) / (1 + epochs / slow)
    training = training + generator.normal(0, 0.0015) + generator.normal(0, 0.0004, n_epochs)
    return training, training * 1.03 + 0.0005


def history_rows(config, metrics):
    """Return the rows of history.csv."""
    rows = []
    for entry in metrics:
        for phase, n_epochs in entry["epochs"].items():
            errors = np.transpose(curve(config, entry["seed"], phase, n_epochs))
            if entry["diverged"]:
                errors[n_epochs // 2 :] = np.nan
            for epoch, (training, validation) in enumerate(errors.tolist(), start=1):
                accuracy = 1 - validation if phase == "full-training" else ""
                rows.append((entry["seed"], phase, epoch, training, validation, accuracy))
    return rows


def make_weights(config, seed, images):
    """Return plausible weights; an autoencoder's reproduce `images`, uint8 (n, 784), roughly."""
    generator = np.random.default_rng([seed, 3])
    if config["network"] == "autoencoder":
        return _autoencoder_weights(config, images.astype(np.float32), generator)
    weights, width = {}, 784
    for layer, hidden in enumerate(config["hidden"], start=1):
        weights |= _layer(f"hidden{layer}", width, hidden, generator)
        width = hidden
    return weights | _layer("output", width, 10, generator)


def _layer(name, fan_in, fan_out, generator):
    side = int(fan_in**0.5)
    weights = generator.normal(0, 0.05, (fan_in, fan_out))
    if side * side == fan_in:
        row, column = np.indices((side, side)).reshape(2, fan_in, 1)
        centre = generator.uniform(0.2 * side, 0.8 * side, (2, fan_out))
        distance = (row - centre[0]) ** 2 + (column - centre[1]) ** 2
        weights = weights + np.exp(-distance / (0.1 * fan_in)) * generator.choice([-1, 1], fan_out)
    return {
        f"{name}/weights": weights.astype(np.float32),
        f"{name}/biases": np.zeros(fan_out, np.float32),
    }


def _autoencoder_weights(config, images, generator):
    weights = _layer("encoder", 784, config["hidden"], generator)
    codes = images @ weights["encoder/weights"]
    codes = np.maximum(codes, 0) if config["activation"] == "relu" else 1 / (1 + np.exp(-codes))
    target = 6 * images - 3
    return weights | {
        "decoder/weights": np.linalg.lstsq(codes, target, rcond=0.01)[0].astype(np.float32),
        "decoder/biases": np.zeros(784, np.float32),
    }


def write_run(results, configuration, manifest_path, metrics=None, images=None):
    """Write the folders of a finished configuration, one for each block.

    Parameters
    ----------
    results : path-like
        What the configuration's folder is relative to.
    configuration : Configuration
    manifest_path : path-like
        The manifest of the data it claims to be made from.
    metrics : list of dict, optional
        One entry per seed used, or per seed trained; plausible numbers unless told.
    images : ndarray of shape (n_images, 784), optional
        What the autoencoder is to reproduce; noise unless told.
    """
    entries = make_metrics(configuration)
    entries[: len(metrics or [])] = metrics or []
    by_seed = {entry["seed"]: entry for entry in entries}
    for block in configuration.blocks:
        of_block = [by_seed[seed] for seed in block.config["seeds"]]
        _write_block(
            Path(results) / block.folder, configuration.name, block, manifest_path, of_block, images
        )


def _write_block(folder, name, block, manifest_path, metrics, images):
    config = block.config
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["seed,phase,epoch,training_error,validation_error,accuracy"]
    lines += [",".join(map(str, row)) for row in history_rows(config, metrics)]
    (folder / "history.csv").write_text("\n".join(lines) + "\n")
    diverged = {entry["seed"] for entry in metrics if entry["diverged"]}
    images = np.zeros((1, 784), np.uint8) if images is None else images
    saved = config["seeds"] if config["keep_weights"] else []
    stored = {
        f"seed{seed}/{variable}": values
        for seed in saved
        if seed not in diverged
        for variable, values in make_weights(config, seed, images).items()
    }
    np.savez(folder / "weights.npz", **stored)
    write_record(
        folder / "run.json",
        {
            "configuration": name,
            "config": config,
            "metrics": metrics,
            "sha256": {
                "data": sha256_of_file(manifest_path),
                "code": training_code_sha256(),
            },
            "files": {path.name: described(path) for path in sorted(folder.iterdir())},
            "data": json.loads(Path(manifest_path).read_text()),
            "versions": {},
            "host": "nowhere",
            "slurm_job": None,
            "cpu": "none",
            "threads": 1,
            "device": {"kind": "cpu", "cuda_visible_devices": None, "tf32": False},
            "git": {"commit": None, "dirty": None},
            "start": "2019-02-27T12:00:00+00:00",
            "end": "2019-02-27T12:00:01+00:00",
        },
    )


@dataclass
class Place:
    """Where a made-up set of results lies, and what it declares.

    `configurations` are by name, `shown` the names that each table and figure shows.
    """

    configurations: dict
    shown: dict
    manifest: Path
    arrays_path: Path
    arrays: dict
    results: Path
    studies: dict

    def of(self, name):
        """Return the configurations that a table or figure shows."""
        return [self.configurations[each] for each in self.shown[name]]


def write_results(folder, configurations=None, unfinished=(), metrics=None, title=TITLE):
    """Write data and runs into a folder, laid out as the workflow does.

    Parameters
    ----------
    folder : path-like
        What `results:` is in config.yaml.
    configurations : dict of str to Configuration, optional
        Those declared; `everything()` unless told.
    unfinished : iterable of str, optional
        Declared, without a run.
    metrics : dict of str to list, optional
        The metrics of some configurations.
    title : str, optional
        Which data the manifest says these are.

    Returns
    -------
    Place
    """
    folder = Path(folder)
    configurations = everything() if configurations is None else configurations
    data = folder / "data" / "lab"
    arrays = write_data(data, title)
    manifest = data / "manifest.json"
    for name, configuration in configurations.items():
        if name not in unfinished:
            made = (metrics or {}).get(name)
            write_run(folder, configuration, manifest, made, arrays["test_images"])
    return Place(
        configurations,
        shown_by(configurations),
        manifest,
        data / "arrays.npz",
        arrays,
        folder,
        {},
    )


def write_studies(place, studies, metrics, seeds=3):
    """Declare studies of all classifiers of a place, for the calibration, and write their runs.

    Parameters
    ----------
    place : Place
        Holds the runs of the configurations.
    studies : dict of str to dict of str to dict
        For every study and variant its changes to the settings of the training; where they change
        nothing, the configuration's own run is reused.
    metrics : callable
        Given study, variant, name and settings, returns one entry per seed.
    seeds : int, optional
        Of each study.

    Returns
    -------
    dict of str to Study
        Also kept as the place's `studies`.
    """
    stacks = [each for name, each in place.configurations.items() if name.startswith("classifier/")]
    for study, variants in studies.items():
        declared = {}
        for variant, changes in variants.items():
            declared[variant] = {}
            for base in stacks:
                configuration = varied(base, changes, seeds, f"studies/{study}/{variant}")
                if is_varied(configuration):
                    made = metrics(study, variant, base.name, configuration.settings)
                    write_run(place.results, configuration, place.manifest, made)
                declared[variant][base.name] = configuration
        place.studies[study] = Study(study, seeds, declared)
    return place.studies
