"""From configuration files to one configuration: what is laid over config.yaml, and how."""

import yaml

from autoencoders.sweep.checking import ConfigError

# What `paper: false` leaves out of config.yaml: all that is the paper's and no setting.
OF_THE_PAPER = ("experiments", "studies", "seeds", "calibration", "tables", "figures")


class _Loader(yaml.CSafeLoader):
    """Reads YAML in which no key stands twice."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
                continue
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value} is there a second time; remove one of the two",
                    problem_mark=key.start_mark,
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_file(path):
    """Return what a YAML file declares.

    Raises
    ------
    ConfigError
        With file and line, if it is no YAML, or a key stands twice in a mapping.
    """
    try:
        with open(path, encoding="utf-8") as file:
            config = yaml.load(file, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1
        raise ConfigError(f"{path}, line {line}: {error.problem}.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path} cannot be read: {' '.join(str(error).split())}.") from None
    if not isinstance(config, dict):
        raise ConfigError(f"{path} is not a mapping of keys to values.")
    return config


def composed(base, given, command_line=()):
    """Return the configuration that `given` makes when it is laid over `base`.

    `given` has the settings of the `command_line`, too; the nested ones get their types.

    Mappings are laid over each other key by key, everything else is replaced. An experiment,
    study, table or figure that becomes null is removed. If `given` has `paper: false`, none of
    those of `base` remain.
    """
    nested = {key: with_types(value) for key, value in dict(command_line).items()}
    given = _laid_over(given, {key: nested[key] for key in nested if key in given})
    if given.get("paper") is False:
        base = {key: value for key, value in base.items() if key not in OF_THE_PAPER}
    config = {"paper": True, **_laid_over(base, given)}
    for section in OF_THE_PAPER:
        if isinstance(config.get(section), dict):
            entries = config[section].items()
            config[section] = {name: entry for name, entry in entries if entry is not None}
    return config


def _laid_over(base, given):
    config = dict(base)
    for key, value in given.items():
        if isinstance(value, dict) and isinstance(config.get(key), dict):
            config[key] = _laid_over(config[key], value)
        else:
            config[key] = value
    return config


def with_types(value):
    """Return a value that the command line nests, in which Snakemake leaves all scalars as text."""
    if isinstance(value, dict):
        return {key: with_types(each) for key, each in value.items()}
    if isinstance(value, list):
        return [with_types(each) for each in value]
    try:
        return yaml.load(value, _Loader) if isinstance(value, str) else value
    except yaml.YAMLError:
        return value
