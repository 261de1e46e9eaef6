# What the rules share: the sweep that config.yaml declares, its paths, a few helpers.

import os
import shlex
import sys

sys.path.insert(0, f"{CHECKOUT}/workflow")

from snakemake.exceptions import WorkflowError

from autoencoders.files import canonical_json
from autoencoders.sweep.checking import ConfigError, did_you_mean
from autoencoders.sweep.config_files import composed, read_file
from autoencoders.sweep.declaration import read_sweep
from autoencoders.sweep.paths import Paths
from autoencoders.sweep.snakemake_internals import (
    command_line_config,
    config_files,
    deploys_conda,
    resources_set_by_user,
)
from autoencoders.sweep.targets import unknown_target

try:
    for path in config_files(workflow):
        read_file(path)  # Snakemake has read them, but lets a key stand twice
    # Not by `configfile:`, so that a file laid over it can leave out what is the paper's.
    BASE = read_file(f"{CHECKOUT}/config.yaml")
    SWEEP = read_sweep(composed(BASE, config, command_line_config(workflow)))
    PATHS = Paths(SWEEP, os.path.relpath(CHECKOUT))
except ConfigError as error:
    raise WorkflowError(f"config: {error}")

DATASET = SWEEP.dataset


def refuse(sentence):
    """End in a sentence; with a WorkflowError of a function, Snakemake shows lines of the code."""
    raise SystemExit(f"error: {sentence}")


def environment(name):
    """Return for `conda:` an environment's file; None unless Snakemake is to make environments,
    as it would copy the file into its record of every output all the same."""
    path = f"../../envs/{name}.yaml" if deploys_conda(workflow) else None
    return lambda wildcards: path


def untracked(value):
    """Return a param whose changes rerun nothing, as those of functions of the output do not."""
    return lambda wildcards, output: value


def doubling(amount):
    """Return a resource that doubles with every attempt: a job killed for it succeeds on retry."""
    return lambda wildcards, attempt: amount * 2 ** (attempt - 1)


def configurations_of(names):
    return [SWEEP.configurations[name] for name in names if name in SWEEP.configurations]


def shown_by(name):
    """Return the configurations that a table or figure shows."""
    return configurations_of((SWEEP.tables | SWEEP.figures).get(name, []))


def included_studies(names):
    """Return those of some studies that the claims, tables and page are to use."""
    included = SWEEP.settings["include_studies"]
    return [SWEEP.studies[name] for name in names if included and name in SWEEP.studies]


# How the scripts of the later stages are called: more threads would wait for each other on cores that
# other jobs have, and a notebook's backend of matplotlib is not there for a job.
REQUEST = (
    "printf %s {params.declared:q} | MPLBACKEND=agg OPENBLAS_NUM_THREADS={threads}"
    " python {input.script:q} --manifest {input.manifest:q} --arrays {input.arrays:q}"
    " --published {input.published:q} --tables {input.tables:q} --figures {input.figures:q}"
    f" --output {{output:q}} --results {shlex.quote(PATHS.results)} 2>&1 | tee {{log:q}}"
) + (" > /dev/null" if PATHS.partial is None else "")
