"""What was done, in a few sentences, from the settings and the runs."""

from collections import Counter

from autoencoders.labels.networks import capitalised, list_in_words
from autoencoders.report.wording import read_words

DESCENT = ("training.batch_size", "training.learning_rate", "training.momentum")
# By heading: the kind of network, and the settings that its sentences tell.
NETWORKS = {
    "Autoencoders": ("autoencoder", ("hidden", "training.epochs", *DESCENT)),
    "Classifiers": (
        "classifier",
        ("training.pre_training.max_epochs", "training.full_training.patience", *DESCENT),
    ),
}


def done(manifest, configurations, runs):
    """Return lists of sentences by their headings, from configurations.csv and runs.csv."""
    facts = {"Data": {**manifest, "title": capitalised(manifest["title"])}}
    for heading, (network, settings) in NETWORKS.items():
        rows = [row for row in configurations if row["network"] == network]
        if rows:
            facts[heading] = _of_networks(rows, settings)
    facts["Seeds"] = _of_runs(runs)
    sentences = read_words("page.toml")["methods"]
    return {heading: [sentences[heading].format(**facts[heading])] for heading in facts}


def _of_networks(rows, settings):
    depths = set()
    for row in rows:
        depths.add(len(row["hidden"].split("-")) if row["activation"] else 0)
    facts = {"n": len(rows), "depths": list_in_words(sorted(depths))}
    for setting in settings:
        values = {float(row[setting]) for row in rows}
        facts[setting.rpartition(".")[2]] = list_in_words(map("{:g}".format, sorted(values)))
    return facts


def _of_runs(runs):
    seeds, totals = Counter(), Counter()
    for row in runs:
        if row["metric"] in ("epochs", "seconds", "diverged"):
            totals[row["metric"]] += float(row["value"])
        if row["metric"] == "seconds":  # once for every seed
            seeds[row["configuration"]] += 1
    fewest, most = min(seeds.values()), max(seeds.values())
    return {
        "seeds": most if fewest == most else f"{fewest} to {most}",
        "runs": seeds.total(),
        "diverged": int(totals["diverged"]) or "none",
        "epochs": totals["epochs"],
        "duration": duration(totals["seconds"]),
    }


def duration(seconds):
    """Return a time in words, such as `3 h 20 min`."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes > 1 else f"{seconds:.0f} s"
