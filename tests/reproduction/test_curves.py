"""Two of the paper's networks, trained as the paper did, compared with its own curves.

Needs MNIST's t10k files: from the mirrors, or from the folder that MNIST_LOCAL names.
"""

import pandas as pd
import pytest

from snakemake_runs import REPOSITORY, Checkout, merge

LAST_EPOCH = 99  # the last one that was read off the report's figures
TOLERANCE = 0.001  # the curves were read off to about 0.0004


@pytest.fixture(scope="module", params=["relu-128", "sigmoid-128"])
def curves(request, tmp_path_factory):
    """Our errors and the published ones at the epochs that were read off Figure 1."""
    checkout = Checkout.copy(tmp_path_factory.mktemp("report") / "checkout")
    (checkout.folder / "config.yaml").write_text((REPOSITORY / "config.yaml").read_text())
    config = checkout.config()
    merge(config, {"autoencoder": {"epochs": LAST_EPOCH}})
    config["experiments"]["under-complete"] |= {"seeds": 1, "seeds_per_job": 1}
    checkout.configure(config)
    record = f"results/runs/autoencoder/{request.param}/seed-0"
    checkout.run(f"{record}/run.json")
    ours = pd.read_csv(checkout.folder / record / "history.csv").set_index("epoch")
    ours = ours.rename(columns={"training_error": "train", "validation_error": "validation"})
    report = pd.read_csv(REPOSITORY / "resources/report/curves.csv")
    report = report[report.configuration == request.param]
    return {
        split: pd.DataFrame({"report": rows.set_index("epoch").mse, "ours": ours[split]}).dropna()
        for split, rows in report.groupby("split")
    }


@pytest.mark.parametrize("split", ["train", "validation"])
def test_curve_is_the_reports(curves, split):
    both = curves[split]
    assert len(both) >= 80
    difference = (both.ours - both.report).abs()
    assert difference.median() < TOLERANCE
    assert difference.loc[both.index.max()] < TOLERANCE
    assert both.index.max() >= LAST_EPOCH - 2
