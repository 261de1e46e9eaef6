"""Whether two results folders have the same numbers: commit a80ec4f's and today's.

    python benchmarks/science/same_numbers.py OLD/results NEW/results

OLD is a checkout of a80ec4f in which `snakemake --cores 2 lottery calibration studies` and then
`snakemake --cores 2` have run, NEW one of today with the same settings (`include_studies: true`,
and in `seeds` what OLD has in `lottery`). Compared are every epoch of every history.csv, every
metric of every seed, and every number of the tables; numbers may differ by 1e-15. Left out are
seconds, which differ from run to run, and what OLD does not have. What NEW lacks is a difference.
"""

import argparse
import json
import sys
from pathlib import Path

import pandas

TIMES = ("seconds",)
# The tables whose columns kept their names: how rows are matched, and what was renamed.
TABLES = {
    ("table1", "table1"): (["configuration"], {"report": "published"}),
    ("comparison", "comparison"): (["place", "configuration"], {"report": "published"}),
    ("lottery", "plateau"): (["patience", "layers", "first_width", "hidden_nodes"], {}),
    ("calibration", "calibration"): (["study", "variant"], {}),
    ("calibration_cells", "calibration_cells"): (
        ["study", "variant", "configuration"],
        {"report": "published"},
    ),
}
# Texts, which were reworded, and claim 10, which is about seconds.
WORDS = {"reason", "verdict", "sentence", "effect_unit"}
TIMED_CLAIM = "10"
# Wilson's interval is scipy's now, whose last digits are others: by 4e-16 at the most.
ROUNDING = 1e-15


def main():
    """Print how many numbers were compared, and every difference; exit with 1 at any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    arguments = parser.parse_args()
    differences = []
    for name, compare in COMPARISONS.items():
        count, found = compare(arguments.old, arguments.new)
        print(f"{name}: {count} numbers compared, {len(found)} differ")
        differences += found or ([] if count else [f"{name}: nothing to compare"])
    for difference in differences[:40]:
        print(difference)
    sys.exit(bool(differences))


def read(path):
    """Return a table as texts."""
    return pandas.read_csv(path, keep_default_na=False, dtype=str)


def folders(results):
    """Return the run folders of every configuration and study, by what they are of."""
    found = {}
    for record in sorted(results.rglob("run.json")):
        parts = record.parent.relative_to(results).parts
        if parts[-1].startswith(("seed-", "seeds-")):
            parts = parts[:-1]
        key = "/".join(parts).replace("lottery/", "runs/", 1)
        found.setdefault(key, []).append(record.parent)
    return found


def histories(old, new):
    """Compare every epoch of every seed that both have."""
    count, differences = 0, []
    ours, theirs = folders(new), folders(old)
    differences += [f"history.csv of {key}: not in NEW" for key in theirs.keys() - ours.keys()]
    for key in sorted(ours.keys() & theirs.keys()):
        tables = []
        for side in (theirs[key], ours[key]):
            table = pandas.concat([read(folder / "history.csv") for folder in side])
            tables.append(table.set_index(["seed", "phase", "epoch"]))
        seeds = set(tables[0].index.get_level_values(0))
        tables[1] = tables[1][tables[1].index.get_level_values(0).isin(seeds)]
        count += tables[0].size
        if not tables[0].sort_index().equals(tables[1].sort_index()):
            differences.append(f"history.csv of {key}")
    return count, differences


def metrics(old, new):
    """Compare every metric of every seed that both have."""
    count, differences = 0, []
    ours, theirs = folders(new), folders(old)
    differences += [f"metrics of {key}: not in NEW" for key in theirs.keys() - ours.keys()]
    for key in sorted(ours.keys() & theirs.keys()):
        seeds = []
        for side in (theirs[key], ours[key]):
            entries = {}
            for folder in side:
                for entry in metrics_of(folder):
                    entries[entry["seed"]] = {k: v for k, v in entry.items() if k not in TIMES}
            seeds.append(entries)
        for seed, entry in seeds[0].items():
            count += len(entry)
            if entry != seeds[1].get(seed):
                differences.append(f"metrics of {key}, seed {seed}")
    return count, differences


def metrics_of(folder):
    """Return the metrics of a run's seeds, which OLD has in a file of their own."""
    record = json.loads((folder / "run.json").read_text())
    if "metrics" in record:
        return record["metrics"]
    return json.loads((folder / "metrics.json").read_text())["seeds"]


