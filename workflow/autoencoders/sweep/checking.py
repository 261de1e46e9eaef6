"""Checks of a configuration against its schema; the first fault becomes one sentence."""

import difflib
import json
import re
from pathlib import Path

from autoencoders.data.dataset_catalog import DATASETS
from autoencoders.figures.figure_catalog import FIGURES, PLOTS
from autoencoders.report.table_catalog import TABLES
from autoencoders.training.activations import HIDDEN_ACTIVATIONS
from autoencoders.training.losses import LOSSES
from autoencoders.training.penalties import PENALTIES

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "config.schema.json"

# What became of keys that configurations of earlier versions have.
GONE = {
    "lottery": "more seeds are declared in `seeds` of an experiment or in the section `seeds`",
    "batch_seeds": "every seed is trained by itself; remove the key",
    "norm": "it is called `kind` now",
    "calibrated": "remove the key",
}
RULES = {
    "minimum": "must be at least {}",
    "exclusiveMinimum": "must be greater than {}",
    "maximum": "must be at most {}",
    "exclusiveMaximum": "must be less than {}",
    "minItems": "must have at least {} entries",
    "maxItems": "must have at most {} entries",
    "minLength": "must have at least {} characters",
    "uniqueItems": "must not name anything twice",
    "pattern": "{}",
    "minProperties": "must have at least {} entries",
}
LONGEST_VALUE = 60  # characters of a value that a message quotes


class ConfigError(ValueError):
    """A configuration that cannot be run; the message is one sentence for the user."""

    def __init__(self, message):
        # A name in it may hold anything: line breaks, control characters, halves of characters.
        shown = [c if c.isprintable() else ascii(c)[1:-1] for c in message]
        super().__init__("".join(shown))


