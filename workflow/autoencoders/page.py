"""The page `report.html`: all that was found, from finished files, in one file of its own."""

import csv
import json
import re
from collections import Counter
from functools import reduce
from pathlib import Path
from urllib.parse import quote

import jinja2
import markupsafe

from autoencoders.comparison import (
    AGREES,
    CONSISTENT,
    DISAGREES,
    FIGURES,
    JUDGED,
    NOT_CONSISTENT,
    SEEDS_DIFFER,
)
from autoencoders.files import written_aside
from autoencoders.reported import DATASET
from autoencoders.runs import RunsError
from autoencoders.tables import STYLE
from autoencoders.words import ACTIVATIONS, caption_of, configuration_words, number_of

TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "report.html.jinja"
TABLE = re.compile(r'<section data-table="([^"]*)">\n(.*?)</section>\n', re.DOTALL)
SVG_SIZE = re.compile(r'<svg [^>]*width="([\d.]+)pt" height="([\d.]+)pt"')
PIXELS_PER_POINT = 4 / 3
SMALL_PRINT = ("figure6", "figure7", "figure8")  # pictures that need no reading
CURVES = {"figure1": None, "figure3": "training_error", "figure4": "validation_error"}
VERDICTS = {"holds": "holds", "does not hold": "fails", "cannot be decided": "open"}
IN_WORDS = {
    AGREES: ("agrees", "agree"),
    DISAGREES: ("disagrees", "disagree"),
    CONSISTENT: ("is a draw that ours do not contradict", "are draws that ours do not contradict"),
    NOT_CONSISTENT: ("is a draw that ours contradict", "are draws that ours contradict"),
    SEEDS_DIFFER: ("differs from seed to seed", "differ from seed to seed"),
}


def write(path, plan, manifest, results, tables, figures):
    """Write the page.

    Parameters
    ----------
    path : path-like
        The file to write.
    plan, manifest : dict
        What plan.json and the data set's manifest.json hold.
    results : path-like
        Holds tables/, figures/ and the runs' folders.
    tables, figures : iterable of str
        Those to be shown, such as `table1`, `comparison` and `figure1`. Beside their .html the
        page reads runs.csv, comparison.csv and claims.csv.

    Raises
    ------
    RunsError
        If a file is missing or not what it should be; one sentence for the user.
    """
    text = page(plan, manifest, Path(results), list(tables), list(figures))
    with written_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")


def page(plan, manifest, results, tables, figures):
    """Return the page as text; the parameters are those of `write`."""
    numbers = read_numbers(results / "tables/runs.csv")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    text = template.render(
        style=STYLE,
        title=manifest["title"],
        is_the_reports=manifest["dataset"] == DATASET,
        n_networks=len(plan["configurations"]),
        n_trainings=len({key[:2] for key in numbers}),
        compared=compared(_rows(results / "tables/comparison.csv")),
        claims=(
            read_claims(results / "tables/claims.csv")
            if "claims" in tables and manifest["dataset"] == DATASET
            else []
        ),
        verdicts=VERDICTS,
        tables={name: read_tables(results / f"tables/{name}.html") for name in tables},
        figures={
            name: {
                **read_figure(results / f"figures/{name}.svg"),
                "number": number_of(name),
                "caption": caption_of(name, _configs(plan, plan["figures"].get(name, []))),
                "alt": alt(name, plan, numbers),
                "small": name in SMALL_PRINT,
            }
            for name in figures
        },
        done=done(plan, manifest, numbers),
        provenance=provenance(read_records(plan, results)),
        sources=manifest["sources"],
        one_or_more=one_or_more,
    )
    return text + "\n"


# --- what is read -----------------------------------------------------------------------------


def read_numbers(path):
    """Return runs.csv as a dict from (configuration, seed, metric) to float; NaN if not finite."""
    return {
        (row["configuration"], row["seed"], row["metric"]): float(row["value"] or "nan")
        for row in _rows(path)
    }


