"""The report's tables: the numbers for machines, and the same for people to read."""

import math
import statistics
from dataclasses import dataclass, field
from string import ascii_lowercase

import jinja2
import pandas

from autoencoders.files import written_aside
from autoencoders.reported import NOTHING
from autoencoders.words import (
    ACTIVATIONS,
    DEAD,
    NO_HIDDEN,
    REGULARISATION,
    by_hidden,
    regularisation_of,
    seed_counts,
    seed_list,
)

TABLES = ("table1", "table2")
SUFFIXES = ("csv", "md", "html", "tex")
METRICS = (
    "training_error",
    "validation_error",
    "sparseness",
    "sparseness_training",
    "validation_accuracy",
    "accuracy",
)
EMPTY = "–"
REPORT = "Report"
REPORT_REMARK = "Report: what the report of 2019 printed; comparison.html judges the two."


@dataclass(frozen=True)
class Cell:
    """A cell for people to read: its text, and the notes that it refers to."""

    text: str
    notes: tuple = ()


@dataclass(frozen=True)
class Shown:
    """A table for people to read.

    Attributes
    ----------
    name : str
        Such as `table1`.
    caption : str
        What it shows, of which data.
    groups : list of (str, int)
        What stands above the columns, and over how many of them; empty for none.
    columns : list of str
        The columns' names.
    texts : int
        How many columns from the left hold words; the others hold numbers.
    rows : list of list of Cell
        The cells, row by row.
    remarks : list of str
        What stands below the table, unmarked.
    prose : tuple of int
        The columns that hold sentences, which may wrap.
    """

    name: str
    caption: str
    groups: list
    columns: list
    texts: int
    rows: list
    remarks: list = field(default_factory=list)
    prose: tuple = ()

    @property
    def notes(self):
        """Every note that a cell refers to, once, in the order of reading."""
        return list(dict.fromkeys(note for row in self.rows for cell in row for note in cell.notes))

    def marks(self, cell):
        """Return the letters of a cell's notes, such as `a,c`."""
        return ",".join(_letter(self.notes.index(note)) for note in cell.notes)


# --- the numbers ------------------------------------------------------------------------------


def runs_table(runs):
    """Return every number of every run, one a row.

    Parameters
    ----------
    runs : dict of str to Run
        The runs that may be used.

    Returns
    -------
    pandas.DataFrame
        Columns configuration, seed, metric and value. Errors are per pixel, `accuracy` is that on
        the test images, `diverged` and `dead` are 0 or 1, `epochs` and `seconds` are totals and
        `epochs_<phase>`, `seconds_<phase>` those of a phase. A number that is not finite is None.
    """
    rows = []
    for configuration, run in runs.items():
        for entry in run.metrics:
            values = {metric: entry[metric] for metric in METRICS if metric in entry}
            for count in ("epochs", "seconds"):
                values[count] = sum(entry[count].values())
                values |= {f"{count}_{phase}": value for phase, value in entry[count].items()}
            values |= {flag: int(entry[flag]) for flag in ("diverged", "dead")}
            rows += [(configuration, entry["seed"], *item) for item in values.items()]
    columns = ["configuration", "seed", "metric", "value"]
    return pandas.DataFrame(rows, columns=columns, dtype=object)


def table1(plan, runs, report=NOTHING):
    """Return Table 1, the sparseness of the over-complete autoencoders.

    Parameters
    ----------
    plan : dict
        What plan.json holds. The rows are its `table1` configurations that have a penalty or
        noise, in its order.
    runs : dict of str to Run
        The runs that may be used; the cells of the others stay empty.
    report : Report, optional
        The report's own numbers, as `Report.beside` returns them.

    Returns
    -------
    pandas.DataFrame
        Columns activation, regularisation, parameter (as the report prints it), applied_weight
        (for noise the standard deviation), sparseness (mean over the seeds that did not diverge),
        sd (sample standard deviation), n (the seeds in the mean), report (its own number as it
        prints it; empty where there is none for the row), diverged and dead (those seeds) and
        configuration (its id, which tells rows apart that differ in nothing else shown).
    """
    rows = []
    for configuration in _regularised(plan):
        regularisation, printed, applied = regularisation_of(_config(plan, configuration))
        run = runs.get(configuration)
        rows.append(
            {
                "activation": _config(plan, configuration)["activation"],
                "regularisation": regularisation,
                "parameter": repr(printed),
                "applied_weight": repr(applied),
                **_mean_sd_n(run, "sparseness"),
                "report": _reported(report, configuration),
                "diverged": _seeds(run.diverged) if run else "",
                "dead": _seeds(run.dead) if run else "",
                "configuration": configuration,
            }
        )
    columns = ["activation", "regularisation", "parameter", "applied_weight"]
    marks = ["diverged", "dead", "configuration"]
    return _frame(rows, [*columns, "sparseness", "sd", "n", "report", *marks])


