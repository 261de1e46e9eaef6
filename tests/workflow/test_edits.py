"""What every kind of edit reruns, and that docs/extending.md says so.

    python tests/workflow/test_edits.py

writes the table of docs/extending.md anew.
"""

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    for folder in ("tests/helpers", "workflow"):
        sys.path.insert(0, str(Path(__file__).resolve().parents[2] / folder))

from snakemake_runs import REPOSITORY
from tiny_jobs import (
    ALL,
    ANALYSES,
    AUTOENCODERS,
    CLAIMS,
    CLASSIFIERS,
    DRAWN,
    FIGURES,
    MEASUREMENTS,
    OF_AUTOENCODERS,
    OF_CLASSIFIERS,
    OF_SIGMOIDS,
    PAGE,
    RENDERED,
    TABLES,
    TRAININGS,
    WITH_PUBLISHED,
)

DOCUMENT = REPOSITORY / "docs" / "extending.md"
BEGIN, END = "<!-- table of edits: begin -->\n", "<!-- table of edits: end -->\n"
COLUMNS = {
    "training jobs": TRAININGS,
    "measurements": MEASUREMENTS,
    "analyses": ANALYSES | {"judge_claims"},
    "figures": FIGURES,
    "rendered tables": TABLES,
    "page": PAGE,
}


def setting(*path, to):
    """Return an edit of config.yaml: the value at a path of keys and positions."""

    def edit(checkout):
        config = checkout.config()
        section = config
        for key in path[:-1]:
            section = section[key]
        section[path[-1]] = to
        checkout.configure(config)

    return edit


def appended(name, text):
    """Return an edit that adds a text to a file; one that is not there is made."""

    def edit(checkout):
        with open(checkout.folder / name, "a") as file:
            file.write(text)

    return edit


def new_module(folder):
    """Return an edit that adds a module to the library."""
    return appended(f"workflow/autoencoders/{folder}new_module.py", '"""A new module."""\n')


def exchanged_values(checkout):
    """Snakemake compares params as a set of texts, in which exchanged values look the same."""
    config = checkout.config()
    settings = config["autoencoder"]
    rate, momentum = settings["learning_rate"], settings["momentum"]
    settings["learning_rate"], settings["momentum"] = momentum, rate
    checkout.configure(config)


def another_line(checkout):
    config = checkout.config()
    config["experiments"]["stacked"]["configurations"].append({"hidden": [64, 32]})
    checkout.configure(config)


def no_line(checkout):
    config = checkout.config()
    del config["experiments"]["stacked"]["configurations"][0]
    checkout.configure(config)


def number_of_the_paper(checkout):
    checkout.edit("resources/report/table2.csv", "\n128,0.92,", "\n128,0.93,")