def read_tables(path):
    """Return the tables of a page that `tables.html` wrote.

    Parameters
    ----------
    path : path-like
        The page.

    Returns
    -------
    dict of str to markupsafe.Markup
        Each table by its name, with its caption and what stands below.

    Raises
    ------
    RunsError
        If the page is missing or holds no table.
    """
    tables = {
        name: markupsafe.Markup(text)  # escaped when it was written
        for name, text in TABLE.findall(_text(path))
    }
    if not tables:
        raise RunsError(f"{path} holds no table; remove it and run `snakemake`.")
    return tables


def read_figure(path):
    """Return a drawing as what an `<img>` needs.

    Parameters
    ----------
    path : path-like
        An .svg that matplotlib wrote.

    Returns
    -------
    dict
        `source`, a data URI, and `width` and `height` in CSS pixels.

    Raises
    ------
    RunsError
        If the drawing is missing or has no size.
    """
    text = _text(path)
    size = SVG_SIZE.search(text)
    if size is None:
        raise RunsError(f"{path} is no drawing of a known size; remove it and run `snakemake`.")
    width, height = (round(float(points) * PIXELS_PER_POINT) for points in size.groups())
    # Shorter than base64, as most of the text stands for itself.
    source = "data:image/svg+xml," + quote(text, safe=" !$&'()*+,-./:;=?@_~")
    return {"source": source, "width": width, "height": height}


def read_claims(path):
    """Return the report's claims, each a dict of text; `numbers` are those behind the verdict."""
    claims = _rows(path)
    for claim in claims:
        interval = [claim["low"], claim["high"]]
        numbers = {
            "What decides": claim["quantity"],
            "Test": claim["test"],
            "Decided by": claim["decided_by"],
            "Number": " ".join(filter(None, [rounded(claim["effect"]), claim["effect_unit"]])),
            "95 % interval": " to ".join(map(rounded, interval)) if all(interval) else "",
            "p": rounded(claim["p"]),
            "n": rounded(claim["n"]),
        }
        claim["numbers"] = {name: text for name, text in numbers.items() if text}
    return claims


def read_records(plan, results):
    """Return run.json of every declared run, and of those seeds of the lottery that are there."""
    records = [_json(results / f"runs/{name}/run.json") for name in plan["configurations"]]
    added = [results / f"lottery/{name}/run.json" for name in plan["lottery"]]
    return records + [_json(path) for path in added if path.exists()]


# --- what is told -----------------------------------------------------------------------------


def compared(rows):
    """Return how the report's numbers and curves came out, place by place.

    Parameters
    ----------
    rows : list of dict
        The rows of comparison.csv.

    Returns
    -------
    list of dict
        For every place with a number that could be judged: `place`, such as `the text`, `what`
        (`number` or `curve`), `n` (those judged), `agree` and `rest`, the others in words.
    """
    places = {}
    for row in rows:
        figure = next((name for name in FIGURES if row["place"].startswith(name)), None)
        place = figure or row["place"].replace("text", "the text")
        places.setdefault((place, "curve" if figure else "number"), []).append(row["verdict"])
    told = []
    for (place, what), verdicts in places.items():
        judged = Counter(verdict for verdict in verdicts if verdict in JUDGED)
        rest = [
            f"{judged[verdict]} {one_or_more(judged[verdict], *IN_WORDS[verdict])}"
            for verdict in JUDGED
            if judged[verdict] and verdict != AGREES
        ]
        n, agree = judged.total(), judged[AGREES]
        told.append({"place": place, "what": what, "n": n, "agree": agree, "rest": "; ".join(rest)})
    return [each for each in told if each["n"]]