def table2(plan, runs, report=NOTHING):
    """Return Table 2, the accuracy of the classifiers on the test images.

    Parameters
    ----------
    plan, runs, report
        As for `table1`.

    Returns
    -------
    pandas.DataFrame
        A row for each choice of hidden layers: hidden_nodes (such as `256-128`), accuracy, sd, n
        and the report's number for ReLU and for sigmoid, then the mean epochs and seconds per
        seed over all phases, then the seeds that diverged and those that are dead. The network
        without a hidden layer has no activation and stands in the columns of both.
    """
    rows = []
    for hidden, configurations in by_hidden(plan, plan["tables"]["table2"]).items():
        row = {"hidden_nodes": hidden}
        for activation, configuration in configurations.items():
            run = runs.get(configuration)
            row |= {f"{k}_{activation}": v for k, v in _mean_sd_n(run, "accuracy").items()}
            row[f"report_{activation}"] = _reported(report, configuration)
            for count in ("epochs", "seconds"):
                row[f"{count}_{activation}"] = _mean(_totals(run, count))
            row[f"diverged_{activation}"] = _seeds(run.diverged) if run else ""
            row[f"dead_{activation}"] = _seeds(run.dead) if run else ""
        rows.append(row)
    groups = [["accuracy", "sd", "n", "report"], ["epochs", "seconds"], ["diverged", "dead"]]
    columns = [f"{k}_{activation}" for ks in groups for activation in ACTIVATIONS for k in ks]
    return _frame(rows, ["hidden_nodes", *columns])


# --- the same for people ----------------------------------------------------------------------


def shown_table1(plan, runs, gaps, title, report=NOTHING):
    """Return Table 1 for people to read.

    Parameters
    ----------
    plan, runs
        As for `table1`.
    gaps : dict of str to str
        Why a run is missing.
    title : str
        Which data the numbers show.
    report : Report, optional
        As for `table1`; without a number of it for any row there is no column for it.

    Returns
    -------
    Shown
    """
    configurations = _regularised(plan)
    known = _known(report, configurations)
    rows = []
    for configuration in configurations:
        config = _config(plan, configuration)
        regularisation, printed, applied = regularisation_of(config)
        run = runs.get(configuration)
        rows.append(
            [
                Cell(_activation_in_table1(plan, configuration)),
                Cell(REGULARISATION[regularisation]),
                Cell(repr(printed)),
                Cell(repr(applied)),
                _value_cell(run, "sparseness", gaps.get(configuration)),
                *[_report_cell(report, configuration)] * known,
                _count_cell(run),
            ]
        )
    thresholds = sorted({_config(plan, each)["sparseness_threshold"] for each in configurations})
    limit = " or ".join(f"{threshold:g}" for threshold in thresholds)
    return Shown(
        "table1",
        f"Table 1. Sparseness of the over-complete autoencoders: the share of hidden activations "
        f"of at most {limit} on the test images. "
        f"{_over(plan, configurations, runs)} Data: {title}.",
        [],
        [
            "Activation",
            "Regularisation",
            "Strength (as printed)",
            "Strength applied",
            "Sparseness",
            *[REPORT] * known,
            "n",
        ],
        2,
        rows,
        [
            "Strength applied: the weight of the penalty in the loss, or the standard deviation "
            "of the noise.",
            *[REPORT_REMARK] * known,
            *_n_remark(rows),
        ],
    )


