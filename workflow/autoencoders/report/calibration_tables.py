"""The tables that calibrate the settings that the paper does not state."""

from dataclasses import replace

import pandas

from autoencoders.analysis import calibration_rules as rules
from autoencoders.analysis.published import OTHER_DATA
from autoencoders.labels.networks import capitalised, study_words
from autoencoders.report.wording import table

NONE = dict.fromkeys((rules.CHOSEN, rules.LEFT_OPEN, rules.RULED_OUT), "")


def tables(sources, manifest):
    """Return what is chosen, ruled out and left open in each study; the scores; the epochs.

    On other data than the paper's, or without a study, only the first, which says so.
    """
    rows, facts = [], {"title": manifest["title"], "near": rules.NEAR}
    for row in sources["calibration"]:
        label = f"{row['variant']} (default)" if row["default"] else row["variant"]
        rows.append({**row, "setting": study_words(row["study"]), "label": label})
    if not rows:
        return [replace(table("calibration", [], facts), remarks=[])]
    frame = pandas.DataFrame(rows)
    if rows[0]["verdict"] == OTHER_DATA:
        return [replace(table("calibration", _by_study(frame), manifest), remarks=[])]
    facts["seeds"] = " or ".join(sorted(frame["seeds"].unique(), key=int))
    return [
        table("calibration", _by_study(frame), facts),
        table("calibration-scores", _scored(rows), facts),
        # The paper states the same epochs for all rows.
        table("calibration-epochs", rows, rows[0]),
    ]


def _by_study(frame):
    """Return a row for each study, with the variants of each verdict in words."""
    studies = []
    for setting, study in frame.groupby("setting", sort=False):
        labels = study.groupby("verdict")["label"].agg(", ".join)
        confirmed = "".join(study["confirmed"])
        studies.append({**NONE, **labels, "setting": setting, "confirmed": confirmed})
    return studies


def _scored(rows):
    """Return the rows with their reasons, without the best variant's differences from itself."""
    scored = []
    for row in rows:
        row = {**row, "notes": {"Verdict": (f"{capitalised(row['reason'])}.",)}}
        if row["best"]:
            for half in rules.HALVES:
                row[f"difference_{half}"] = row[f"difference_low_{half}"] = ""
        scored.append(row)
    return scored