def read_schema():
    """Return the schema, with the names that the registries of the stages hold."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    names = {
        "known_dataset": DATASETS,
        "hidden_activation": HIDDEN_ACTIVATIONS,
        "pre_training_activation": [*HIDDEN_ACTIVATIONS, None],
        "loss": LOSSES,
        "penalty_kind": PENALTIES,
        "plot": [name for name in PLOTS if name != "metric"],
    }
    for name, allowed in names.items():
        schema["$defs"][name]["enum"] = list(allowed)
    for section, entries in (("tables", TABLES), ("figures", FIGURES)):
        properties = schema["properties"][section]["properties"]
        for name, entry in entries.items():
            if entry.network is not None:
                kind = "single" if getattr(entry, "single", False) else "selection"
                properties[name] = {"$ref": f"#/$defs/{kind}"}
        own = "^(?!(?:" + "|".join(entries) + ")$)[a-z][a-z0-9-]{0,63}$"
        kind = {"tables": "own_table", "figures": "own_figure"}[section]
        schema["properties"][section]["patternProperties"][own] = schema["$defs"][kind]
    return schema


def checked(config):
    """Return a configuration with its defaults, or raise a ConfigError about its first fault."""
    import jsonschema

    settings, schema = _plain(config), read_schema()
    # The standard takes 3.0 for an integer and NaN for a number; a count of seeds is neither.
    standard = jsonschema.Draft202012Validator
    types = standard.TYPE_CHECKER.redefine_many({"integer": _is_integer, "number": _is_finite})
    validator = jsonschema.validators.extend(standard, type_checker=types)
    errors = validator(schema).iter_errors(settings)
    error = min(errors, key=lambda error: _path_of(error.absolute_path), default=None)
    if error is not None:
        raise ConfigError(_sentence(error))
    _check_complete(settings, schema, schema["$defs"], [])
    _fill_defaults(settings, schema, schema["$defs"])
    settings["results"] = settings["results"].rstrip("/")
    return settings


def _plain(config):
    """Return a configuration as JSON has it, or raise a ConfigError about what it cannot have."""
    if not isinstance(config, dict):
        raise ConfigError("The configuration is not a mapping of keys to values.")
    plain = {}
    for key, value in config.items():
        try:
            plain[str(key)] = json.loads(json.dumps(value, default=str))
        except (TypeError, ValueError, RecursionError):
            raise ConfigError(
                f"{key} has a date for a key, a number of thousands of digits, or no end."
            ) from None
    return plain


def _is_integer(_, value):
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e300


def _is_finite(_, value):
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _check_complete(value, schema, definitions, path):
    """Check that a section has every key that has no default; they all stand in config.yaml."""
    schema = _referenced(schema, definitions)
    for key, part in schema.get("properties", {}).items():
        if key not in value and "default" not in part:
            raise ConfigError(f"{_path_of([*path, key])} is missing.")
        if "properties" in _referenced(part, definitions) and key not in ("tables", "figures"):
            _check_complete(value.get(key, {}), part, definitions, [*path, key])


def _sentence(error):
    """Return a jsonschema error as one sentence for the user."""
    rule, allowed = error.validator, error.validator_value
    if rule == "additionalProperties":
        return _unknown_key(error)
    if rule == "required":
        missing = next(name for name in allowed if name not in error.instance)
        return f"{_path_of([*error.absolute_path, missing])} is missing."
    key = _path_of(error.absolute_path) or "the configuration"
    found = json.dumps(error.instance)
    if len(found) > LONGEST_VALUE:
        found = found[: LONGEST_VALUE - 3] + "..."
    if rule == "type":
        names = " or ".join(allowed if isinstance(allowed, list) else [allowed])
        return f"{key} is {found}, but must be {names}{_hint(error)}."
    if rule == "enum":
        return f"{key} is {found}, but must be one of: {', '.join(map(str, allowed))}."
    allowed = error.schema.get("$comment", allowed)  # a pattern in words
    return f"{key} is {found}, but {RULES.get(rule, rule + ' {}').format(allowed)}."


def _hint(error):
    if not isinstance(error.instance, str):
        return ""
    if error.validator_value == "boolean":
        return " (on the command line, True or False)"
    if error.absolute_path[-1] == "keep_weights":
        return ", the number of seeds whose weights to use (0 to save none)"
    try:
        float(error.instance)
    except ValueError:
        return ""
    return " (YAML reads that as text; write 1.0e-5, say, with a decimal point, not 1e-5)"


def _unknown_key(error):
    known = list(error.schema.get("properties", {}))
    patterns = error.schema.get("patternProperties", {})
    unknown = next(
        name
        for name in error.instance
        if name not in known and not any(re.search(pattern, name) for pattern in patterns)
    )
    place = _path_of([*error.absolute_path, unknown])
    for allowed_name in patterns.values():
        return f"{place} is not a name that can be used here; {allowed_name['description']}"
    if unknown in GONE:
        return f"{place} is not a key any more: {GONE[unknown]}."
    return f"{place} is not a known key{did_you_mean(unknown, known)}; known: {', '.join(known)}."


def _path_of(parts):
    """Return a path as one writes it: experiments.stacked.configurations[3].hidden."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def did_you_mean(name, known):
    """Return a hint at the known name nearest to an unknown one, or nothing."""
    near = difflib.get_close_matches(str(name), known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _referenced(schema, definitions):
    """Return the part of the schema that a reference stands for, or the schema itself."""
    if "$ref" in schema:
        return definitions[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _fill_defaults(value, schema, definitions, changes=False):
    """Give every missing optional key the default that the schema states, and numbers one type.

    3 becomes 3.0 where the schema has a number, as the two mean the same and must train the same.
    `changes` to settings get no defaults: they stay as few as they are.
    """
    schema = _referenced(schema, definitions)
    if "network" in schema.get("if", {}).get("properties", {}):
        network = schema["if"]["properties"]["network"]["const"]
        branch = "then" if value.get("network") == network else "else"
        schema = _referenced(schema[branch], definitions)
    if isinstance(value, list):
        for item in value:
            _fill_defaults(item, schema.get("items", {}), definitions, changes)
    if not isinstance(value, dict):
        return
    for key, part in schema.get("properties", {}).items():
        if key not in value and "default" in part and not changes:
            value[key] = json.loads(json.dumps(part["default"]))
        if key not in value:
            continue
        if _referenced(part, definitions).get("type") == "number":
            value[key] = float(value[key])
        only_changes = changes or key in ("training", "variants")
        _fill_defaults(value[key], part, definitions, only_changes)
    for part in schema.get("patternProperties", {}).values():
        for item in value.values():
            _fill_defaults(item, part, definitions, changes)
