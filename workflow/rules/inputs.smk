# What the rules read and are told: functions of their wildcards, and lists from the registries.

from pathlib import Path

from autoencoders.analysis.published import DATASET as DATASET_OF_PAPER
from autoencoders.analysis.published import read_published
from autoencoders.claims.needed import STUDIES, claimed
from autoencoders.figures.figure_catalog import FIGURES, own_entry
from autoencoders.files import training_code_sha256
from autoencoders.labels.networks import numbered
from autoencoders.measurements.measurement_catalog import MEASUREMENTS
from autoencoders.measurements.measurement_catalog import STUDY as UNLABELLED
from autoencoders.report.table_catalog import TABLES
from autoencoders.sweep.on_disk import reasons, stale_settings
from autoencoders.sweep.cost import in_words, memory_mb, minutes, priority, seconds

EXPECTED_SECONDS = {}  # of the trainings that are to run, by the file that each writes last
STALE = stale_settings(SWEEP.trainings, PATHS.results) if workflow.is_main_process else {}


def declared_data(wildcards):
    """Return the manifest of the data, for those training runs alone that are declared."""
    if wildcards.run not in SWEEP.trainings:
        hint = did_you_mean(wildcards.run, SWEEP.trainings)
        refuse(
            "No rule"  # apart, or Snakemake's linter takes the sentence for one
            f" to produce {PATHS.results}/{wildcards.run}/run.json: the configuration declares no "
            f"such training run{hint}."
        )
    # Here and not for all that is declared: Snakemake asks for the input of what it is to make.
    record = f"{PATHS.results}/{wildcards.run}/run.json"
    if wildcards.run in STALE or not os.path.exists(record):
        EXPECTED_SECONDS[record] = seconds(SWEEP.trainings[wildcards.run])
    return PATHS.manifest


def configuration_of(wildcards):
    folder = Path(wildcards.run).parent
    return f"{folder.parent.name}/{folder.name}"


def config_of(wildcards):
    return canonical_json(SWEEP.trainings[wildcards.run])


def enough(estimate):
    """Return a resource of a training run as estimated; it doubles with every attempt."""
    return lambda wildcards, attempt: estimate(SWEEP.trainings[wildcards.run]) * 2 ** (attempt - 1)


def longest_first(wildcards):
    config = SWEEP.trainings[wildcards.run]
    return priority(config, any(kind.applies(config) for kind in MEASUREMENTS.values()))


NUMBERS = read_published(Path(CHECKOUT, "resources/report"))
ALL = list(SWEEP.configurations.values())
SIGMOID = []
for each in ALL:
    if each.settings["network"] == "classifier" and each.settings["activation"] == "sigmoid":
        SIGMOID.append(each)
CALIBRATION = [name for name in SWEEP.settings["calibration"] if name in SWEEP.studies]
CALIBRATED = []  # the paper's numbers say nothing about other data: there is nothing to train
if DATASET.name == DATASET_OF_PAPER:
    CALIBRATED = [SWEEP.studies[name] for name in CALIBRATION]
IN_CALIBRATION = configurations_of(
    dict.fromkeys(name for study in CALIBRATED for name in study.networks)
)
COMPARED = configurations_of(NUMBERS.configurations)
CLAIMED = configurations_of(claimed(NUMBERS))
WITH_PUBLISHED = {"published": PATHS.published}


def measured(kind):
    """Return the configurations and studies that a kind of measurement is made of."""
    entry = MEASUREMENTS[kind]
    studies = included_studies([UNLABELLED] if entry.of_study else [])
    return [each for each in ALL if entry.applies(each.settings)], studies


def measure_inputs(wildcards):
    runs, needs = measured(wildcards.kind), ["weights.npz"]
    return PATHS.read_by("measure", runs, needs, arrays=ancient(PATHS.arrays))


# --- figures and report ---


def figure_inputs(wildcards):
    name = wildcards.figure
    figure = entry_of_figure(name)
    if "weights" in figure.needs and SWEEP.settings["keep_weights"] == 0:
        refuse(f"{name} shows weights, but keep_weights is 0; set it to 1 or more.")
    return PATHS.read_by(
        "plot_figure",
        runs=([] if name in TABULATED else shown_by(name), []),
        needs=figure.run_files,
        arrays=ancient(PATHS.arrays),
        published=PATHS.published if "published" in figure.needs else [],
        tables=PATHS.csv([name] if name in TABULATED else figure.tables),
    )


def sources_of(table):
    return TABLES[table].sources if table in TABLES else [table]


def table_inputs(wildcards):
    return PATHS.read_by("render_table", tables=PATHS.csv(sources_of(wildcards.table)))


def shows(name):
    """Return what the caption of a table or figure says that it shows."""
    if name in TABLES:
        return TABLES[name].caption
    return (
        f"Results by setting: {Path(name).name}"
        if name in TABULATED
        else entry_of_figure(name).caption
    )


def table_files(name):
    suffixes = (".html", ".md", ".tex")
    return PATHS.csv(sources_of(name)) + multiext(f"{PATHS.made}/tables/{name}", *suffixes)


def figure_files(name):
    return multiext(f"{PATHS.made}/figures/{name}", ".svg", ".pdf", ".png", ".json")
