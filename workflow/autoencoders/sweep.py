"""The sweep: from config.yaml to the configurations, each with a name and all its settings.

Plain Python without heavy imports, as the workflow reads it at every start.
"""

import difflib
import fnmatch
import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from autoencoders.files import sha256_of_json

SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "config.schema.json"
TRAINING_IMAGES = {"lab": 8000, "mnist": 60000, "digits": 1437}
N_PIXELS = 784
N_CLASSES = 10
CLASSIFIERS_SHOWN_BY = ("tables.table2", "figures.figure9", "figures.figure10")


class ConfigError(ValueError):
    """A configuration that cannot be run; the message is one sentence for the user."""


@dataclass(frozen=True)
class Sweep:
    """All that a configuration file declares.

    Attributes
    ----------
    settings : dict
        The configuration file with its defaults filled in.
    configurations : dict of str to dict
        The resolved settings of every configuration by its name, in the order declared.
    experiments : dict of str to list of str
        The names of every experiment's configurations.
    tables, figures : dict of str to list of str
        The names of the configurations that each table and figure draws.
    lottery : dict of str to dict
        By its name the same settings of a configuration, with the seeds that `lottery` adds.
    studies : dict of str to dict of str to dict of str to (dict or None)
        For every study and variant the resolved settings of its configurations by their names;
        None where the variant changes nothing, so that the configuration's own run stands for it.
    """

    settings: dict
    configurations: dict
    experiments: dict
    tables: dict
    figures: dict
    lottery: dict
    studies: dict

    @cached_property
    def trainings(self):
        """The settings of everything that is trained, by its folder under the results."""
        trainings = {f"runs/{name}": config for name, config in self.configurations.items()}
        trainings |= {f"lottery/{name}": config for name, config in self.lottery.items()}
        for study in self.studies:
            trainings |= {
                folder: self.studies[study][variant][name]
                for variant in self.studies[study]
                for name, folder in self.study_runs(study)[variant].items()
                if folder.startswith("studies/")
            }
        return trainings

    def study_runs(self, study):
        """Return for every variant of a study the folder of each configuration's run."""
        return {
            variant: {
                name: f"runs/{name}" if config is None else f"studies/{study}/{variant}/{name}"
                for name, config in configs.items()
            }
            for variant, configs in self.studies[study].items()
        }

    def plan(self):
        """Return what the scripts of the report need to know of the sweep, as plain types."""
        of_experiment = {
            name: experiment for experiment, names in self.experiments.items() for name in names
        }
        return {
            "dataset": self.settings["dataset"],
            "configurations": {
                name: {
                    "experiment": of_experiment[name],
                    "sha256": sha256_of_json(config),
                    "suffixed": name != name_of(config),
                    "config": config,
                }
                for name, config in self.configurations.items()
            },
            "lottery": {
                name: {"sha256": sha256_of_json(config)} for name, config in self.lottery.items()
            },
            "studies": {
                study: {
                    "seeds": self.settings["studies"][study]["seeds"],
                    "variants": {
                        variant: {
                            name: {
                                "folder": folder,
                                "sha256": sha256_of_json(
                                    self.studies[study][variant][name] or self.configurations[name]
                                ),
                            }
                            for name, folder in folders.items()
                        }
                        for variant, folders in self.study_runs(study).items()
                    },
                }
                for study in self.studies
            },
            "calibration": self.settings["calibration"],
            "tables": self.tables,
            "figures": self.figures,
        }


