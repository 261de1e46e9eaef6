"""The tables that calibrate the settings that the paper does not state."""

from dataclasses import replace

from autoencoders.analysis.calibration import BEST, HALVES
from autoencoders.analysis.published import OTHER_DATA
from autoencoders.labels.networks import capitalised, list_in_words, setting_words
from autoencoders.report.wording import table

WORST = 10  # cells that are shown of the best recipe
AS_DEFAULT = "as the default"


def tables(sources, manifest):
    """Return the finalists, the settings, all recipes of the search, and the least likely cells.

    On other data than the paper's, or without a study, only the first, which says so.
    """
    recipes = sources["calibration"]
    if not recipes or recipes[0]["verdict"] == OTHER_DATA:
        facts = manifest if recipes else {"title": manifest["title"]}
        return [replace(table("calibration", [], facts), remarks=[])]
    first, last = recipes[0]["study"], recipes[-1]["study"]
    finalists = [row for row in recipes if row["study"] == last]
    (best,) = (row for row in finalists if row["verdict"] == BEST)
    facts = {
        "title": manifest["title"],
        "best": best["recipe"],
        "what": settings_in_words(best),
        "averaged": best["averaged"],
        "consistent": best["consistent"],
        "cells": best["cells"],
        "p_ranks": best["p_ranks"],
        "seeds": best["seeds"],
    }
    settings = [row for row in sources["calibration_settings"] if row["study"] == first]
    of_best = []
    for row in sources["calibration_cells"]:
        same = (row["study"], row["recipe"], row["averaged"]) == (last, *_of(best))
        if same:
            of_best.append(row)
    found = [
        table("calibration", list(map(_worded, finalists)), facts),
        table("calibration-settings", list(map(_setting, settings)), _decisions(settings)),
    ]
    if first != last:
        searched = [row for row in recipes if row["study"] == first]
        searched.sort(key=lambda row: -float(row["likelihood_choosing"]))
        seeds = {"seeds": searched[0]["seeds"], "cells": searched[0]["cells"]}
        found.append(table("calibration-search", list(map(_worded, searched)), seeds))
    of_best.sort(key=lambda row: float(row["likelihood"]) - float(row["reachable"]))
    cells = [row | {"network": row["configuration"].partition("/")[2]} for row in of_best[:WORST]]
    found.append(table("calibration-cells", cells, {"best": best["recipe"]}))
    return found


def _of(row):
    return row["recipe"], row["averaged"]


def settings_in_words(row):
    """Return the settings of a recipe that differ from the default, in words."""
    words = []
    for each in filter(None, row["settings"].split("; ")):
        path, _, value = each.partition(" ")
        words.append(f"{setting_words(path)} {value}")
    return list_in_words(words) if words else AS_DEFAULT


def _worded(row):
    label = f"{row['recipe']} (default)" if row["default"] else row["recipe"]
    row = {**row, "label": label, "what": settings_in_words(row)}
    if row["verdict"] == BEST:  # its differences from itself
        for half in HALVES:
            row[f"difference_{half}"] = row[f"difference_low_{half}"] = ""
    return row


def _setting(row):
    label = f"{row['value']} (default)" if row["default"] else row["value"]
    return {**row, "label": label, "words": capitalised(setting_words(row["setting"]))}


def _decisions(settings):
    """Return which settings are decided, and which stay open, in words."""
    decided, left = [], {}
    for row in settings:
        left.setdefault(row["setting"], True)
        if row["decided"]:
            left[row["setting"]] = False
            decided.append(f"{setting_words(row['setting'])} ({row['value']})")
    still_open = [setting_words(setting) for setting, is_open in left.items() if is_open]
    return {
        "decided": list_in_words(decided) if decided else "none",
        "open": list_in_words(still_open) if still_open else "none",
    }