def tables(old, new):
    """Compare the tables that have the same columns, and runs.csv, Table 2 and the claims."""
    count, differences = 0, []
    for (before, after), (keys, renamed) in TABLES.items():
        one = read(old / f"tables/{before}.csv").rename(columns=renamed).set_index(keys)
        other = read(new / f"tables/{after}.csv").set_index(keys)
        columns = [c for c in one.columns if c in other.columns and c not in WORDS]
        found = unequal(after, one[columns], other[columns])
        count, differences = count + one[columns].size, differences + found
    keys = ["configuration", "seed", "metric"]
    one, other = (read(each / "tables/runs.csv").set_index(keys) for each in (old, new))
    one, other = (
        each[~each.index.get_level_values(2).str.startswith("seconds")] for each in (one, other)
    )
    count, differences = count + len(one), differences + unequal("runs", one, other)
    one, other = wide_table2(old), tidy_table2(new)
    return count + one.size, differences + unequal("table2", one, other)


def wide_table2(results):
    """Return the old Table 2 with a row for each network."""
    table, rows = read(results / "tables/table2.csv").set_index("hidden_nodes"), {}
    for hidden, row in table.iterrows():
        for activation in ("relu", "sigmoid"):
            names = ("accuracy", "sd", "n", "report", "epochs", "diverged", "dead")
            values = [row[f"{name}_{activation}"] for name in names]
            rows[hidden, "" if hidden == "no-hidden" else activation] = values
    return pandas.DataFrame.from_dict(rows, orient="index")


def tidy_table2(results):
    """Return today's Table 2 in the same form."""
    table = read(results / "tables/table2.csv")
    names = ["accuracy", "sd", "n", "published", "epochs", "diverged", "dead"]
    rows = {(row.hidden_nodes, row.activation): list(row[names]) for _, row in table.iterrows()}
    return pandas.DataFrame.from_dict(rows, orient="index")


def claims(old, new):
    """Compare verdicts and numbers of the claims and their parts, in their order."""
    count, differences = 0, []
    names = ["verdict", "effect", "low", "high", "p", "n"]
    for table in ("claims", "claims_parts"):
        one, other = (read(each / f"tables/{table}.csv") for each in (old, new))
        if "quantity" in other and table == "claims_parts":
            other = other[other["quantity"] != "pairs_won"]
        one, other = (each[each["number"] != TIMED_CLAIM] for each in (one, other))
        one, other = (each.reset_index(drop=True)[names] for each in (one, other))
        one = one[one["effect"] != ""]  # of the others OLD lacks the evidence
        count, differences = count + one.size, differences + unequal(table, one, other)
    return count, differences


def measurements(old, new):
    """Compare every number from saved weights."""
    one = read(old / "tables/measures.csv")
    other = pandas.concat([read(path) for path in sorted((new / "measurements").glob("*.csv"))])
    keys = ["configuration", "study", "seed", "measure", "layer", "noise"]
    one, other = one.set_index(keys), other.set_index(keys)
    return len(one), unequal("measurements", one, other)


def unequal(name, one, other):
    """Return the rows in which two tables differ, matched by their index."""
    found = [f"{name}: no row {key}" for key in one.index.difference(other.index)]
    for key in one.index.intersection(other.index):
        before, after = (table.loc[[key]].to_numpy().ravel().tolist() for table in (one, other))
        pairs = [pair for pair in zip(before, after, strict=True) if differ(*pair)]
        if pairs:
            found.append(f"{name} {key}: {pairs}")
    return found


def differ(before, after):
    """Return whether a text is another number now; what was not there before is none."""
    if before in ("", after):
        return False
    try:
        return abs(float(before) - float(after)) > ROUNDING
    except ValueError:
        return True


COMPARISONS = {
    "history.csv": histories,
    "metrics": metrics,
    "tables": tables,
    "claims": claims,
    "measurements": measurements,
}

if __name__ == "__main__":
    main()