def read_sweep(config):
    """Check a configuration and resolve it.

    Parameters
    ----------
    config : dict
        What config.yaml and the files or options laid over it hold.

    Returns
    -------
    Sweep

    Raises
    ------
    ConfigError
        At the first key or value that is wrong, with its path and what is allowed.
    """
    settings = json.loads(json.dumps(config, default=str))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    check_against_schema(settings, schema)
    fill_defaults(settings, schema, schema["$defs"])
    settings["results"] = settings["results"].rstrip("/")
    configurations, experiments = {}, {}
    for name, experiment in settings["experiments"].items():
        experiments[name] = []
        for k, line in enumerate(experiment["configurations"]):
            where = f"experiments.{name}.configurations[{k}]"
            for activation in activations_of(experiment, line, where):
                resolved = resolve(settings, experiment, line, activation, where)
                identity = name_of(resolved, line.get("suffix"))
                if identity in configurations:
                    raise ConfigError(
                        f"{where} declares {identity} a second time; remove one of the two, or "
                        "tell them apart by a suffix."
                    )
                configurations[identity] = resolved
                experiments[name].append(identity)
    sweep = Sweep(settings, configurations, experiments, {}, {}, {}, {})
    for kind in ("tables", "figures"):
        for name, selected in settings[kind].items():
            getattr(sweep, kind)[name] = shown_by(sweep, f"{kind}.{name}", selected)
    for k, entry in enumerate(settings["lottery"]):
        for name in select(sweep, f"lottery[{k}].of", entry["of"]):
            sweep.lottery[name] = more_seeds(configurations[name], entry["seeds"])
    for name, config in list(sweep.lottery.items()):
        if config["seeds"] <= 0:
            del sweep.lottery[name]
    for name, study in settings["studies"].items():
        sweep.studies[name] = variants_of(sweep, study, f"studies.{name}")
    for k, name in enumerate(settings["calibration"]):
        if name not in sweep.studies:
            raise ConfigError(
                f"calibration[{k}] is {name}, which is not one of the studies: "
                f"{', '.join(sweep.studies) or 'there are none'}."
            )
    return sweep


def more_seeds(config, seeds):
    """Return a configuration with the seeds that it lacks to have so many; it keeps no weights."""
    first = config["first_seed"] + config["seeds"]
    return {**config, "first_seed": first, "seeds": seeds - config["seeds"], "keep_weights": "none"}


def variants_of(sweep, study, where):
    """Return the resolved settings of every variant and configuration of a study."""
    names = select(sweep, f"{where}.of", study["of"])
    variants = {}
    for variant, changes in study["variants"].items():
        variants[variant] = {}
        for name in names:
            base = sweep.configurations[name]
            if base["network"] != study["network"]:
                raise ConfigError(
                    f"{where}.of names {name}, but the study is of {study['network']}s; leave it "
                    "out, or make a study of its own for it."
                )
            training = merged(base["training"], changes)
            check_training(training, base["network"], base["dataset"], f"{where}.{variant}")
            config = None
            if not same_training(base, training):
                config = {
                    **base,
                    "seeds": study["seeds"],
                    "keep_weights": study["keep_weights"],
                    "training": training,
                }
            variants[variant][name] = config
    return variants


def same_training(base, training):
    """Return whether other settings of the training make no difference to a configuration.

    That of layers, or of a batch normalisation, which a network does not have makes none.
    """

    def relevant(settings):
        irrelevant = []
        if base["network"] == "classifier":
            if base["activation"] not in settings["batch_normalization"]["activations"]:
                irrelevant.append("batch_normalization")
            if not base["hidden"]:
                irrelevant += ["pre_training", "initial_sd"]
                full = {**settings["full_training"], "layers": None}
                settings = {**settings, "full_training": full}
        return {key: value for key, value in settings.items() if key not in irrelevant}

    return relevant(base["training"]) == relevant(training)


def activations_of(experiment, line, where):
    """Return the activations a line is trained with; [None] for a network without hidden layers."""
    if line["hidden"] == []:
        return [None]
    if not experiment["activations"]:
        raise ConfigError(
            f"{where} has hidden layers but its experiment names no activations; add "
            "activations: [relu, sigmoid], or one of them."
        )
    return experiment["activations"]


def resolve(settings, experiment, line, activation, where):
    """Return every setting that a configuration's result depends on, as plain types."""
    network = experiment["network"]
    training = settings[network]
    for changes in (experiment.get("training", {}), line.get("training", {})):
        training = merged(training, changes)
    check_training(training, network, settings["dataset"], where)
    resolved = {
        "network": network,
        "hidden": line["hidden"],
        "activation": activation,
        "dataset": settings["dataset"],
        "first_seed": 0,
        "seeds": line.get("seeds", experiment["seeds"]),
        "keep_weights": settings["keep_weights"],
        "threads": settings["threads"],
        "onednn": settings["onednn"],
        "device": settings["device"],
        "tf32": settings["tf32"],
        "batch_seeds": settings["batch_seeds"],
    }
    if network == "autoencoder":
        penalty = line.get("penalty")
        if penalty and line.get("noise"):
            raise ConfigError(
                f"{where} has both a penalty and noise, which no table or figure can show; make "
                "two lines of it."
            )
        resolved |= {
            "penalty": penalty
            and {
                "norm": penalty["norm"],
                "printed": float(penalty["printed"]),
                "weight": float(penalty["weight"]),
            },
            "noise": float(line.get("noise", 0)),
            "sparseness_threshold": float(training["sparseness_threshold"]),
        }
        training = {key: value for key, value in training.items() if key != "sparseness_threshold"}
    return {**resolved, "training": training}


