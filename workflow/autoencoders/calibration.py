"""The unstated settings of section 3.2, held against Table 2: what the report rules out.

A study varies one setting. Its variants are scored on one half of Table 2's cells, and what that
half says has to be confirmed on the other. A variant is *ruled out* when

- the report's text states another value,
- clearly fewer than half of its seeds keep to the stated epochs (pre-training 4 or 5, full
  training 5 to 15),
- its network without a hidden layer is clearly not the report's, or
- its score is clearly lower than the best one on both halves;

but what holds for every variant of a study cannot tell them apart and rules none of them out.
All others are *left open*. The present default stays, unless it is ruled out and another variant
is not: then the best one takes its place.
"""

import math
import statistics

import numpy as np
import pandas
from scipy.stats import t as student_t

from autoencoders.comparison import CONFIDENCE, tolerance, wilson_interval
from autoencoders.files import written_aside
from autoencoders.reported import DATASET, OTHER_DATA
from autoencoders.runs import RunsError
from autoencoders.tables import EMPTY, Cell, Shown, html, markdown, write_csv
from autoencoders.words import ACTIVATIONS, NO_HIDDEN, study_words, variant_words

NEAR = 0.01  # from the report's accuracy
EXACT = 1e-9  # what arithmetic may add to a difference
EPOCHS = {"pre_training": (4, 5), "full_training": (5, 15)}  # as the report states them
PHASES = {"pre_training": "pre-training", "full_training": "full training"}
UNSTACKED = f"classifier/{NO_HIDDEN}"
FEWEST_CELLS = 5  # of a half
RESAMPLES = 10_000

CHOOSING, CONFIRMING = "choosing", "confirming"
HALVES = (CHOOSING, CONFIRMING)
CHOSEN, LEFT_OPEN, RULED_OUT = "chosen", "left open", "ruled out"
YES, NO = "yes", "no"

COLUMNS = (
    "study",
    "variant",
    "default",
    "best",
    "verdict",
    "reason",
    "confirmed",
    "seeds",
    *(
        f"{column}_{half}"
        for half in HALVES
        for column in (
            "cells",
            "near",
            "score",
            "difference",
            "difference_low",
            "difference_high",
        )
    ),
    "pre_training_kept",
    "pre_training_share",
    "pre_training_epochs",
    "full_training_kept",
    "full_training_share",
    "full_training_epochs",
    "no_hidden",
    "no_hidden_sd",
    "no_hidden_difference",
    "no_hidden_allowed",
)
CELL_COLUMNS = ("study", "variant", "configuration", "half", "report", "seeds", "near", "score")
SUFFIXES = ("csv", "md", "html")


# --- the rules --------------------------------------------------------------------------------


def halves(report):
    """Return which half each cell of Table 2 belongs to, as the squares of a chess board.

    The first row's ReLU network chooses, its sigmoid network confirms; in the second row it is the
    other way round, and so on. So each half has every architecture once, one half of them as a
    ReLU and the other as a sigmoid network.

    Parameters
    ----------
    report : Report
        All numbers of the report.

    Returns
    -------
    dict of str to str
        `choosing` or `confirming` by configuration.
    """
    rows, of_cell = {}, {}
    for cell, printed in report.cells.items():
        if printed.place == "Table 2":
            activation, _, hidden = cell.split("/")[1].partition("-")
            row = rows.setdefault(hidden, len(rows))
            of_cell[cell] = HALVES[(row + list(ACTIVATIONS).index(activation)) % 2]
    return of_cell


def n_near(accuracies, report):
    """Return how many accuracies are within 0.01 of the report's; None, of a diverged seed, not."""
    return sum(each is not None and abs(each - report) <= NEAR + EXACT for each in accuracies)


def score(near, n):
    """Return the score of a cell: log((k + 1) / (n + 2)) for `near`, k, of n seeds.

    It is the logarithm of Laplace's estimate of the chance that one more seed comes as near.
    """
    return math.log((near + 1) / (n + 2))