def done(plan, manifest, numbers):
    """Return what was done, as pairs of a heading and a sentence."""
    of = {
        network: [config for config in _configs(plan) if config["network"] == network]
        for network in ("autoencoder", "classifier")
    }
    shape = {name: manifest["arrays"][f"{name}_images"]["shape"] for name in ("train", "test")}
    told = {
        "Data": f"{sentence(manifest['title'])}: {shape['train'][0]} images to train on and "
        f"{shape['test'][0]} to test on, {shape['train'][1]} pixels each. "
        f"Threshold: {manifest['threshold']}. Split: {manifest['split']}."
    }
    if configs := of["autoencoder"]:
        told["Single autoencoders"] = (
            f"{len(configs)} networks of {_each(configs, 'hidden')} hidden units, trained to give "
            f"back their input: {_each(configs, 'training.epochs')} epochs in batches of "
            f"{_each(configs, 'training.batch_size')}, {_descent(configs)}."
        )
    if configs := of["classifier"]:
        layers = in_words(sorted({len(config["hidden"]) for config in configs}))
        pre, full = "training.pre_training", "training.full_training"
        told["Classifiers"] = (
            f"{len(configs)} networks of {layers} hidden layers. Each layer is trained first, as "
            f"an autoencoder of the codes below it, for at most "
            f"{_each(configs, f'{pre}.max_epochs')} epochs; then the whole network, until the "
            f"validation error does not fall any more (patience "
            f"{_each(configs, f'{full}.patience')}). Batches of "
            f"{_each(configs, 'training.batch_size')}, {_descent(configs)}."
        )
    seeds = Counter(configuration for configuration, _, metric in numbers if metric == "seconds")
    fewest, most = min(seeds.values()), max(seeds.values())
    count = str(most) if fewest == most else f"From {fewest} to {most}"
    total = {
        metric: sum(value for (_, _, each), value in numbers.items() if each == metric)
        for metric in ("epochs", "seconds", "diverged")
    }
    told["Seeds"] = (
        f"{count} for each network, {seeds.total()} trainings in all: {total['epochs']:,.0f} "
        f"epochs in {duration(total['seconds'])} of training. "
        + (f"{total['diverged']:.0f} of them diverged." if total["diverged"] else "None diverged.")
    )
    return told


def provenance(records):
    """Return where the runs come from, as pairs of a heading and a list of texts.

    Parameters
    ----------
    records : list of dict
        run.json of every run.

    Returns
    -------
    dict of str to list of str
        What is not the same for all runs is told with the number of runs.
    """
    told = {
        "Runs": [str(len(records))],
        "First start": [_minute(min(record["start"] for record in records))],
        "Last end": [_minute(max(record["end"] for record in records))],
        "Commit": _told(records, _commit),
        "Code": _told(records, lambda record: f"sha256 {record['sha256']['code']}"),
        "Data": _told(records, lambda record: f"sha256 {record['sha256']['data']}"),
        "Versions": _told(
            records,
            lambda record: ", ".join(f"{name} {it}" for name, it in record["versions"].items()),
        ),
        "Processor": _told(records, lambda record: record["cpu"]),
        "Device": _told(records, lambda record: record["device"]["kind"]),
        "Threads": _told(records, lambda record: str(record["threads"])),
        "Host": _told(records, lambda record: record["host"]),
    }
    return {name: [text for text in texts if text] for name, texts in told.items() if any(texts)}


def alt(name, plan, numbers):
    """Return what is to be seen in a figure, for those who do not see it.

    Parameters
    ----------
    name : str
        Such as `figure1`.
    plan : dict
        What plan.json holds.
    numbers : dict
        As `read_numbers` returns them.

    Returns
    -------
    str
    """
    if name == "calibration":
        return (
            "For every setting that the report leaves open, how near to its Table 2 the networks "
            "come with each value that was tried."
        )
    names = plan["figures"][name]
    configs = _configs(plan, names)
    words = "; ".join(map(configuration_words, configs))
    if name == "figure1":
        ends = " ".join(
            f"The {error.replace('_', ' ')} ends {_ends(plan, names, numbers, error)}."
            for error in ("training_error", "validation_error")
        )
        return (
            "Two line charts of the mean squared error per pixel over the epochs, training on the "
            f"left and validation on the right, a curve for each network: {words}. {ends}"
        )
    if name in CURVES:
        error = CURVES[name]
        return (
            f"Line charts of the {error.replace('_', ' ')} over the epochs, penalties of one "
            f"strength in one chart and noise in another, a curve for each network: {words}. "
            f"It ends {_ends(plan, names, numbers, error)}."
        )
    if name in ("figure2", "figure5"):
        return (
            "Panels of two rows of small pictures: the digits 0 to 9 above, and what a network "
            f"gives back for them below. A panel for each network: {words}."
        )
    if name in SMALL_PRINT:
        return (
            "A grid of small square pictures from dark to bright, one for each hidden unit, of "
            f"its weights from the pixels: {words}."
        )
    if name == "figure9":
        return (
            "A grid of small pictures for each hidden layer, one for each unit, of its weights "
            f"from the layer below: {words}."
        )
    return (
        f"A dot for the test accuracy of every seed of {len(names)} classifiers, in a row for each "
        f"choice of hidden layers. The means lie {_ends(plan, names, numbers, 'accuracy')}."
    )


