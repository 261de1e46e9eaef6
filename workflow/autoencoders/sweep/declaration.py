"""The sweep: what config.yaml declares, each configuration with a name and all its settings.

Plain Python without heavy imports, as the workflow reads it at every start.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from autoencoders.data.dataset_catalog import DataSet
from autoencoders.figures.figure_catalog import FIGURES, PLOTS
from autoencoders.report.table_catalog import TABLES
from autoencoders.runs.configuration import Configuration, Study, relevant
from autoencoders.runs.names import name_of_settings
from autoencoders.sweep.checking import ConfigError, checked
from autoencoders.sweep.cost import check_cost
from autoencoders.sweep.data_declaration import read_dataset
from autoencoders.sweep.grid import expanded
from autoencoders.sweep.resolution import activations_of, check_training, merged, resolve
from autoencoders.sweep.selection import matching, select
from autoencoders.sweep.variants_table import with_variants_read

METRICS = {
    "autoencoder": ("training_error", "validation_error", "sparseness", "sparseness_training"),
    "classifier": ("training_error", "validation_error", "validation_accuracy", "accuracy"),
}


@dataclass(frozen=True)
class Sweep:
    """All that a configuration file declares, everything by its name."""

    settings: dict  # the configuration file with the defaults of optional keys filled in
    dataset: DataSet
    configurations: dict  # of Configuration, in the order declared
    experiments: dict  # the names of every experiment's configurations
    tables: dict  # the names of the configurations that each table shows
    figures: dict  # the same of each figure
    studies: dict  # of Study
    own: dict  # what is declared of each table and figure of one's own, but its configurations

    @cached_property
    def trainings(self):
        """The config of every job that trains, by its run folder relative to the results."""
        configurations = list(self.configurations.values())
        for study in self.studies.values():
            configurations += study.configurations()
        trainings = {}
        for configuration in configurations:
            trainings |= {block.folder: block.config for block in configuration.blocks}
        return trainings


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
    settings = checked(expanded(with_variants_read(config)))
    dataset = read_dataset(settings["dataset"])
    configurations, experiments = _configurations(settings, dataset)
    for pattern, seeds in settings["seeds"].items():
        for name in matching(configurations, "seeds", pattern, may_be_gone=True):
            configurations[name] = replace(configurations[name], seeds=seeds)
    sweep = Sweep(settings, dataset, configurations, experiments, {}, {}, {}, {})
    for name, study in settings["studies"].items():
        if found := _study(sweep, name, study):
            sweep.studies[name] = found
    for section, shown, registry in (
        ("tables", sweep.tables, TABLES),
        ("figures", sweep.figures, FIGURES),
    ):
        for name, entry in settings[section].items():
            where = f"{section}.{name}"
            if name in registry:
                if names := _shown(sweep, where, entry, registry[name]):
                    shown[name] = names
                continue
            if name in sweep.own or name in {*TABLES, *FIGURES, *sweep.studies}:
                raise ConfigError(f"{where} has the name of another table, figure or study.")
            shown[name], sweep.own[name] = _own(sweep, where, entry)
    for position, name in enumerate(settings["calibration"]):
        if name not in settings["studies"]:
            raise ConfigError(
                f"calibration[{position}] is {name}, which is not one of the studies: "
                f"{', '.join(sweep.studies) or 'there are none'}."
            )
    check_cost(sweep.trainings)
    return sweep


def _configurations(settings, dataset):
    """Return all configurations by name, and the names of each experiment's."""
    configurations, experiments = {}, {}
    for name, experiment in settings["experiments"].items():
        experiments[name] = []
        for position, line in enumerate(experiment["configurations"]):
            where = f"experiments.{name}.configurations[{position}]"
            for activation in activations_of(experiment, line, where):
                resolved = resolve(settings, dataset, experiment, line, activation, where)
                identity = name_of_settings(resolved, line.get("suffix"))
                if identity in configurations:
                    raise ConfigError(
                        f"{where} declares {identity} a second time; remove one of the two, or "
                        "tell them apart by a suffix."
                    )
                configurations[identity] = Configuration(
                    name=identity,
                    folder=f"runs/{identity}",
                    experiment=name,
                    settings=resolved,
                    seeds=line.get("seeds", experiment["seeds"]),
                    seeds_per_job=experiment["seeds_per_job"],
                    keep_weights=settings["keep_weights"],
                    suffixed="suffix" in line,
                )
                experiments[name].append(identity)
    return configurations, experiments


def _shown(sweep, where, selected, entry):
    """Return the names of the configurations that a table or figure of the paper shows.

    None if all that it names was removed from the configuration.
    """
    names = select(sweep, where, selected, may_be_gone=True)
    for name in names:
        if sweep.configurations[name].settings["network"] != entry.network:
            raise ConfigError(f"{where} names {name}, but it can only show {entry.network}s.")
    return names


def _own(sweep, where, declared):
    """Return the configurations of a table or figure of one's own, and what else it declares."""
    names = select(sweep, f"{where}.of", declared["of"])
    rest = {key: value for key, value in declared.items() if key != "of"}
    kinds = {sweep.configurations[name].settings["network"] for name in names}
    if "plot" in rest:
        network, single = PLOTS[rest["plot"]].get("network"), PLOTS[rest["plot"]].get("single")
        if network and kinds != {network}:
            raise ConfigError(f"{where} can only show {network}s; name other networks in `of`.")
        if single and len(names) > 1:
            raise ConfigError(f"{where}.of names {len(names)} networks, but it can show only one.")
    for kind in kinds:
        if rest.get("metric") is not None and rest["metric"] not in METRICS[kind]:
            raise ConfigError(
                f"{where}.metric is {rest['metric']}, which a {kind} does not have; it has "
                f"{', '.join(METRICS[kind])}."
            )
    reference = rest.get("compared_with")
    if reference is not None and reference not in names:
        raise ConfigError(f"{where}.compared_with is {reference}, which is none of those in `of`.")
    return names, rest


def _study(sweep, name, study):
    """Return a study with the configurations of every variant; None if all were removed."""
    where = f"studies.{name}"
    names = select(sweep, f"{where}.of", study["of"], may_be_gone=True)
    if not names:
        return None
    variants = {}
    for variant, changes in study["variants"].items():
        variants[variant] = {}
        for each in names:
            base = sweep.configurations[each]
            if base.settings["network"] != study["network"]:
                raise ConfigError(
                    f"{where}.of names {each}, but the study is of {study['network']}s; leave it "
                    "out, or make a study of its own for it."
                )
            training = merged(base.settings["training"], changes)
            check_training(training, study["network"], sweep.dataset, f"{where}.{variant}")
            variants[variant][each] = varied(
                base,
                changes,
                study["seeds"],
                f"{where.replace('.', '/')}/{variant}",
                seeds_per_job=study["seeds_per_job"] or study["seeds"],
                keep_weights=study["keep_weights"],
            )
    return Study(name, study["seeds"], variants)


def varied(base, changes, seeds, folder, **declared):
    """Return a configuration of a study, whose runs lie in `folder`.

    `changes` are those to the section `training` of the declared configuration `base`, `declared`
    the study's `seeds_per_job` and `keep_weights`. Where the changes make no difference, it is the
    base itself with the study's number of seeds: its runs are reused.
    """
    training = merged(base.settings["training"], changes)
    settings = {**base.settings, "training": training}
    if relevant(settings) == relevant(base.settings):
        return replace(base, seeds=seeds)
    return replace(base, folder=f"{folder}/{base.name}", settings=settings, seeds=seeds, **declared)