def mean_and_interval(differences):
    """Return the mean of paired differences with its 95 % interval.

    Parameters
    ----------
    differences : list of float
        One for each cell.

    Returns
    -------
    mean, low, high : float
        The interval is that of the percentile bootstrap over the cells, always with the same
        random numbers.

    References
    ----------
    B. Efron, R. J. Tibshirani, "An introduction to the bootstrap", Chapman & Hall (1993), ch. 13.
    """
    values = np.asarray(differences, dtype=np.float64)
    drawn = np.random.default_rng(0).integers(values.size, size=(RESAMPLES, values.size))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values[drawn].mean(axis=1), [tail, 1 - tail])
    return float(values.mean()), float(low), float(high)


def few_keep_to(kept, n):
    """Return whether clearly fewer than half of `n` seeds keep to the stated epochs."""
    return wilson_interval(kept, n)[1] < 0.5


def without_shared(grounds):
    """Return the grounds against each variant that do not hold against all of them.

    Parameters
    ----------
    grounds : dict of str to dict of str to str
        For every variant what speaks against it, each kind with its words.

    Returns
    -------
    own, shared : dict of str to list of str
        The words of what counts, and of what cannot tell the variants apart.
    """
    everywhere = set.intersection(*(set(of) for of in grounds.values()))
    own = {v: [w for kind, w in of.items() if kind not in everywhere] for v, of in grounds.items()}
    shared = {v: [w for kind, w in of.items() if kind in everywhere] for v, of in grounds.items()}
    return own, shared


def best_of(scores, against, default):
    """Return the variant with the highest score among those that nothing speaks against.

    Parameters
    ----------
    scores : dict of str to float
        Of the choosing half.
    against : dict of str to list of str
        What rules a variant out beside its score.
    default : str
        It wins a tie.

    Returns
    -------
    str
        The best of all where something speaks against each of them.
    """
    among = [variant for variant in scores if not against[variant]] or list(scores)
    return max(among, key=lambda variant: (scores[variant], variant == default))


def verdicts(against, lower, best, default):
    """Return the verdict on every variant of a study, and the reason for it.

    Parameters
    ----------
    against : dict of str to list of str
        What rules a variant out beside its score, in words.
    lower : dict of str to (bool, bool)
        Whether a variant's score is clearly lower than the best one's on the choosing and on the
        confirming half.
    best, default : str
        As for `best_of`, and what it returns.

    Returns
    -------
    dict of str to (str, str)
        `chosen`, `left open` or `ruled out`, and why.
    """
    reasons = {
        variant: against[variant]
        + [f"its score is clearly lower than that of {best} on both halves"] * all(lower[variant])
        for variant in against
    }
    judged = {}
    for variant in against:
        if reasons[variant]:
            judged[variant] = RULED_OUT, "; ".join(reasons[variant])
        elif variant == default and variant == best:
            judged[variant] = CHOSEN, "the default, and the best score"
        elif variant == default:
            judged[variant] = CHOSEN, f"the default; {best} is not clearly better on both halves"
        elif variant == best and reasons[default]:
            judged[variant] = CHOSEN, "the best score; the default is ruled out"
        elif variant == best:
            judged[variant] = LEFT_OPEN, "the best score, not clearly better than the default"
        else:
            judged[variant] = LEFT_OPEN, _open_words(lower[variant], best)
    return judged


def _open_words(lower, best):
    than = f"clearly lower than that of {best}"
    if not any(lower):
        return f"its score is not {than} on either half"
    return f"its score is {than} on the {HALVES[lower.index(True)]} half only"


def confirmed(chosen, others):
    """Return `yes`, or `no` if another variant is clearly better on the confirming half.

    Parameters
    ----------
    chosen : ndarray of shape (n_cells,)
        The scores of the chosen variant.
    others : list of ndarray of shape (n_cells,)
        Those of each other one.
    """
    better = [mean_and_interval(other - chosen)[1] > EXACT for other in others]
    return NO if any(better) else YES


# --- the numbers ------------------------------------------------------------------------------