STACKED = ("experiments", "stacked", "configurations")
PENALTY = ("experiments", "over-complete", "configurations", 0, "penalty", "weight")
NORMALIZED = ("classifier", "batch_normalization", "activations")
OF_ALL_DATA = {"measure images", "measure layer_probes"}  # here of no network
OF_WEIGHTS = {f"figure{number}.svg" for number in (2, 5, 6, 7, 8, 9)}
SIGMOIDS = {name for name in CLASSIFIERS if "sigmoid" in name}
OF_PENALTY = {"compute_table1", "table1.html", "measure robustness", *CLAIMS}
OF_PENALTY |= {"collect_runs", "figure3.svg", "figure4.svg", "figure5.svg", *PAGE}
NUMBERS = {"compute_table1", "compute_table2", "compare"} | CLAIMS
SHOWING_NUMBERS = {"table1.html", "table2.html", "comparison.html"} | WITH_PUBLISHED | PAGE
EDITS = {
    "`config.yaml`": {
        "a comment": (appended("config.yaml", "\n# A remark.\n"), set()),
        "`mnist:` mirrors, local copy, time limits": (
            setting("mnist", to={"local": "here", "mirrors": [], "timeout": 1, "time_limit": 9}),
            set(),
        ),
        "`momentum: 0` to `0.0`": (
            setting("experiments", "over-complete-plain", "training", "momentum", to=0.0),
            set(),
        ),
        "`tf32: true` with `device: cpu`": (setting("tf32", to=True), set()),
        "`keep_weights: 10` to `1`": (
            setting("keep_weights", to=1),
            MEASUREMENTS - OF_ALL_DATA | DRAWN,
        ),
        "`keep_weights: 10` to `0`": (
            setting("keep_weights", to=0),
            TRAININGS | MEASUREMENTS - OF_ALL_DATA | DRAWN - OF_WEIGHTS,
        ),
        "`experiments.stacked.seeds: 2` to `1`": (
            setting("experiments", "stacked", "seeds", to=1),
            OF_CLASSIFIERS | OF_SIGMOIDS | {"figure9.svg"},
        ),
        "`experiments.stacked.seeds: 2` to `4`": (
            setting("experiments", "stacked", "seeds", to=4),
            {name.replace("0-1", "2-3") for name in CLASSIFIERS if "no-hidden" not in name}
            | OF_CLASSIFIERS
            | OF_SIGMOIDS
            | {"figure9.svg"},
        ),
        "a setting of one line of classifiers": (
            setting(*STACKED, 0, "training", to={"momentum": 0.5}),
            {name for name in CLASSIFIERS if "-16/" in name} | OF_CLASSIFIERS | OF_SIGMOIDS,
        ),
        "`weight` of a penalty": (
            setting(*PENALTY, to=2e-4),
            {name for name in AUTOENCODERS if "-l1-" in name} | OF_PENALTY,
        ),
        "`learning_rate` and `momentum` of the autoencoders exchanged": (
            exchanged_values,
            AUTOENCODERS | OF_AUTOENCODERS,
        ),
        "`sparseness_threshold`": (
            setting("autoencoder", "sparseness_threshold", to=0.2),
            AUTOENCODERS | OF_AUTOENCODERS,
        ),
        "`batch_normalization.activations` with sigmoid added": (
            setting(*NORMALIZED, to=["relu", "sigmoid"]),
            SIGMOIDS
            | OF_CLASSIFIERS
            | OF_SIGMOIDS
            | CLAIMS
            | {"compare", "comparison.html", "figure9.svg"},
        ),
        "a line with a new network": (
            another_line,
            {f"classifier/{name}-64-32/seeds-0-1" for name in ("relu", "sigmoid")}
            | OF_CLASSIFIERS
            | OF_SIGMOIDS,
        ),
        "a line removed": (no_line, OF_CLASSIFIERS | OF_SIGMOIDS),
        "which networks a figure shows": (
            setting("figures", "figure6", to=["autoencoder/relu-24"]),
            {"figure6.svg"} | PAGE,
        ),
        "which networks Table 1 shows": (
            setting("tables", "table1", to=["over-complete"]),
            {"compute_table1", "table1.html"} | PAGE,
        ),
        "`onednn`, `threads`, `device`": (
            setting("onednn", to=False),
            ALL - OF_ALL_DATA,
        ),
        "`dataset`": (
            setting("dataset", to="lab"),
            {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "lab"} | ALL,
        ),
    },
    "`workflow/autoencoders/`, by a new module or an edited one": {
        "directly in it, or in `training/`": (
            new_module("training/"),
            TRAININGS | MEASUREMENTS | DRAWN,
        ),
        "`data/`": (new_module("data/"), {"digits"} | ALL),
        "`runs/`": (new_module("runs/"), MEASUREMENTS | DRAWN),
        "`analysis/`": (new_module("analysis/"), MEASUREMENTS | DRAWN),
        "`measurements/`": (new_module("measurements/"), MEASUREMENTS | CLAIMS | PAGE),
        "`claims/`": (new_module("claims/"), CLAIMS | RENDERED),
        "`labels/`": (new_module("labels/"), CLAIMS | FIGURES | RENDERED),
        "`figures/`": (new_module("figures/"), FIGURES | PAGE),
        "`report/`": (new_module("report/"), RENDERED),
        "`report/templates/`": (
            appended("workflow/autoencoders/report/templates/page.css", "\n/* Another look. */\n"),
            RENDERED,
        ),
        "`sweep/`": (new_module("sweep/"), set()),
    },
    "other files": {
        "`workflow/scripts/compute_table1.py`": (
            appended("workflow/scripts/compute_table1.py", "\n# Another table.\n"),
            {"compute_table1", "table1.html"} | PAGE,
        ),
        "`workflow/scripts/download_mnist.py`": (
            appended("workflow/scripts/download_mnist.py", "\n# Another way.\n"),
            set(),
        ),
        "`workflow/captions/`": (appended("workflow/captions/page.rst", "More words.\n"), set()),
        "a number in `resources/report/table2.csv`": (
            number_of_the_paper,
            NUMBERS | SHOWING_NUMBERS,
        ),
    },
}
CASES = [(words, *case) for group in EDITS.values() for words, case in group.items()]


@pytest.mark.parametrize(("words", "edit", "jobs"), CASES, ids=[case[0] for case in CASES])
def test_an_edit_reruns_what_depends_on_it(checkout, words, edit, jobs):
    edit(checkout)
    assert checkout.jobs() == jobs


def test_the_documents_say_so():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text[text.index(BEGIN) : text.index(END)] == f"{BEGIN}\n{table()}\n", (
        f"run `python {Path(__file__).relative_to(REPOSITORY)}`"
    )


def table():
    """Return the edits with the jobs that each reruns, as a table in Markdown."""
    lines = [f"| edit | {' | '.join(COLUMNS)} |", f"|---|{'---:|' * len(COLUMNS)}"]
    for group, cases in EDITS.items():
        lines.append(f"| **{group}** |{' |' * len(COLUMNS)}")
        for words, (_, jobs) in cases.items():
            cells = [cell(jobs, column) for column in COLUMNS.values()]
            lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def cell(jobs, column):
    """Return how many of a column's jobs are rerun; new training jobs count as well."""
    rerun = jobs & column
    if column is TRAININGS:
        rerun |= {job for job in jobs if job.startswith(("autoencoder/", "classifier/"))}
    if rerun == column:
        return "all"
    return str(len(rerun) or "–")


def main():
    """Write the table into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table()}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