# --- words ------------------------------------------------------------------------------------


def in_words(values):
    """Return values as a list in words, such as `128, 256 and 512`."""
    *others, last = map(str, values)
    return f"{', '.join(others)} and {last}" if others else last


def one_or_more(n, one, more):
    """Return the word for one thing, or that for any other number of them."""
    return one if n == 1 else more


def sentence(text):
    """Return a text with a capital letter."""
    return text[:1].upper() + text[1:]


def rounded(text):
    """Return a number as text, rounded to three digits; other texts as they are."""
    try:
        number = float(text)
    except ValueError:
        return text
    return (f"{number:.0f}" if number.is_integer() else f"{number:.3g}").replace("-", "−")


def duration(seconds):
    """Return a time in words, such as `3 h 20 min`."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


# --- the parts of the above -------------------------------------------------------------------


def _text(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RunsError(f"{path} is missing; run `snakemake` to make it.") from None


def _rows(path):
    return list(csv.DictReader(_text(path).splitlines(keepends=True)))


def _json(path):
    return json.loads(_text(path))


def _configs(plan, names=None):
    names = plan["configurations"] if names is None else names
    return [plan["configurations"][name]["config"] for name in names]


def _each(configs, path):
    """Return every value of a setting, given by its dotted path, in words."""
    values = {reduce(lambda part, key: part[key], path.split("."), config) for config in configs}
    return in_words(f"{value:g}" for value in sorted(values))


def _descent(configs):
    rate, momentum = (_each(configs, f"training.{name}") for name in ("learning_rate", "momentum"))
    return f"learning rate {rate}, momentum {momentum}"


def _ends(plan, names, numbers, metric):
    """Return between which values the networks' means lie, by activation."""
    seeds = {}
    for (configuration, _, each), value in numbers.items():
        if each == metric and value == value:
            seeds.setdefault(configuration, []).append(value)
    told = []
    for activation, word in {**ACTIVATIONS, None: "no hidden layer"}.items():
        means = [
            sum(seeds[name]) / len(seeds[name])
            for name in names
            if name in seeds and plan["configurations"][name]["config"]["activation"] == activation
        ]
        if means:
            low, high = f"{min(means):.3f}", f"{max(means):.3f}"
            told.append((f"at {low}" if low == high else f"from {low} to {high}") + f" ({word})")
    return ", ".join(told) or "nowhere, as no run has ended"


def _told(records, tell):
    """Return what the runs say, the most frequent first, with their number if they differ."""
    counts = Counter(map(tell, records)).most_common()
    if len(counts) == 1:
        return [counts[0][0]]
    return [
        f"{text or 'unknown'} ({count} {one_or_more(count, 'run', 'runs')})"
        for text, count in counts
    ]


def _minute(moment):
    """Return a moment as run.json has it (UTC, ISO 8601) to the minute, for people."""
    return f"{moment[:16].replace('T', ' ')} UTC"


def _commit(record):
    git = record["git"]
    return (git["commit"] or "") + (" with uncommitted changes" if git["dirty"] else "")