def shown_table2(plan, runs, gaps, title, report=NOTHING):
    """Return Table 2 for people to read; the parameters are those of `shown_table1`."""
    once = (
        "The network without a hidden layer has no activation function; its numbers are shown once."
    )
    known = _known(report, plan["tables"]["table2"])
    width = 4 + known
    rows = []
    for hidden, configurations in by_hidden(plan, plan["tables"]["table2"]).items():
        without = hidden.startswith(NO_HIDDEN)
        words = hidden.replace(NO_HIDDEN, "no hidden layer")
        row = [Cell(words, (once,) if without else ())]
        for position, activation in enumerate(ACTIVATIONS):
            configuration = configurations.get(activation)
            if configuration is None or (without and position):
                row += [Cell(EMPTY)] * width
                continue
            run = runs.get(configuration)
            row += [
                _value_cell(run, "accuracy", gaps.get(configuration)),
                *[_report_cell(report, configuration)] * known,
                _count_cell(run),
                Cell(_number(_mean(_totals(run, "epochs")), 1)),
                Cell(_number(_mean(_totals(run, "seconds")), 1)),
            ]
        rows.append(row)
    configurations = plan["tables"]["table2"]
    return Shown(
        "table2",
        f"Table 2. Accuracy of the classifiers on the test images, by hidden layers and "
        f"activation function. "
        f"{_over(plan, configurations, runs)} Data: {title}.",
        [("", 1), *((label, width) for label in ACTIVATIONS.values())],
        [
            "Hidden nodes",
            *["Accuracy", *[REPORT] * known, "n", "Epochs", "Seconds"] * len(ACTIVATIONS),
        ],
        1,
        rows,
        [
            "Epochs and seconds: mean per seed, over pre-training and full training.",
            *[REPORT_REMARK] * known,
            *_assumed_remark(plan, configurations),
            *_n_remark(rows),
        ],
    )


# --- writing ----------------------------------------------------------------------------------


def write_csv(table, path):
    """Write a table of numbers; floats with as many digits as it takes to read them back."""
    with written_aside(path) as aside:
        table.to_csv(aside, index=False, lineterminator="\n")


def write(name, plan, runs, gaps, title, folder, report=NOTHING):
    """Write a table as .csv, .md, .html and .tex.

    Parameters
    ----------
    name : str
        `table1` or `table2`.
    plan, runs, gaps, title
        As for `shown_table1`.
    folder : pathlib.Path
        Where to write.
    report : Report, optional
        All numbers of the report; those of the runs that are its own are shown.
    """
    report = report.beside(plan)
    numbers, words = {"table1": (table1, shown_table1), "table2": (table2, shown_table2)}[name]
    write_csv(numbers(plan, runs, report), folder / f"{name}.csv")
    shown = words(plan, runs, gaps, title, report)
    for suffix, render in {"md": markdown, "html": html, "tex": latex}.items():
        with written_aside(folder / f"{name}.{suffix}") as aside:
            aside.write_text(render(shown), encoding="utf-8")


def markdown(shown):
    """Return a table as Markdown, readable as plain text too."""
    over = [group for group, width in shown.groups for _ in range(width)] or [""] * len(
        shown.columns
    )
    columns = [
        f"{group}: {column.lower()}" if group else column
        for group, column in zip(over, shown.columns, strict=True)
    ]
    rows = [[_marked(shown, cell, _markdown_text, " [{}]") for cell in row] for row in shown.rows]
    table = pandas.DataFrame(rows, columns=columns, dtype=object).to_markdown(
        index=False, disable_numparse=True, colalign=_alignment(shown, "left", "right")
    )
    below = [
        *shown.remarks,
        *(f"[{_letter(number)}] {note}" for number, note in enumerate(shown.notes)),
    ]
    blocks = [f"**{_markdown_text(shown.caption)}**", table, *map(_markdown_text, below)]
    return "\n\n".join(blocks) + "\n"


def html(*tables):
    """Return tables as a page of its own that asks for nothing else."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(PAGE).render(tables=tables, letter=_letter, style=STYLE) + "\n"


def latex(shown):
    """Return a table as LaTeX; the preamble needs the package booktabs."""
    rows = [
        [_marked(shown, cell, _latex_text, r"\textsuperscript{{{}}}") for cell in row]
        for row in shown.rows
    ]
    columns = pandas.Index([_latex_text(column) for column in shown.columns])
    tabular = pandas.DataFrame(rows, columns=columns, dtype=object).to_latex(
        index=False, escape=False, column_format="".join(_alignment(shown, "l", "r"))
    )
    if shown.groups:
        tabular = tabular.replace("\\toprule\n", "\\toprule\n" + _latex_groups(shown), 1)
    below = [_latex_text(remark) for remark in shown.remarks]
    below += [
        rf"\textsuperscript{{{_letter(number)}}} {_latex_text(note)}"
        for number, note in enumerate(shown.notes)
    ]
    return "\n".join(
        [
            r"% needs \usepackage{booktabs}",
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{_latex_text(shown.caption.split('. ', 1)[1])}}}",
            rf"\label{{tab:{shown.name}}}",
            tabular.rstrip("\n"),
            *(rf"\par\smallskip{{\footnotesize {line}}}" for line in below),
            r"\end{table}",
            "",
        ]
    )


# Colours, and how a table looks: on its own page and in the report.
STYLE = """\
:root { color-scheme: light dark; --ink: #1c1c1e; --soft: #5c5c63; --paper: #fff; --line: #d4d4da; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf0; --soft: #a5a5ae; --paper: #17171a; --line: #3c3c44; }
}
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums;
  border-bottom: 2px solid var(--ink); }