def cells_of(report, plan, studies):
    """Return how near every variant comes to every cell of Table 2 that its study changes.

    Parameters
    ----------
    report : Report
        All numbers of the report.
    plan : dict
        What plan.json holds.
    studies : dict of str to dict of str to dict of str to Run
        By study, variant and configuration all runs, as `read_study` returns them. All variants
        of a study are given as many seeds as the one that has fewest.

    Returns
    -------
    pandas.DataFrame
        The columns `CELL_COLUMNS`: `near` of `seeds` are within 0.01 of the report's number, which
        makes the `score`.

    Raises
    ------
    RunsError
        If a study changes too few of the report's networks to be judged.
    """
    half_of, known = halves(report), report.beside(plan).cells
    rows = []
    for study, variants in studies.items():
        changed = _changed(plan, study)
        cells = [cell for cell in half_of if cell in known and cell in changed]
        for half in HALVES:
            count = sum(half_of[cell] == half for cell in cells)
            if count < FEWEST_CELLS:
                raise RunsError(
                    f"the study {study} changes {count} of Table 2's networks in the {half} half, "
                    f"and it takes {FEWEST_CELLS} with the report's settings to judge it; name "
                    f"more of them in its `of`, or leave it out of `calibration` in config.yaml."
                )
        n = _fewest_seeds(variants)
        for variant, runs in variants.items():
            for cell in cells:
                accuracies = [entry["accuracy"] for entry in _first(runs[cell], n)]
                near = n_near(accuracies, known[cell].value)
                text = known[cell].text
                rows.append((study, variant, cell, half_of[cell], text, n, near, score(near, n)))
    return pandas.DataFrame(rows, columns=list(CELL_COLUMNS))


def calibrate(report, plan, studies, cells):
    """Return what the report says of every variant of every study.

    Parameters
    ----------
    report, plan, studies
        As for `cells_of`.
    cells : pandas.DataFrame
        As `cells_of` returns it.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`, a row for each variant. `default` marks what config.yaml has now,
        `best` the highest score on the choosing half among those that nothing else rules out.
        For each half there are its `cells`, the share of seeds `near` the report's number, the
        mean `score`, and its `difference` to the best with a 95 % interval. Of all seeds in these
        cells `pre_training_kept` and `full_training_kept` keep to the stated epochs, with the
        share and the median epochs (of a layer). `no_hidden` is the mean accuracy without a hidden
        layer, `no_hidden_sd` its spread over the seeds, pooled over the study's variants.
        `confirmed` tells of the chosen variant whether no other one that nothing else rules out is
        clearly better on the confirming half. On other data than the report's no number is there.
    """
    rows = []
    for study in plan["calibration"]:
        if plan["dataset"] != DATASET:
            reason = f"the data are {plan['dataset']}, the report's are {DATASET}"
            rows += [
                {"study": study, "variant": variant, "verdict": OTHER_DATA, "reason": reason}
                for variant in plan["studies"][study]["variants"]
            ]
            continue
        of_study = cells[cells["study"] == study]
        rows += _study_rows(report, plan, study, studies[study], of_study)
    frame = pandas.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return frame.where(frame.notna(), "")


def _study_rows(report, plan, study, variants, cells):
    default = _default(plan, study)
    n = _fewest_seeds(variants)
    names = list(dict.fromkeys(cells["configuration"]))
    scores = {
        key: part.set_index("configuration")["score"]
        for key, part in cells.groupby(["variant", "half"])
    }
    # A run that stands for several variants is one sample.
    samples = {
        runs[UNSTACKED].folders: _no_hidden(runs, n)
        for runs in variants.values()
        if UNSTACKED in runs
    }
    spread, freedom = _pooled_sd(samples.values())
    rows, grounds = {}, {}
    for variant, runs in variants.items():
        entries = [entry for name in names for entry in _first(runs[name], n)]
        rows[variant] = {
            "study": study,
            "variant": variant,
            "default": YES if variant == default else "",
            "seeds": n,
            **_epochs(entries),
            **_no_hidden_row(_no_hidden(runs, n), spread, freedom, report),
        }
        for half in HALVES:
            of_half = cells[(cells["variant"] == variant) & (cells["half"] == half)]
            rows[variant] |= {
                f"cells_{half}": len(of_half),
                f"near_{half}": int(of_half["near"].sum()) / int(of_half["seeds"].sum()),
                f"score_{half}": float(of_half["score"].mean()),
            }
        grounds[variant] = _grounds(rows[variant], len(entries), runs, report)
    against, shared = without_shared(grounds)
    best = best_of({v: row[f"score_{CHOOSING}"] for v, row in rows.items()}, against, default)
    lower = {}
    for variant, row in rows.items():
        for half in HALVES:
            low_to_high = mean_and_interval(scores[variant, half] - scores[best, half])
            for part, value in zip(("", "_low", "_high"), low_to_high, strict=True):
                row[f"difference{part}_{half}"] = value
        lower[variant] = tuple(row[f"difference_high_{half}"] < -EXACT for half in HALVES)
    for variant, (verdict, reason) in verdicts(against, lower, best, default).items():
        reasons = [reason, *(f"as in every variant, {each}" for each in shared[variant])]
        rows[variant] |= {"verdict": verdict, "reason": "; ".join(reasons)}
        rows[variant]["best"] = YES if variant == best else ""
        if verdict == CHOSEN:
            others = [other for other in rows if other != variant and not against[other]]
            rows[variant]["confirmed"] = confirmed(
                scores[variant, CONFIRMING], [scores[other, CONFIRMING] for other in others]
            )
    return list(rows.values())


