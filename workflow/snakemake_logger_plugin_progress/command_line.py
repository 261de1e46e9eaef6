"""What is wrong with a command line of Snakemake's, told before Snakemake reads it.

By itself Snakemake answers a configuration file that is not there with a traceback, one that is no
YAML without file and line, an executor that is not installed with a list of others, and a workflow
profile that is not there with nothing at all: on a cluster everything would run on the head node.
"""

from importlib.util import find_spec
from pathlib import Path

import yaml

CONFIG_FILES = ("--configfile", "--configfiles")
PROFILES = ("--workflow-profile", "--profile")
EXECUTOR = ("--executor", "-e")


def fault_of(arguments):
    """Return in a sentence what is wrong with a command line, without the program; or None."""
    profiles = []
    for option, values in options_of(arguments):
        fault = None
        if option in CONFIG_FILES:
            fault = fault_of_config_files(option, values)
        elif option in PROFILES and values and values[0] != "none":
            profiles.append(values[0])
            if option == "--workflow-profile" and not profile_file(values[0]):
                fault = (
                    f"there is no profile {values[0]}; profiles/ has "
                    f"{', '.join(sorted(path.name for path in Path('profiles').glob('*')))}."
                )
        elif option in EXECUTOR and values:
            fault = fault_of_executor(values[0])
        if fault:
            return fault
    for profile in profiles:
        if fault := fault_of_executor(read(profile_file(profile)).get("executor")):
            return fault
    return None


def options_of(arguments):
    """Return the options of a command line, each with the values up to the next option."""
    options, takes_more = [], False
    for argument in arguments:
        if argument == "--":
            break
        if argument.startswith("-") and argument != "-":
            option, equals, value = argument.partition("=")
            options.append((option, [value] if equals else []))
            takes_more = not equals
        elif takes_more:
            options[-1][1].append(argument)
    return options


def fault_of_config_files(option, paths):
    """Return what is wrong with the values of `--configfile`, or None."""
    for path in map(Path, paths):
        if not path.exists():
            return (
                f"there is no file {path}, which {option} names. It takes every word up to the "
                f"next option; if {path} is a target, put it first: "
                f"snakemake {path} --cores 8 {option} ..."
            )
        if not path.is_file():
            continue  # a pipe can be read only once
        try:
            read(path)
        except OSError as error:
            return f"{path} cannot be read: {error.strerror}."
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            return f"{path}, line {mark.line + 1}: {error.problem or error.context}."
        except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
            return f"{path} is no YAML: {' '.join(str(error).split())}."
    return None


def fault_of_executor(name):
    """Return what to install for an executor, or None if it is there or Snakemake's own."""
    module = f"snakemake_executor_plugin_{str(name).replace('-', '_')}"
    if name in (None, "local", "dryrun", "touch") or find_spec(module):
        return None
    install = "sh requirements/install.sh slurm" if name == "slurm" else f"pip install {module}"
    return f"the executor {name} is not installed: run `{install.replace('_', '-')}`."


def profile_file(name):
    """Return the file of a profile that lies where Snakemake looks for it first, or None."""
    for path in (Path(name), Path("profiles", name)):
        for file in (path, path / "config.yaml", *sorted(path.glob("config.v*.yaml"))):
            if file.is_file():
                return file
    return None


def read(path):
    """Return a YAML file's content; an empty mapping if there is no file."""
    if path is None:
        return {}
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, yaml.CSafeLoader) or {}