caption { text-align: left; padding-bottom: 1rem; }
caption, .below { max-width: min(46rem, 100cqi); text-wrap: pretty; }
caption b { display: block; font-size: 1.25rem; }
th, td { padding: .3rem .9rem; text-align: right; white-space: nowrap; font-weight: normal; }
.wide { font-size: .8125rem; }
.wide caption { font-size: 1rem; }
.wide th, .wide td { padding: .25rem .5rem; }
thead { border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); }
thead th { font-weight: 600; vertical-align: bottom; }
thead th[scope=colgroup] { text-align: center; padding-bottom: 0; }
tbody tr + tr { border-top: 1px solid var(--line); }
tbody tr:hover { background: color-mix(in srgb, var(--ink) 6%, transparent); }
th.text, td.text { text-align: left; }
td.prose { white-space: normal; min-width: 12rem; max-width: 40rem; text-wrap: pretty; }
.sentences th, .sentences td { vertical-align: top; padding: .4rem .6rem; }
th:first-child, td:first-child { padding-left: .25rem; }
sup { font-size: .7em; line-height: 0; padding-left: .15em; }
.below { color: var(--soft); font-size: .875rem; padding-top: .75rem; }
[data-table] + [data-table] { margin-top: 2.5rem; }
.below p { margin: .25rem 0; }
@media print { .scroll { overflow: visible; } }
"""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ tables[0].caption.split(".")[0] }}</title>
<style>
{{ style | safe }}body { container-type: inline-size; margin: 0; padding: 2rem 1.25rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: max-content; margin: 0 auto; }
@media print { body { padding: 0; } }
</style>
</head>
<body>
<main>
{% for table in tables %}
<section data-table="{{ table.name }}">
<div class="scroll" tabindex="0" role="region" aria-label="{{ table.caption.split(".")[0] }}">
<table{% if table.columns | length > 11 %} class="wide"
{%- elif table.prose %} class="sentences"{% endif %}>
{% set heading, text = table.caption.split(". ", 1) %}
<caption><b>{{ heading }}</b> {{ text }}</caption>
<thead>
{% if table.groups %}
<tr>
{% for group, width in table.groups %}
{% if group %}
<th scope="colgroup" colspan="{{ width }}">{{ group }}</th>
{% else %}
<td colspan="{{ width }}"></td>
{% endif %}
{% endfor %}
</tr>
{% endif %}
<tr>
{% for column in table.columns %}
<th scope="col"{% if loop.index <= table.texts %} class="text"{% endif %}>{{ column }}</th>
{% endfor %}
</tr>
</thead>
<tbody>
{% for row in table.rows %}
<tr>
{% for cell in row %}
{% set tag = "th" if loop.first else "td" %}
<{{ tag }}{% if loop.first %} scope="row"{% endif %}
{%- if loop.index0 in table.prose %} class="text prose"
{%- elif loop.index <= table.texts %} class="text"{% endif %}>{{ cell.text }}
{%- if cell.notes %}<sup>{{ table.marks(cell) }}</sup>{% endif %}</{{ tag }}>
{% endfor %}
</tr>
{% endfor %}
</tbody>
</table>
</div>
<div class="below">
{% for remark in table.remarks %}
<p>{{ remark }}</p>
{% endfor %}
{% for note in table.notes %}
<p><sup>{{ letter(loop.index0) }}</sup> {{ note }}</p>
{% endfor %}
</div>
</section>
{% endfor %}
</main>
</body>
</html>
"""


# --- the parts of the above -------------------------------------------------------------------


def _config(plan, configuration):
    return plan["configurations"][configuration]["config"]


def _regularised(plan):
    return [
        configuration
        for configuration in plan["tables"]["table1"]
        if regularisation_of(_config(plan, configuration))[0]
    ]


def _activation_in_table1(plan, configuration):
    """Return the activation, with the run's name where another row would look the same."""

    def key(each):
        config = _config(plan, each)
        return config["activation"], regularisation_of(config)

    activation = ACTIVATIONS[_config(plan, configuration)["activation"]]
    same = [key(each) for each in _regularised(plan)].count(key(configuration)) > 1
    return f"{activation} ({configuration.split('/')[1]})" if same else activation


def _values(run, metric):
    return [entry[metric] for entry in run.metrics if not entry["diverged"]] if run else []