def _changed(plan, study):
    """Return the configurations that a variant of the study trains under other settings."""
    return {
        name
        for entries in plan["studies"][study]["variants"].values()
        for name, entry in entries.items()
        if not entry["folder"].startswith("runs/")
    }


def _default(plan, study):
    """Return the variant that changes nothing."""
    for variant, entries in plan["studies"][study]["variants"].items():
        if all(entry["folder"].startswith("runs/") for entry in entries.values()):
            return variant
    raise RunsError(
        f"no variant of the study {study} has the settings of the section `classifier`, which the "
        "others are held against; add one with them to its `variants` in config.yaml."
    )


def _fewest_seeds(variants):
    return min(len(run.metrics) for runs in variants.values() for run in runs.values())


def _first(run, n):
    return run.metrics[:n]


def _epochs(entries):
    """Return how many seeds keep to the stated epochs, and the median epochs."""
    row = {}
    for stem, (first, last) in EPOCHS.items():
        phases = [
            [n for phase, n in entry["epochs"].items() if phase.startswith(stem.replace("_", "-"))]
            for entry in entries
        ]
        kept = sum(
            not entry["diverged"] and all(first <= n <= last for n in of_seed)
            for entry, of_seed in zip(entries, phases, strict=True)
        )
        row |= {
            f"{stem}_kept": kept,
            f"{stem}_share": kept / len(entries),
            f"{stem}_epochs": float(statistics.median(n for of_seed in phases for n in of_seed)),
        }
    return row


def _no_hidden(runs, n):
    """Return the accuracies without a hidden layer, of the seeds that did not diverge."""
    if UNSTACKED not in runs:
        return []
    entries = _first(runs[UNSTACKED], n)
    return [entry["accuracy"] for entry in entries if not entry["diverged"]]


def _pooled_sd(samples):
    """Return the standard deviation within samples and its degrees of freedom; None without any."""
    freedom = sum(len(sample) - 1 for sample in samples if sample)
    if not freedom:
        return None, 0
    squares = sum((len(each) - 1) * statistics.variance(each) for each in samples if len(each) > 1)
    return math.sqrt(squares / freedom), freedom


def allowed_of_mean(sd, freedom, n, rounding):
    """Return how far a mean of few seeds may be from the report's number.

    What comparison.py allows of a steady number, and half the mean's own 95 % interval: a mean is
    clearly another one if its whole interval lies beyond what is allowed.

    Parameters
    ----------
    sd, freedom : float and int
        The standard deviation over seeds, and its degrees of freedom.
    n : int
        The seeds in the mean.
    rounding : float
        Half a unit of the report's last digit.
    """
    half = student_t.ppf((1 + CONFIDENCE) / 2, freedom) * sd / math.sqrt(n)
    return tolerance(sd, rounding) + float(half)