def merged(settings, changes):
    """Return settings with changes laid over them, sections key by key."""
    result = dict(settings)
    for key, value in changes.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) else value
    return result


def check_training(training, network, dataset, where):
    """Check what no single key can tell.

    Raises
    ------
    ConfigError
        If an epoch would hold no batch, or a loss has no meaning for its output activation.
    """
    n_images = TRAINING_IMAGES[dataset]
    if network == "classifier":
        n_validation = round(training["validation_fraction"] * n_images)
        if n_validation == 0:
            raise ConfigError(
                f"classifier.validation_fraction is {training['validation_fraction']}, which "
                f"leaves none of the {n_images} training images for validation (found for "
                f"{where}); use at least {1 / n_images:.0e}."
            )
        n_images -= n_validation
        for phase in ("pre_training", "full_training"):
            rules = training[phase]
            if rules["loss"] == "cross_entropy" and rules["output_activation"] == "linear":
                raise ConfigError(
                    f"classifier.{phase}.loss is cross_entropy, which needs outputs between 0 and "
                    "1, but output_activation is linear; use sigmoid, or the loss mse"
                    f" (found for {where})."
                )
    if training["batch_size"] > n_images:
        raise ConfigError(
            f"{network}.batch_size is {training['batch_size']}, more than the {n_images} training "
            f"images of {where} on the data set {dataset}; use at most {n_images}."
        )


def name_of(config, suffix=None):
    """Return a configuration's name, `autoencoder/sigmoid-1024-l1-1e-05`, say."""
    parts = [config["activation"]] if config["activation"] else ["no-hidden"]
    hidden = config["hidden"]
    parts += [str(width) for width in (hidden if isinstance(hidden, list) else [hidden])]
    if config.get("penalty"):
        parts += [config["penalty"]["norm"], number_in_name(config["penalty"]["printed"])]
    if config.get("noise"):
        parts += ["noise", number_in_name(config["noise"])]
    return f"{config['network']}/{'-'.join(parts + ([suffix] if suffix else []))}"


def number_in_name(number):
    """Return the shortest text of a number: 1e-05, 0.1."""
    return f"{number:.15g}"


def shown_by(sweep, where, selected):
    """Return the configurations of a table or figure."""
    network = "classifier" if where in CLASSIFIERS_SHOWN_BY else "autoencoder"
    names = select(sweep, where, selected)
    for name in names:
        if sweep.configurations[name]["network"] != network:
            raise ConfigError(f"{where} names {name}, but it can only show {network}s.")
    return names


def select(sweep, where, selected):
    """Return the configurations that a list of experiments, configurations and patterns names."""
    names = []
    for entry in selected:
        if "*" in entry:
            found = fnmatch.filter(sweep.configurations, entry)
            if not found:
                raise ConfigError(f"{where} names {entry}, which no configuration matches.")
            names += found
            continue
        if entry not in sweep.experiments and entry not in sweep.configurations:
            known = [*sweep.experiments, *sweep.configurations]
            raise ConfigError(
                f"{where} names {entry}, which is neither an experiment ("
                f"{', '.join(sweep.experiments)}) nor a configuration{did_you_mean(entry, known)}."
            )
        names += sweep.experiments.get(entry, [entry])
    for name, count in Counter(names).items():
        if count > 1:
            raise ConfigError(f"{where} names {name} twice; name it once.")
    return names


def work(config):
    """Return about how many floating-point operations a configuration's training takes.

    Only its size against other configurations means something: the longest start first.
    """
    training = config["training"]
    n_images = TRAINING_IMAGES[config["dataset"]]
    if config["network"] == "autoencoder":
        weights = 2 * N_PIXELS * config["hidden"]
        return 6 * config["seeds"] * training["epochs"] * n_images * weights
    widths = [N_PIXELS, *config["hidden"]]
    pairs = list(pairwise(widths))
    pre = training["pre_training"]["max_epochs"] * sum(2 * a * b for a, b in pairs)
    typical_epochs = min(12, training["full_training"]["max_epochs"])  # before early stopping
    full = typical_epochs * (sum(a * b for a, b in pairs) + widths[-1] * N_CLASSES)
    return 6 * config["seeds"] * n_images * (pre + full)