def _totals(run, count):
    return [sum(phases.values()) for phases in _values(run, count)]


def _mean(values):
    return math.fsum(values) / len(values) if values else None


def _sd(values):
    return statistics.stdev(values) if len(values) > 1 else None


def _mean_sd_n(run, metric):
    values = _values(run, metric)
    return {metric: _mean(values), "sd": _sd(values), "n": len(values) if run else None}


def _reported(report, configuration):
    printed = report.cells.get(configuration)
    return printed.text if printed else None


def _known(report, configurations):
    """Return whether the report has a number for any of these configurations."""
    return any(configuration in report.cells for configuration in configurations)


def _seeds(seeds):
    return " ".join(map(str, seeds))


def _frame(rows, columns):
    """Return rows as a table of Python objects, so that numbers are written as `repr` has them."""
    frame = pandas.DataFrame(rows, columns=columns, dtype=object)
    return frame.where(frame.notna(), "")


def _number(value, digits):
    return EMPTY if value is None else f"{value:.{digits}f}"


def _value_cell(run, metric, gap):
    """Return mean ± sd, marked with what a reader must know of the seeds."""
    if run is None:
        return Cell(EMPTY, (f"Missing: {gap or 'not read'}.",))
    values = _values(run, metric)
    text = _number(_mean(values), 3)
    if len(values) > 1:
        text += f" ± {_sd(values):.3f}"
    notes = []
    if run.diverged:
        notes.append(f"Diverged and left out: {seed_list(run.diverged)}.")
    if run.dead:
        notes.append(f"{DEAD}: {seed_list(run.dead)}.")
    return Cell(text, tuple(notes))


def _report_cell(report, configuration):
    printed = report.cells.get(configuration)
    if printed is None:
        return Cell(EMPTY)
    return Cell(printed.text, ("From the report's text.",) if printed.place == "text" else ())


def _count_cell(run):
    if run is None:
        return Cell(EMPTY)
    of = f" of {len(run.metrics)}" if run.diverged else ""
    return Cell(f"{len(run.seeds)}{of}")


def _n_remark(rows):
    return ["n: the seeds in the mean."] if rows else []


def _assumed_remark(plan, configurations):
    """Return what is assumed where the report is silent, if it is the same for all rows."""
    trainings = [_config(plan, each)["training"] for each in configurations]
    if any(training != trainings[0] for training in trainings):
        return ["Rows differ in their settings: see config.json of each run."]
    training = trainings[0]
    pre, full = training["pre_training"], training["full_training"]
    normalized = training["batch_normalization"]
    place = normalized["place"].replace("_", " the ")
    which = " and ".join(ACTIVATIONS[each] for each in normalized["activations"])
    return [
        f"Assumed, as the report does not say: batches of {training['batch_size']}; at most "
        f"{pre['max_epochs']} epochs of pre-training of each layer; early stopping with patience "
        f"{pre['patience']} in pre-training and {full['patience']} in full training; "
        f"full training of {'all layers' if full['layers'] == 'all' else 'the output layer'}, "
        f"{full['output_activation']} outputs, {full['loss'].replace('_', '-')} loss; "
        + (f"batch normalisation {place} in {which} networks." if which else "no normalisation.")
    ]


def _over(plan, configurations, runs):
    seeds = seed_counts(plan, configurations, runs)
    return "One seed." if seeds == "1 seed" else f"Mean ± standard deviation over {seeds}."


def _letter(number):
    """Return a, b, ..., z, aa, ab, ..."""
    first, last = divmod(number, 26)
    return (_letter(first - 1) if first else "") + ascii_lowercase[last]


def _alignment(shown, left, right):
    return [left if column < shown.texts else right for column in range(len(shown.columns))]


def _marked(shown, cell, escape, mark):
    return escape(cell.text) + (mark.format(shown.marks(cell)) if cell.notes else "")


def _markdown_text(text):
    return text.translate({ord(character): f"\\{character}" for character in "\\`*_|<>"})


LATEX = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "±": r"$\pm$",
    "–": "--",
}


def _latex_text(text):
    return text.translate({ord(character): escaped for character, escaped in LATEX.items()})


def _latex_groups(shown):
    cells, rules, start = [], [], 1
    for group, width in shown.groups:
        cells.append(rf"\multicolumn{{{width}}}{{c}}{{{_latex_text(group)}}}" if group else "")
        if group:
            rules.append(rf"\cmidrule(lr){{{start}-{start + width - 1}}}")
        start += width
    return " & ".join(cells) + " \\\\\n" + " ".join(rules) + "\n"