def _no_hidden_row(accuracies, spread, freedom, report):
    if not accuracies or UNSTACKED not in report.cells:
        return {}
    printed, mean = report.cells[UNSTACKED], math.fsum(accuracies) / len(accuracies)
    return {
        "no_hidden": mean,
        "no_hidden_sd": spread,
        "no_hidden_difference": mean - printed.value,
        "no_hidden_allowed": (
            None
            if spread is None
            else allowed_of_mean(spread, freedom, len(accuracies), printed.rounding)
        ),
    }


def _grounds(row, n, runs, report):
    """Return what speaks against a variant beside its score, each kind with its words."""
    grounds = {}
    stated = {said for run in runs.values() for said in report.contradictions(run.config)}
    if stated:
        grounds["text"] = f"the text says otherwise: {'; '.join(sorted(stated))}"
    for stem, (first, last) in EPOCHS.items():
        if few_keep_to(row[f"{stem}_kept"], n):
            grounds[stem] = (
                f"{PHASES[stem]} takes {first} to {last} epochs in only "
                f"{row[f'{stem}_share']:.0%} of the seeds"
            )
    allowed = row.get("no_hidden_allowed")
    if allowed is not None and abs(row["no_hidden_difference"]) > allowed + EXACT:
        grounds["no_hidden"] = (
            f"without a hidden layer the accuracy is {row['no_hidden']:.3f}, in the report "
            f"{report.cells[UNSTACKED].text}"
        )
    return grounds


# --- the same for people ----------------------------------------------------------------------


def shown(table, title):
    """Return the calibration for people to read.

    Parameters
    ----------
    table : pandas.DataFrame
        As `calibrate` returns it.
    title : str
        Which data ours show.

    Returns
    -------
    list of Shown
        What is chosen in each study, ruled out and left open; then the scores, and the epochs
        with the number of the network without a hidden layer. On other data than the report's, or
        without a study, only the first, which says so.
    """
    rows = table.to_dict("records")
    summary = _shown_summary(rows, title)
    if all(row["verdict"] == OTHER_DATA for row in rows):
        return [summary]
    return [summary, _shown_scores(rows), _shown_epochs(rows)]


def _shown_summary(rows, title):
    said = "Which of the settings that the report leaves open it rules out, by Table 2, the stated "
    said += "epochs and the network without a hidden layer."
    if not rows:
        said = "No study is named under `calibration` in config.yaml."
    elif all(row["verdict"] == OTHER_DATA for row in rows):
        said = "These data are not the report's: its numbers say nothing about any setting of them."
    by_study = {}
    for row in rows:
        by_study.setdefault(row["study"], []).append(row)

    def named(of, verdict):
        return Cell(
            ", ".join(variant_words(row) for row in of if row["verdict"] == verdict) or EMPTY
        )

    return Shown(
        "calibration",
        f"Calibration. {said} Data: {title}.",
        [],
        ["Setting", "Chosen", "Confirmed", "Left open", "Ruled out"],
        5,
        [
            [
                Cell(study_words(study)),
                named(of, CHOSEN),
                Cell("".join(row["confirmed"] for row in of) or EMPTY),
                named(of, LEFT_OPEN),
                named(of, RULED_OUT),
            ]
            for study, of in by_study.items()
        ],
        _rules() if rows and rows[0]["verdict"] != OTHER_DATA else [],
    )


def _rules():
    return [
        "Ruled out: the report's text states another value; or clearly fewer than half of the "
        "seeds keep to the stated epochs; or the network without a hidden layer is clearly not the "
        "report's; or the score is clearly lower than the best one on both halves of Table 2. "
        "What holds for every variant of a setting rules none of them out.",
        "Chosen: the default, unless it is ruled out and another variant is not; then the one "
        "with the best score on the choosing half. Confirmed: on the confirming half no other one "
        "that passes the rest is clearly better.",
    ]