def check_against_schema(settings, schema):
    """Check a configuration against its JSON schema.

    Raises
    ------
    ConfigError
        One sentence about the first problem: where, what was found, what is allowed.
    """
    import jsonschema

    # The standard takes 3.0 for an integer and NaN for a number; a count of seeds is neither.
    types = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            "number": lambda _, value: (
                isinstance(value, int | float)
                and not isinstance(value, bool)
                and math.isfinite(value)
            ),
        }
    )
    validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=types)
    errors = validator(schema).iter_errors(settings)
    error = min(errors, key=lambda error: path_of(error.absolute_path), default=None)
    if error is not None:
        raise ConfigError(sentence(error))


def sentence(error):
    """Return a jsonschema error as one sentence for the user."""
    key = path_of(error.absolute_path) or "the configuration"
    value = json.dumps(error.instance)
    value = value if len(value) <= 60 else value[:57] + "..."
    rule, allowed = error.validator, error.validator_value
    if rule == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        patterns = error.schema.get("patternProperties", {})
        unknown = next(
            name
            for name in error.instance
            if name not in known and not any(re.search(pattern, name) for pattern in patterns)
        )
        place = path_of([*error.absolute_path, unknown])
        for allowed_name in patterns.values():
            return f"{place} is not a name that can be used here; {allowed_name['description']}"
        hint = did_you_mean(unknown, known)
        return f"{place} is not a known key{hint}; known: {', '.join(known)}."
    if rule == "required":
        missing = next(name for name in allowed if name not in error.instance)
        return f"{path_of([*error.absolute_path, missing])} is missing."
    if rule == "type":
        names = " or ".join(allowed if isinstance(allowed, list) else [allowed])
        hint = ""
        if isinstance(error.instance, str) and is_number(error.instance):
            hint = " (YAML reads that as text; write 1.0e-5, say, with a decimal point, not 1e-5)"
        return f"{key} is {value}, but must be {names}{hint}."
    if rule == "enum":
        return f"{key} is {value}, but must be one of: {', '.join(map(str, allowed))}."
    if rule == "const":
        return f"{key} is {value}, but must be {allowed}."
    words = {
        "minimum": "must be at least {}",
        "exclusiveMinimum": "must be greater than {}",
        "maximum": "must be at most {}",
        "exclusiveMaximum": "must be less than {}",
        "minItems": "must have at least {} entries",
        "maxItems": "must have at most {} entries",
        "minLength": "must have at least {} characters",
        "uniqueItems": "must not name anything twice",
        "pattern": "must be of the form {}",
        "minProperties": "must have at least {} entries",
    }
    return f"{key} is {value}, but {words.get(rule, rule + ' {}').format(allowed)}."


def is_number(text):
    """Return whether a text can be read as a finite number."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def path_of(parts):
    """Return a path as one writes it: experiments.stacked.configurations[3].hidden."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def did_you_mean(name, known):
    """Return a hint at the known name nearest to an unknown one, or nothing."""
    near = difflib.get_close_matches(str(name), known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def fill_defaults(value, schema, definitions):
    """Give every missing key of a configuration the default that the schema states."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    if "if" in schema:
        const = schema["if"]["properties"]["network"]["const"]
        schema = schema["then" if value.get("network") == const else "else"]
        return fill_defaults(value, schema, definitions)
    if isinstance(value, list):
        for item in value:
            fill_defaults(item, schema.get("items", {}), definitions)
    if not isinstance(value, dict):
        return None
    for key, part in schema.get("properties", {}).items():
        if key in ("training", "variants"):  # changes to settings: they stay as few as they are
            continue
        if key not in value and "default" in part:
            value[key] = json.loads(json.dumps(part["default"]))
        if key in value:
            fill_defaults(value[key], part, definitions)
    for part in schema.get("patternProperties", {}).values():
        for item in value.values():
            fill_defaults(item, part, definitions)
    return None
