# From MNIST to every table and figure of the paper, stage by stage; config.yaml says what is trained.

import os
import sys

from snakemake.utils import min_version

# Any file may lie in this folder and in the working directory, `packaging.py` for one. No module is
# to come from there, though Snakemake looks here, and `python -m snakemake` on a node looks there.
CHECKOUT = str(
    workflow.current_basedir
)  # `basedir` is another folder if a workflow imports this one
sys.path = [folder for folder in sys.path if folder not in (workflow.basedir, CHECKOUT)]
os.environ["PYTHONSAFEPATH"] = "1"

min_version("9.27")


envvars:
    "PYTHONSAFEPATH",


# What a shell profile, a notebook or a cluster's modules set for Python, and for the kernels of the
# numerical libraries, reaches no job. Snakemake itself sets the numbers of threads.
shell.prefix(
    "set -euo pipefail; "  # Snakemake's own prefix
    "unset ${{!PYTHON*}} ${{!TF_*}} ${{!XLA_*}} ${{!ONEDNN_*}} ${{!DNNL_*}} ${{!NPY_*}}"
    " OPENBLAS_CORETYPE; "
)


report: "workflow/captions/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/data_inputs.smk"
include: "workflow/rules/inputs.smk"
include: "workflow/rules/own_inputs.smk"


# Where things are made: `<results>` in a rule is the folder `results:` of config.yaml.
pathvars:
    results=PATHS.results,
    made=PATHS.made,
    logs="<made>/logs",
    benchmarks="<made>/benchmarks",


include: "workflow/rules/data.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/analysis.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"


rule all:
    """All that the page shows, and the page: what `snakemake` makes if nothing is asked for."""
    default_target: True
    input:
        rules.tables.input,
        rules.figures.input,
        rules.page.input,
    localrule: True


rule unknown_target:
    """Say what to ask for in place of a target that is not there."""
    input:
        hint_at_target,
    output:
        "{target}",
    wildcard_constraints:
        target=NOT_A_FILE,
    localrule: True


if workflow.is_main_process:
    stale = {run: STALE[run] for run in TRAININGS if run in STALE}
    missing = [run for run in TRAININGS if not os.path.exists(f"{PATHS.results}/{run}/run.json")]
    logger.info(
        "\n".join([*reasons(stale), in_words(TRAININGS, [*missing, *stale])]),
        extra={"expected_seconds": EXPECTED_SECONDS},  # for `--logger progress`
    )