def _shown_scores(rows):
    cells = [
        [
            Cell(study_words(row["study"])),
            Cell(variant_words(row)),
            Cell(row["verdict"], (f"{row['reason'][0].upper()}{row['reason'][1:]}.",)),
            *(
                cell
                for half in HALVES
                for cell in (
                    Cell(str(row[f"cells_{half}"])),
                    Cell(f"{row[f'near_{half}']:.0%}"),
                    _number(row[f"score_{half}"], 2),
                    Cell(EMPTY) if row["best"] else _number(row[f"difference_{half}"], 2, "+"),
                    Cell(_range(row, half)),
                )
            ),
        ]
        for row in rows
    ]
    columns = ["Cells", "Near", "Score", "Difference", "95 % interval"]
    return Shown(
        "calibration-scores",
        "Scores. How near each variant's seeds come to Table 2.",
        [("", 3), *((f"{half.capitalize()} half", len(columns)) for half in HALVES)],
        ["Setting", "Variant", "Verdict", *columns * len(HALVES)],
        3,
        cells,
        [
            "The cells are those of Table 2 that the setting changes, of ReLU networks only for "
            "batch normalisation; they belong to the halves in turn, as the squares of a chess "
            "board. "
            f"Near: the share of seeds within {NEAR:g} of the report. Score: the mean over the "
            "cells of log((k + 1) / (n + 2)), where k of n seeds are near. Difference: to the "
            "best variant on the choosing half that nothing else rules out, cell by cell, with "
            "the interval of a bootstrap over the cells; clearly lower is an interval below 0.",
            _seeds_remark(rows),
        ],
    )


def _seeds_remark(rows):
    seeds = sorted({row["seeds"] for row in rows})
    return f"Seeds of each cell: {' or '.join(map(str, seeds))}."


def _shown_epochs(rows):
    cells = [
        [
            Cell(study_words(row["study"])),
            Cell(variant_words(row)),
            Cell(row["verdict"]),
            *(
                cell
                for stem in EPOCHS
                for cell in (
                    Cell(f"{row[f'{stem}_share']:.0%}"),
                    Cell(f"{row[f'{stem}_epochs']:g}"),
                )
            ),
            Cell(_mean_and_sd(row)),
            _number(row["no_hidden_difference"], 4, "+"),
            _number(row["no_hidden_allowed"], 4),
        ]
        for row in rows
    ]
    return Shown(
        "calibration-epochs",
        "Epochs. What the text states of them, and of the network without a hidden layer.",
        [("", 3), ("Pre-training", 2), ("Full training", 2), ("No hidden layer", 3)],
        [
            *("Setting", "Variant", "Verdict"),
            *["In range", "Median"] * 2,
            *("Accuracy", "Difference", "Allowed"),
        ],
        3,
        cells,
        [
            f"In range: the share of seeds that take {_span('pre_training')} epochs for every "
            f"layer, and {_span('full_training')} for the whole network, as the report says; "
            "few are clearly fewer than half where Wilson's 95 % interval is below one half.",
            "Accuracy: mean ± standard deviation over the seeds, the latter pooled over the "
            "setting's variants; allowed is what comparison.html allows of a steady number, and "
            "half the 95 % interval of the mean of so few seeds.",
        ],
    )


def _span(stem):
    return "{} to {}".format(*EPOCHS[stem])


def _number(value, digits, sign=""):
    return Cell(EMPTY if value == "" else f"{value:{sign}.{digits}f}".replace("-", "−"))


def _range(row, half):
    if row["best"]:
        return EMPTY
    low, high = (row[f"difference_{end}_{half}"] for end in ("low", "high"))
    return f"{low:.2f} to {high:.2f}".replace("-", "−")


def _mean_and_sd(row):
    if row["no_hidden"] == "":
        return EMPTY
    sd = "" if row["no_hidden_sd"] == "" else f" ± {row['no_hidden_sd']:.3f}"
    return f"{row['no_hidden']:.3f}{sd}"


# --- writing ----------------------------------------------------------------------------------


def write(table, cells, title, folder):
    """Write calibration.csv, .md and .html, and calibration_cells.csv.

    Parameters
    ----------
    table, cells : pandas.DataFrame
        As `calibrate` and `cells_of` return them.
    title : str
        Which data ours show.
    folder : pathlib.Path
        Where to write.
    """
    write_csv(table, folder / "calibration.csv")
    write_csv(cells, folder / "calibration_cells.csv")
    parts = shown(table, title)
    texts = {"md": "\n".join(map(markdown, parts)), "html": html(*parts)}
    for suffix, text in texts.items():
        with written_aside(folder / f"calibration.{suffix}") as aside:
            aside.write_text(text, encoding="utf-8")
