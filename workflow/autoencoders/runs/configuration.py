"""What is declared: configurations, the blocks of seeds that jobs train, and studies.

Plain Python, as the workflow builds these at every start; the scripts get them as JSON.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from itertools import chain

# What stands for a network where no other metric is named.
MAIN_METRIC = {"autoencoder": "validation_error", "classifier": "accuracy"}


@dataclass(frozen=True)
class Block:
    """Some seeds of a configuration, trained by one job."""

    folder: str  # of its run, relative to the results: `runs/classifier/relu-128/seeds-0-9`
    # All that the run depends on: the configuration's `relevant` settings with `seeds`, those to
    # train, and `keep_weights`, whether to save their weights.
    config: dict


@dataclass(frozen=True)
class Configuration:
    """One network with all its settings, trained for several seeds."""

    name: str  # such as `autoencoder/relu-128`
    folder: str  # of its blocks, relative to the results
    experiment: str  # which declares it
    settings: dict  # every setting that the result of a seed depends on, as plain types
    seeds: int  # how many are used, counted from 0
    seeds_per_job: int  # how many a job trains, one after the other
    keep_weights: int  # weights of seeds below this number are used; if it is 0, none are saved
    suffixed: bool = False  # whether the name has a suffix, to tell it from another configuration

    @cached_property
    def blocks(self):
        """The blocks that hold the seeds used; a tuple of `Block`.

        A block is always whole, so that fewer seeds never train anything again, and more seeds
        train new blocks alone.
        """
        blocks = []
        for first in range(0, self.seeds, self.seeds_per_job):
            seeds = list(range(first, first + self.seeds_per_job))
            # Of all seeds or of none, so that another number of those used trains nothing.
            saved = {"keep_weights": self.keep_weights > 0}
            config = {**relevant(self.settings), "seeds": seeds, **saved}
            name = f"seeds-{seeds[0]}-{seeds[-1]}" if len(seeds) > 1 else f"seed-{first}"
            blocks.append(Block(f"{self.folder}/{name}", config))
        return tuple(blocks)

    def to_json(self):
        """Return the configuration as a dict of plain types."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def relevant(settings):
    """Return settings without the values that a result of the network does not depend on.

    Where these are edited nothing is trained again.
    """
    if settings["network"] == "autoencoder":
        return settings
    training, activation = dict(settings["training"]), settings["activation"]
    normalization, pre_training = dict(training["batch_normalization"]), training["pre_training"]
    normalized = activation in normalization.pop("activations")
    if normalization.get("place") == "hidden_inputs" and len(settings["hidden"]) < 2:
        normalized = False  # one hidden layer has the pixels as its inputs
    training["batch_normalization"] = normalization if normalized else None
    pre_activation = pre_training["activation"] or activation
    training["pre_training"] = {**pre_training, "activation": pre_activation}
    if training.get("output_distribution") == "glorot_uniform":
        training["output_initial_sd"] = None
    if not settings["hidden"]:
        training |= {"pre_training": None, "initial_sd": None}
        training["full_training"] = {**training["full_training"], "layers": "all"}
    return {**settings, "training": training}


def settings_by_path(settings, prefix=""):
    """Return all settings by their dotted path, such as `training.batch_size`; a list as words."""
    flat = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            flat |= settings_by_path(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = " ".join(map(str, value)) if isinstance(value, list) else value
    return flat


@dataclass(frozen=True)
class Study:
    """The same networks under other settings."""

    name: str  # such as `batch-size`
    seeds: int  # how many each configuration has in it
    # Dictionaries of Configuration by variant and name; where a variant changes nothing, the
    # declared configuration itself, whose runs it reuses.
    variants: dict

    @property
    def default(self):
        """The variant that changes nothing; None if there is none."""
        for variant, configurations in self.variants.items():
            if not any(is_varied(each) for each in configurations.values()):
                return variant
        return None

    @property
    def networks(self):
        """The names of all its configurations."""
        return list(dict.fromkeys(chain.from_iterable(self.variants.values())))

    @property
    def varied(self):
        """The names of the configurations that a variant trains under other settings."""
        return list({each.name: each for each in self.configurations() if is_varied(each)})

    def configurations(self):
        """Return every configuration of every variant; those reused by several come once."""
        by_folder = {}
        for configurations in self.variants.values():
            by_folder |= {each.folder: each for each in configurations.values()}
        return list(by_folder.values())

    def to_json(self):
        """Return the study as plain types; lists, as a JSON text may sort the keys of a dict."""
        variants = []
        for variant, configurations in self.variants.items():
            variants.append([variant, [each.to_json() for each in configurations.values()]])
        return {"name": self.name, "seeds": self.seeds, "variants": variants}

    @classmethod
    def from_json(cls, value):
        """Return the study that `to_json` was called on."""
        variants = {variant: by_name(values) for variant, values in value["variants"]}
        return cls(value["name"], value["seeds"], variants)


def is_varied(configuration):
    """Return whether a study's configuration is trained for the study alone."""
    return configuration.folder.startswith("studies/")


def by_name(values):
    """Return configurations read from JSON as a dict by their names."""
    return {value["name"]: Configuration(**value) for value in values}
