# What the rules share: the sweep that config.yaml declares, and where things lie.

import os
import sys
from pathlib import Path

sys.path.insert(0, f"{workflow.basedir}/workflow")

from snakemake.exceptions import WorkflowError
from snakemake.settings.types import DeploymentMethod

from autoencoders.files import canonical_json, sha256_of_json, write_json
from autoencoders.records import fault, present_sums
from autoencoders.reported import read_report
from autoencoders.stages import STAGES, code_sha256
from autoencoders.sweep import ConfigError, did_you_mean, read_sweep, work
from autoencoders.words import caption_of, number_of

try:
    SWEEP = read_sweep(config)
except ConfigError as error:
    raise WorkflowError(f"config: {error}")

# Relative to the working directory, so that a checkout can move with its results.
ROOT = os.path.relpath(workflow.basedir)
RESULTS = SWEEP.settings["results"]
DATASET = SWEEP.settings["dataset"]
ARRAYS = f"{RESULTS}/data/{DATASET}/arrays.npz"
MANIFEST = f"{RESULTS}/data/{DATASET}/manifest.json"
PLAN = f"{RESULTS}/plan.json"
# The report's numbers say nothing about other data: there is nothing to train for them.
CALIBRATED = SWEEP.settings["calibration"] if DATASET == "lab" else []


def inside(path):
    """Return a path of this repository relative to the working directory."""
    return os.path.normpath(f"{ROOT}/{path}")


def resource(name):
    return inside(f"resources/{name}")


def script(name):
    return inside(f"workflow/scripts/{name}")


def code(*stages):
    """Return the source files of some stages, each once."""
    files = dict.fromkeys(name for stage in stages for name in STAGES[stage])
    return [inside(f"workflow/{name}") for name in files]


def environment(path):
    """Return for `conda:` the file of an environment, if Snakemake is to deploy it.

    If not, Snakemake would still copy the whole file into its record of every output.
    """
    deployed = DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method
    return lambda wildcards: path if deployed else None


def run_records(configurations):
    """Return the records of configurations, with those seeds of the lottery that are there.

    For input functions: what is asked for is not known while the rules are read.
    """
    declared = [f"{RESULTS}/runs/{name}/run.json" for name in configurations]
    added = [f"lottery/{name}" for name in configurations if name in SWEEP.lottery]
    return declared + [f"{RESULTS}/{run}/run.json" for run in added if is_wanted(run)]


def study_records(studies):
    """Return the records of all runs of some studies, with those declared ones that stand for them."""
    runs = [
        run
        for study in studies
        for of_variant in SWEEP.study_runs(study).values()
        for run in of_variant.values()
    ]
    return [f"{RESULTS}/{run}/run.json" for run in dict.fromkeys(runs)]


def is_wanted(run):
    """Return whether a run that nothing needs is to be used: it is asked for, or it is there.

    One that is there but stale is not: it would be trained again without having been asked for.
    """
    if run.split("/")[0] in workflow.dag_settings.targets:
        return True
    if run not in IS_THERE:
        IS_THERE[run] = (
            os.path.exists(f"{RESULTS}/{run}/run.json")
            and os.path.exists(MANIFEST)
            and fault(f"{RESULTS}/{run}", run_sums(run)) is None
        )
    return IS_THERE[run]


IS_THERE = {}


def run_sums(run):
    if "present" not in IS_THERE:
        IS_THERE["present"] = present_sums(MANIFEST)
    return {**IS_THERE["present"], "config": sha256_of_json(SWEEP.trainings[run])}


def run_weights(configurations):
    if SWEEP.settings["keep_weights"] == "none":
        raise WorkflowError(
            "keep_weights is none in the configuration, but figures 2 and 5 to 9 draw a network's "
            "weights; set it to first or all."
        )
    return [f"{RESULTS}/runs/{name}/weights.npz" for name in configurations]


def calibrated():
    """Return `calibration` as a list if all of its runs are there: the page trains none of them."""
    runs = [
        run
        for study in CALIBRATED
        for of_variant in SWEEP.study_runs(study).values()
        for run in of_variant.values()
        if run.startswith("studies/")
    ]
    return ["calibration"] if runs and all(map(is_wanted, runs)) else []


def study_files(study, *names):
    """Return files of a study's runs, if all of these are there or asked for."""
    folders = {
        folder: None
        for runs in (SWEEP.study_runs(study).values() if study in SWEEP.studies else [])
        for folder in runs.values()
    }
    if not all(is_wanted(folder) for folder in folders if folder.startswith("studies/")):
        return []
    return [f"{RESULTS}/{folder}/{name}" for folder in folders for name in names]


def selection(configurations):
    """Return one sum over the settings of some configurations: a change of any changes it."""
    return sha256_of_json([[name, SWEEP.configurations[name]] for name in configurations])


def configuration_of(wildcards):
    """Return the name of the configuration whose run this is."""
    folder = Path(wildcards.run)
    return f"{folder.parent.name}/{folder.name}"


def shows(name):
    """Return in words what a table or figure shows."""
    names = (SWEEP.tables | SWEEP.figures)[name]
    return caption_of(name, [SWEEP.configurations[each] for each in names])


def labels(wildcards):
    """Return what the lists of Snakemake's report say of a table or figure."""
    name = wildcards.get("table") or wildcards.get("figure")
    return {"name": number_of(name), "shows": shows(name)}


def data_of_declared(wildcards):
    """Return the manifest of the data, for those trainings alone that are declared."""
    if wildcards.run not in SWEEP.trainings:
        hint = did_you_mean(wildcards.run, SWEEP.trainings)
        raise WorkflowError(
            "No rule"  # apart, or Snakemake's linter takes the sentence for one
            f" to produce {RESULTS}/{wildcards.run}/run.json: the configuration declares no such"
            f" training{hint}."
        )
    return MANIFEST


def settings_of(wildcards):
    """Return a configuration's settings as one text: Snakemake compares params by their text."""
    return canonical_json(SWEEP.trainings[wildcards.run])


def doubling(amount):
    """Return a resource that doubles with every attempt, so that a job killed for it gets through."""
    return lambda wildcards, attempt: amount * 2 ** (attempt - 1)


def enough_minutes(wildcards, attempt):
    """Return the minutes that a training is given: many times what it takes on a common core."""
    slow_core = 60 * 10**10  # floating-point operations per minute
    minutes = 10 + work(SWEEP.trainings[wildcards.run]) / slow_core
    return doubling(round(minutes))(wildcards, attempt)


def longest_first(wildcards):
    """Return a training's priority: the longest first, and all behind a table or figure, which is 0.

    What can be drawn is drawn at once; left to the end it would keep one core waiting for another.
    For the same reason those go first that `measures` needs, by far the longest job of these.
    """
    needed = wildcards.run.removeprefix("runs/") in MEASURED
    return int(work(SWEEP.trainings[wildcards.run]) // 10**6) - 10**12 + needed * 10**11


def mnist_sources():
    """Return where the MNIST files are looked for, in order."""
    local = [os.environ.get("MNIST_LOCAL"), SWEEP.settings["mnist"]["local"]]
    return [source for source in local if source] + SWEEP.settings["mnist"]["mirrors"]


def write_plan():
    """Write what is declared for the scripts that read runs; at the start of every real run."""
    write_json(PLAN, SWEEP.plan())


MNIST_SHA256 = {
    name: sha256
    for sha256, name in map(
        str.split,
        Path(workflow.basedir, "resources/mnist/SHA256SUMS").read_text().splitlines(),
    )
}
