"""Print how far finished results are from the report's Table 1 and the curves of its figures.

python workflow/scripts/compare_with_report.py --results results
"""

import argparse
from pathlib import Path

import pandas

REPORT = Path(__file__).resolve().parents[2] / "resources" / "report"
ERRORS = {"train": "training_error", "validation": "validation_error"}


def main():
    """Compare and print two Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=Path("results"), help="folder of a run")
    results = parser.parse_args().results
    rows = compare_table1(pandas.read_csv(results / "tables" / "table1.csv"))
    print(rows.to_markdown(index=False, floatfmt=".3f"))
    print(f"\nLargest difference in Table 1: {rows.difference.abs().max():.4f}\n")
    print(compare_curves(results / "runs").to_markdown(index=False, floatfmt=".5f"))


def compare_table1(ours):
    """Return Table 1 of the report beside ours, a row each, with the difference."""
    keys = ["activation", "regularisation", "parameter"]
    report = pandas.read_csv(REPORT / "table1.csv").astype({"parameter": float})
    both = report.merge(ours[[*keys, "sparseness"]], on=keys, suffixes=("_report", ""))
    return both.assign(difference=both.sparseness - both.sparseness_report)


def compare_curves(runs):
    """Return for every digitised curve the median and the last difference to our mean curve."""
    rows = []
    curves = pandas.read_csv(REPORT / "curves.csv").groupby(["figure", "configuration", "split"])
    for (figure, configuration, split), points in curves:
        history = pandas.read_csv(runs / "autoencoder" / configuration / "history.csv")
        ours = history.groupby("epoch")[ERRORS[split]].mean()
        difference = (ours - points.set_index("epoch").mse).dropna().abs()
        last = difference.index.max()
        rows.append((figure, configuration, split, difference.median(), last, difference[last]))
    columns = ["figure", "configuration", "split", "median", "last epoch", "there"]
    return pandas.DataFrame(rows, columns=columns)


if __name__ == "__main__":
    main()
