"""Grids: lists of values by setting, of which every combination is a network or a variant.

Expanded before the configuration is checked, so that each combination is checked like any other.
"""

from itertools import product
from math import prod

from autoencoders.sweep.checking import ConfigError

MOST = 10_000  # combinations of a grid
OF_A_LINE = ("hidden", "noise")  # settings that are not of training


def expanded(config):
    """Return a configuration with the grids of its experiments and studies written out.

    A combination of an experiment is a line of `configurations` with a suffix that names it, one
    of a study a variant. What is no grid at all is left for the check of the configuration.
    """
    if not isinstance(config, dict):
        return config
    result = dict(config)
    for section, expand in (("experiments", _lines), ("studies", _variants)):
        entries = config.get(section)
        if not isinstance(entries, dict):
            continue
        result[section] = dict(entries)
        for name, entry in entries.items():
            if isinstance(entry, dict) and "grid" in entry:
                result[section][name] = expand(dict(entry), f"{section}.{name}")
    return result


def _lines(experiment, where):
    combinations = _combinations(experiment, where)
    lines = experiment.get("configurations", [{}])
    if not isinstance(lines, list):
        return experiment
    experiment["configurations"] = []
    for line in filter(lambda line: isinstance(line, dict), lines):
        for combination in combinations:
            new = {**line, **{key: combination[key] for key in OF_A_LINE if key in combination}}
            of_training = {k: v for k, v in combination.items() if k not in OF_A_LINE}
            if of_training:
                new["training"] = _laid_over(line.get("training", {}), nested(of_training))
                suffix = [line["suffix"]] if "suffix" in line else []
                new["suffix"] = "-".join([*suffix, name_of(of_training)])
            experiment["configurations"].append(new)
    return experiment


def _variants(study, where):
    if "variants" in study:
        raise ConfigError(f"{where} has both variants and a grid; make two studies of it.")
    combinations = _combinations(study, where)
    study["variants"] = {name_of(each): nested(each) for each in combinations}
    return study


def _combinations(entry, where):
    """Return every combination of the grid but those of `exclude`; both keys are removed."""
    grid, excluded = entry.pop("grid"), entry.pop("exclude", [])
    fits = isinstance(grid, dict) and grid
    if not fits or not all(isinstance(values, list) and values for values in grid.values()):
        raise ConfigError(
            f"{where}.grid must be lists of values by setting, such as "
            "{learning_rate: [0.1, 0.03], batch_size: [32, 128]}."
        )
    if not (isinstance(excluded, list) and all(isinstance(each, dict) for each in excluded)):
        raise ConfigError(f"{where}.exclude must be a list of settings with their values.")
    for each in excluded:
        for key, value in each.items():
            if key not in grid or value not in grid[key]:
                raise ConfigError(
                    f"{where}.exclude names {key}: {value}, which is not in the grid."
                )
    count = prod(len(values) for values in grid.values())
    if count > MOST:
        raise ConfigError(f"{where}.grid has {count} combinations; at most {MOST} are allowed.")
    for path in grid:
        if any(str(other).startswith(f"{path}.") for other in grid):
            raise ConfigError(
                f"{where}.grid names {path} and a setting in it; name one of the two."
            )
    found = []
    for values in product(*grid.values()):
        combination = dict(zip(grid, values, strict=True))
        if not any(each.items() <= combination.items() for each in excluded if each):
            found.append(combination)
    if not found:
        raise ConfigError(f"{where}.exclude leaves nothing of the grid.")
    return found


def name_of(combination):
    """Return the name of a combination, such as `learning-rate-0.03-batch-size-32`."""
    parts = []
    for key, value in combination.items():
        text = f"{value:.15g}" if isinstance(value, float) else str(value)
        parts.append(f"{key}-{text}".lower().replace("_", "-"))
    return "-".join(parts)


def nested(flat):
    """Return settings by their dotted paths as mappings in mappings."""
    settings = {}
    for path, value in flat.items():
        *sections, key = str(path).split(".")
        place = settings
        for section in sections:
            place = place.setdefault(section, {})
        place[key] = value
    return settings


def _laid_over(settings, changes):
    """Return settings with changes; what is no mapping is left for the check to refuse."""
    if not isinstance(settings, dict):
        return settings
    result = dict(settings)
    for key, value in changes.items():
        is_section = isinstance(value, dict) and key in settings
        result[key] = _laid_over(settings[key], value) if is_section else value
    return result
