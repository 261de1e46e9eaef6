"""The report's 16 claims, each put to the test by a stated rule.

A claim is judged in parts, such as one for each pair of networks. A part is decided by a number
and its 95 % interval: it holds if the whole interval lies where the claim says, it does not hold
if the whole interval lies elsewhere, and it cannot be decided if the interval lies on both sides,
or if runs are missing. A general statement holds if every part does, and falls with a single one.
"""

import itertools
import warnings
from dataclasses import dataclass, field, replace

import numpy as np
import pandas
from scipy import stats

from autoencoders.comparison import (
    CONFIDENCE,
    FEWEST_SEEDS,
    LEVEL,
    MARGIN,
    SPREADS,
    STUCK,
    holm,
    tolerance,
)
from autoencoders.evidence import UNLABELLED
from autoencoders.files import written_aside
from autoencoders.reported import DATASET
from autoencoders.tables import EMPTY, Cell, Shown, html, markdown, write_csv
from autoencoders.words import ACTIVATIONS

HOLDS, FAILS, UNDECIDED = "holds", "does not hold", "cannot be decided"
VERDICTS = (HOLDS, FAILS, UNDECIDED)
INFORMATION = ""  # the verdict of a part that decides nothing

CLOSE = 0.05  # so near to the worse of two final errors counts as converged: both get there
RECONSTRUCTED = 0.5  # share of the mean image's error that a good reconstruction removes
ALMOST_ALL = 0.985  # what rounds to the report's 99 %
RISE = 0.01  # of the validation error above its minimum, less than what seeds differ by
SAME_SUBSPACE = 0.9  # mean squared cosine; 1 is the same one, chance is below 0.66 at any width
USUAL = 0.9  # share of networks of which a range must be true: nine in ten
SLIGHTLY = 0.02  # accuracy: two points at most
SMALL = 0.06  # share of variation; by convention less is a small effect (Cohen 1988)
NOISE = 0.3  # standard deviation on the test images: the stronger of the report's two
PRE_TRAINING_EPOCHS = (4, 5)
FULL_TRAINING_EPOCHS = (5, 15)
RESAMPLES = 999
RANDOM_SEED = 2019
SHOWN = 3  # parts that a sentence names

UNDER = (128, 256, 512)
KINDS = ("l1-1e-05", "l1-1e-07", "l2-1e-05", "l2-1e-07", "noise-0.1", "noise-0.3")
PREVENTING = ("l1-1e-07", "l2-1e-07", "noise-0.3")
RATES = ("0.1", "0.03", "0.01")
NO_HIDDEN = "classifier/no-hidden"

COLUMNS = (
    "number",
    "claim",
    "verdict",
    "sentence",
    "effect",
    "effect_unit",
    "low",
    "high",
    "p",
    "n",
    "decided_by",
    "quantity",
    "test",
)
PART_COLUMNS = (
    "number",
    "part",
    "verdict",
    "effect",
    "effect_unit",
    "low",
    "high",
    "p",
    "n",
    "reason",
)
SUFFIXES = ("csv", "md", "html")


class Missing(Exception):
    """What a part needs is not there; the message says why, in a few words."""


@dataclass(frozen=True)
class Part:
    """One number that a claim is judged by.

    Attributes
    ----------
    name : str
        What it is the number of, in words.
    unit : str
        What the number counts, in words.
    verdict : str
        One of `VERDICTS`; empty if it is shown for information.
    effect, low, high : float, optional
        The number and its 95 % interval.
    p : float, optional
        Of the test that the difference is zero.
    n : int, optional
        How many networks it is from.
    reason : str
        Why it cannot be decided, or a remark.
    """

    name: str
    unit: str
    verdict: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Finding:
    """What came out of a claim's test: the parts, how they combine, and the sentence about them."""

    parts: list
    sentence: str
    combine: object = None
    weakest: object = min

    @property
    def judged(self):
        """The parts that decide."""
        return [part for part in self.parts if part.verdict != INFORMATION]

    @property
    def verdict(self):
        """The verdict on the claim."""
        return (self.combine or all_of)([part.verdict for part in self.judged])

    @property
    def deciding(self):
        """The part that decides: of those with the claim's verdict the one furthest against it."""
        parts = [part for part in self.judged if part.verdict == self.verdict]
        known = [part for part in parts if part.effect is not None]
        return self.weakest(known, key=lambda part: part.effect) if known else parts[0]


# --- the rules --------------------------------------------------------------------------------


def all_of(verdicts):
    """Return the verdict on a general statement: it falls with a single part."""
    if FAILS in verdicts:
        return FAILS
    return HOLDS if verdicts and set(verdicts) == {HOLDS} else UNDECIDED


def any_of(verdicts):
    """Return the verdict on a statement that something happens: a single part makes it hold."""
    if HOLDS in verdicts:
        return HOLDS
    return FAILS if verdicts and set(verdicts) == {FAILS} else UNDECIDED


def above(low, high, threshold=0.0):
    """Return the verdict on a number that is said to be above a threshold, by its interval."""
    if low > threshold:
        return HOLDS
    return FAILS if high <= threshold else UNDECIDED


def below(low, high, threshold):
    """Return the verdict on a number that is said to be at most a threshold, by its interval."""
    if high <= threshold:
        return HOLDS
    return FAILS if low > threshold else UNDECIDED


def inside(low, high, lower, upper):
    """Return the verdict on a number said to be above `lower` and at most `upper`."""
    return all_of([above(low, high, lower), below(low, high, upper)])


def better(difference, p_adjusted):
    """Return the verdict on one of many differences that are all said to be positive."""
    if p_adjusted >= LEVEL:
        return UNDECIDED
    return HOLDS if difference > 0 else FAILS


def prevented(premise, low, high):
    """Return the verdict on a remedy, given how far the validation error rises with it.

    Parameters
    ----------
    premise : str
        Whether it rises without the remedy: a remedy for nothing prevents nothing.
    low, high : float
        Interval of the rise with it, relative to the minimum.
    """
    return below(low, high, RISE) if premise == HOLDS else premise


def worse_somewhere(p_adjusted, losses, gains):
    """Return the verdict on: a bigger network is not necessarily better.

    Parameters
    ----------
    p_adjusted : list of float
        Of each pair of a network and a bigger one.
    losses : list of float
        What the bigger one lacks in accuracy.
    gains : list of float
        The lower ends of the intervals of what it gains.
    """
    if any(p < LEVEL and loss > 0 for p, loss in zip(p_adjusted, losses, strict=True)):
        return HOLDS
    return FAILS if all(low > 0 for low in gains) else UNDECIDED


def no_difference(p, effect):
    """Return the verdict on: groups do not differ.

    Parameters
    ----------
    p : float
        Of the test that they do not.
    effect : float
        Share of the variation that lies between them. A difference that is sure but small is
        none that matters; a large one that may be due to chance is undecided.
    """
    if effect < SMALL:
        return HOLDS
    return FAILS if p < LEVEL else UNDECIDED


def agrees(difference, sd):
    """Return the verdict on a mean of the report, by the rule that comparison.py has for it."""
    return HOLDS if abs(difference) <= tolerance(sd, 0.0005) + 1e-12 else FAILS


# --- intervals --------------------------------------------------------------------------------


def mean_interval(values):
    """Return the mean and its interval by Student's t, as the numbers of a `Part`."""
    values = np.asarray(values, float)
    _enough(values)
    low = high = mean = float(values.mean())
    if _differ(values):
        low, high = stats.ttest_1samp(values, 0).confidence_interval(CONFIDENCE)
    return {"effect": mean, "low": float(low), "high": float(high), "n": len(values)}


def paired_interval(differences):
    """Return `mean_interval` of differences by seed, with the p-value."""
    numbers = mean_interval(differences)
    if numbers["low"] == numbers["high"]:
        return numbers | {"p": float(numbers["effect"] == 0)}
    return numbers | {"p": float(stats.ttest_1samp(differences, 0).pvalue)}


def difference_interval(ours, others):
    """Return the difference of two means with Welch's interval and p-value."""
    _enough(ours)
    _enough(others)
    low = high = difference = float(np.mean(ours) - np.mean(others))
    p = float(difference == 0)
    if _differ(ours) or _differ(others):
        with warnings.catch_warnings():
            # One group may well be the same for every seed, such as a number of epochs.
            warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
            test = stats.ttest_ind(ours, others, equal_var=False)
        (low, high), p = test.confidence_interval(CONFIDENCE), test.pvalue
    n = len(ours) + len(others)
    return {"effect": difference, "low": float(low), "high": float(high), "p": float(p), "n": n}


def share_interval(shares):
    """Return the mean share over architectures with a bootstrap interval over them."""
    low = high = mean = float(np.mean(shares))
    if np.ptp(shares) > 0:
        low, high = stats.bootstrap(
            (shares,),
            np.mean,
            n_resamples=RESAMPLES,
            confidence_level=CONFIDENCE,
            method="percentile",
            rng=np.random.default_rng(RANDOM_SEED),
        ).confidence_interval
    return {"effect": mean, "low": float(low), "high": float(high)}


def rank_correlation(values, others):
    """Return Spearman's rank correlation, its interval by Fisher's transformation, and p."""
    test = stats.spearmanr(values, others)
    ranks = stats.pearsonr(stats.rankdata(values), stats.rankdata(others))
    low, high = ranks.confidence_interval(CONFIDENCE)
    return {
        "effect": float(test.statistic),
        "low": float(low),
        "high": float(high),
        "p": float(test.pvalue),
        "n": len(values),
    }


def between_groups(groups):
    """Return the share of variation between groups (by ranks), a bootstrap interval, and p.

    The p-value is that of Kruskal and Wallis; the share is (H - k + 1) / (n - k), for k groups and
    n values, at least 0.
    """
    n, k = sum(map(len, groups)), len(groups)

    def share(samples):
        if np.ptp(np.concatenate(samples)) == 0:
            return 0.0, 1.0
        h, p = stats.kruskal(*samples)
        return max(0.0, float(h - k + 1) / (n - k)), float(p)

    generator = np.random.default_rng(RANDOM_SEED)
    resampled = [
        share([generator.choice(group, len(group)) for group in groups])[0]
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(resampled, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    effect, p = share(groups)
    # Resampling adds variation between groups, so that the lower end can pass the share itself.
    return {"effect": effect, "low": float(min(low, effect)), "high": float(high), "p": p, "n": n}


def _differ(values):
    """Return whether values differ by more than the last digits of a number."""
    return np.ptp(values) > 1e-9 * np.max(np.abs(values))


def _enough(values):
    if len(values) < FEWEST_SEEDS:
        raise Missing(f"only {len(values)} seeds, {FEWEST_SEEDS} are needed")


# --- what the parts are made of ---------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """All that the claims are judged by.

    Attributes
    ----------
    report : Report
        All numbers of the report.
    plan : dict
        What plan.json holds.
    runs : dict of str to Run
        The runs that may be used.
    gaps : dict of str to str
        Why a run is missing.
    measures : pandas.DataFrame
        As `measures.measure` returns it.
    studies : dict of str to dict of str to dict of str to Run
        By study and variant its runs, of those studies that are whole.
    """

    report: object
    plan: dict
    runs: dict
    gaps: dict
    measures: pandas.DataFrame
    studies: dict = field(default_factory=dict)

    def run(self, name):
        """Return a run that has the report's data and settings; else a `Missing` says why."""
        standing, reason = self.report.standing(self.plan, name)
        if standing is not None:
            raise Missing(f"{name}: {reason}")
        if name not in self.runs:
            raise Missing(f"{name}: {self.gaps.get(name, 'not read')}")
        if len(self.runs[name].seeds) < FEWEST_SEEDS:
            raise Missing(f"{name}: only {len(self.runs[name].seeds)} seeds ended")
        return self.runs[name]

    def all_runs(self, names):
        """Return several runs; a `Missing` counts those that are not there."""
        runs, missing = {}, []
        for name in names:
            try:
                runs[name] = self.run(name)
            except Missing as reason:
                missing.append(str(reason))
        if missing:
            raise Missing(f"{len(missing)} of {len(names)} networks are missing ({missing[0]})")
        return runs

    def study(self, name):
        """Return the runs of a study by variant; a `Missing` says how to get them."""
        if self.plan["dataset"] != DATASET:
            raise Missing(f"the data are {self.plan['dataset']}, the report's are {DATASET}")
        if not self.studies.get(name):
            raise Missing(f"the study {name} is not finished; run `snakemake --cores 1 studies`")
        return self.studies[name]

    def values(self, name, metric):
        """Return a metric of every seed that ended."""
        return [entry[metric] for entry in self.run(name).metrics if not entry["diverged"]]

    def curves(self, name):
        """Return the validation errors of every seed: epochs by seeds."""
        run = self.run(name)
        history = run.history[run.history["seed"].isin(run.seeds)]
        return history.pivot(index="epoch", columns="seed", values="validation_error")

    def measure(self, name, measure, study="", layer="", noise=""):
        """Return a measure of every kept network, by seed."""
        if name:
            self.run(name)
        rows = self.measures
        for column, value in {
            "configuration": name,
            "measure": measure,
            "study": study,
            "layer": layer,
            "noise": noise,
        }.items():
            rows = rows[rows[column].map(str) == str(value)]
        if rows.empty:
            raise Missing(f"no {measure.replace('_', ' ')} was measured of {name or 'the images'}")
        return pandas.Series(rows["value"].astype(float).values, index=rows["seed"])

    @property
    def stacks(self):
        """The classifiers of the report's Table 2 by activation, in its order."""
        names = [name for name, cell in self.report.cells.items() if cell.place == "Table 2"]
        return {
            activation: [name for name in names if name.startswith(f"classifier/{activation}-")]
            for activation in ACTIVATIONS
        }


def _part(name, unit, numbers, verdict=INFORMATION, reason=""):
    """Return a part; `numbers` gives its numbers, `verdict` judges them, if they can be had.

    Parameters
    ----------
    numbers : callable
        Without arguments; returns a dict, or raises `Missing`.
    verdict : callable or str
        Of that dict.
    """
    try:
        found = numbers()
    except Missing as why:
        verdict = INFORMATION if verdict == INFORMATION else UNDECIDED
        return Part(name, unit, verdict, reason=str(why))
    judged = verdict(found) if callable(verdict) else verdict
    return Part(name, unit, judged, **found, reason=reason)


def _by_interval(rule, *thresholds):
    return lambda found: rule(found["low"], found["high"], *thresholds)


def _hidden(name):
    """Return the hidden widths of a classifier by its name."""
    return [int(width) for width in name.split("-")[1:]]


def _size(name):
    """Return how many weights a classifier has."""
    widths = [784, *_hidden(name), 10]
    return sum(a * b for a, b in itertools.pairwise(widths))


def _short(name):
    """Return a classifier's hidden widths as the report writes them."""
    return "-".join(map(str, _hidden(name)))


def _kind(name):
    """Return a regularisation in words."""
    norm, strength = name.split("-", 1)
    return f"noise {strength}" if norm == "noise" else f"{norm.upper()} {strength}"


# --- the claims -------------------------------------------------------------------------------


def convergence(evidence):
    """Judge claim 1: ReLU converges faster than sigmoid, under-complete and over-complete."""

    def saved(kind):
        curves = [evidence.curves(f"autoencoder/{activation}-{kind}") for activation in ACTIVATIONS]
        limit = (1 + CLOSE) * max(float(curve.iloc[-1].max()) for curve in curves)
        relu, sigmoid = ([_reached(curve[seed], limit) for seed in curve] for curve in curves)
        return difference_interval(sigmoid, relu)

    def last(kind):
        finals = [
            evidence.curves(f"autoencoder/{activation}-{kind}").iloc[-1].tolist()
            for activation in ACTIVATIONS
        ]
        return difference_interval(*reversed(finals))

    kinds = {f"{width} units": str(width) for width in UNDER}
    kinds |= {f"1024 units, {_kind(kind)}": f"1024-{kind}" for kind in KINDS}
    faster = [
        _part(words, "epochs that ReLU saves", lambda k=kind: saved(k), _by_interval(above))
        for words, kind in kinds.items()
    ]
    lower = [
        _part(f"{words}: final error", "error that ReLU saves", lambda k=kind: last(k))
        for words, kind in kinds.items()
    ]
    plain = _part(
        "1024 units, no penalty or noise (not in the report)",
        "epochs that ReLU saves",
        lambda: saved("1024"),
    )
    won = [part for part in faster if part.verdict == HOLDS]
    sentence = f"ReLU reaches the same error sooner in {len(won)} of "
    sentence += f"{len(faster)} pairs of networks" + (
        f", by {min(p.effect for p in won):.0f} to {max(p.effect for p in won):.0f} of 100 epochs."
        if won
        else "."
    )
    lost = [part for part in faster if part.verdict == FAILS]
    if lost:
        words = "; ".join(f"{part.name} ({-part.effect:.0f} epochs)" for part in lost)
        sentence += f" Sigmoid is at least as fast with {words}."
    ended = [part for part in lower if part.effect is not None and part.high < 0]
    if ended:
        words = "; ".join(part.name.removesuffix(": final error") for part in ended)
        sentence += f" Sigmoid also ends with the lower error there: {words}."
    return Finding([*faster, *lower, plain], sentence)


def _reached(errors, limit):
    """Return the first epoch at which a curve is at or below a limit that it reaches."""
    return int((errors <= limit).idxmax())


def reconstruction(evidence):
    """Judge claim 2: ReLU and sigmoid both reconstruct well in the under-complete case."""

    def removed(name):
        baseline = evidence.measure("", "mean_image_error").iloc[0]
        return mean_interval([1 - error / baseline for error in _final(evidence, name)])

    def by_pca(name):
        baseline = evidence.measure("", "mean_image_error").iloc[0]
        return {"effect": 1 - float(evidence.measure(name, "pca_test_error").iloc[0]) / baseline}

    names = _under_names()
    good = [
        _part(
            words,
            "share of the mean image's error removed",
            lambda n=name: removed(n),
            _by_interval(above, RECONSTRUCTED),
        )
        for words, name in names.items()
    ]
    more = [
        _part(
            f"{words}: digit read from the reconstruction",
            "share of test images",
            lambda n=name: mean_interval(evidence.measure(n, "legible")),
        )
        for words, name in names.items()
    ]
    more += [
        _part(
            f"PCA, {width} components",
            "share of the mean image's error removed",
            lambda w=width: by_pca(f"autoencoder/relu-{w}"),
        )
        for width in UNDER
    ]
    spans = [_span([p for p in good if p.name.startswith(label)]) for label in ACTIVATIONS.values()]
    sentence = (
        f"Of the error that one mean image for all leaves, ReLU networks remove {spans[0]}, "
        f"sigmoid networks {spans[1]}; a good reconstruction removes at least half."
    )
    pca = [part.effect for part in more[-len(UNDER) :] if part.effect is not None]
    if pca:
        sentence += f" PCA of the same widths removes {100 * min(pca):.0f} % or more."
    return Finding([*good, *more], sentence)


def _under_names():
    return {
        f"{label}, {width} units": f"autoencoder/{activation}-{width}"
        for activation, label in ACTIVATIONS.items()
        for width in UNDER
    }


def _final(evidence, name):
    return evidence.values(name, "validation_error")


def _span(parts):
    """Return the range of the parts' effects in percent."""
    effects = [100 * part.effect for part in parts if part.effect is not None]
    return f"{min(effects):.0f} to {max(effects):.0f} %" if effects else "an unknown share"


def deactivation(evidence):
    """Judge claim 3: strength 1e-5 of L1 and of L2 deactivates almost all hidden nodes."""
    names = {
        f"{label}, {norm.upper()}": f"autoencoder/{activation}-1024-{norm}-1e-05"
        for norm in ("l1", "l2")
        for activation, label in ACTIVATIONS.items()
    }
    parts = [
        _part(
            words,
            "share of inactive hidden activations",
            lambda n=name: mean_interval(evidence.values(n, "sparseness")),
            _by_interval(above, ALMOST_ALL),
        )
        for words, name in names.items()
    ]
    errors = [
        _part(
            f"{words}: error on the test images",
            "mean squared error",
            lambda n=name: mean_interval(_final(evidence, n)),
        )
        for words, name in names.items()
    ]
    baseline = _part(
        "mean image for all: error on the test images",
        "mean squared error",
        lambda: {"effect": float(evidence.measure("", "mean_image_error").iloc[0])},
    )
    shares = "; ".join(f"{p.name} {p.effect:.3f}" for p in parts if p.effect is not None)
    sentence = (
        f"Share of hidden activations of at most 0.1, which count as inactive: {shares}. Needed is "
        "0.985, which rounds to 0.99."
    )
    known = [part.effect for part in errors if part.effect is not None]
    if known and baseline.effect is not None:
        sentence += (
            f" Such networks reconstruct nothing: their error is {min(known):.3f} to "
            f"{max(known):.3f}, that of one mean image for all {baseline.effect:.3f}."
        )
    return Finding([*parts, *errors, baseline], sentence)


def over_fitting(evidence):
    """Judge claim 4: L1 or L2 at 1e-7, or noise 0.3, prevents over-fitting when over-complete."""

    def rise(name):
        curves = evidence.curves(name)
        return mean_interval(curves.iloc[-1] / curves.min() - 1)

    def gap(name):
        test, train = (evidence.measure(name, f"{each}_error") for each in ("test", "training"))
        return mean_interval(test - train)

    unit = "rise of the validation error above its minimum"
    premises, parts, more = {}, [], []
    for activation, label in ACTIVATIONS.items():
        name = f"autoencoder/{activation}-1024"
        part = _part(
            f"{label} without penalty or noise",
            unit,
            lambda n=name: rise(n),
            _by_interval(above, RISE),
        )
        premises[activation] = part.verdict
        more.append(replace(part, verdict=INFORMATION))
    over_fits = HOLDS in premises.values()
    for activation, label in ACTIVATIONS.items():
        premise = premises[activation]
        for kind in PREVENTING:
            name = f"autoencoder/{activation}-1024-{kind}"
            judged = _part(
                f"{label}, {_kind(kind)}",
                unit,
                lambda n=name: rise(n),
                lambda found, p=premise: prevented(p, found["low"], found["high"]),
                reason="nothing over-fits without it" if premise == FAILS else "",
            )
            # Where the other networks do over-fit, these are no test.
            parts.append(
                replace(judged, verdict=INFORMATION) if over_fits and premise == FAILS else judged
            )
    for activation, label in ACTIVATIONS.items():
        for kind in (None, *PREVENTING):
            name = f"autoencoder/{activation}-1024" + (f"-{kind}" if kind else "")
            words = f"{label}, {_kind(kind) if kind else 'no penalty or noise'}"
            more += [
                _part(
                    f"{words}: test minus training error, both without noise",
                    "mean squared error",
                    lambda n=name: gap(n),
                ),
                _part(
                    f"{words}: final validation error",
                    "mean squared error",
                    lambda n=name: mean_interval(_final(evidence, n)),
                ),
            ]
    finals = {part.name: part.effect for part in more if "final" in part.name}
    known = [part.effect for part in more[:2] if part.effect is not None]
    sentence = ""
    if set(premises.values()) == {FAILS}:
        sentence = (
            "Without penalty or noise nothing over-fits that could be prevented: after 100 epochs "
            f"the validation error is {100 * max(known):.1f} % above its minimum."
        )
    elif known:
        sentence = (
            "Without penalty or noise the validation error ends "
            + " and ".join(f"{100 * effect:.1f} %" for effect in known)
            + " above its minimum (ReLU and sigmoid); with them "
            f"{100 * max((p.effect for p in parts if p.effect is not None), default=0):.1f} % "
            "at most."
        )
    words = [
        f"{kind} {finals[f'ReLU, {kind}: final validation error']:.4f}"
        for kind in ("no penalty or noise", *map(_kind, PREVENTING))
        if finals.get(f"ReLU, {kind}: final validation error") is not None
    ]
    if words:
        sentence += f" Final validation errors with ReLU: {', '.join(words)}."
    return Finding([*parts, *more], sentence, weakest=max)


def principal_subspace(evidence):
    """Judge claim 5: under-complete autoencoders learn the training data's principal subspace."""
    names = {
        f"ReLU, {width} units": f"autoencoder/relu-{width}"
        for width in (100, 128, 200, 256, 400, 512)
    } | _under_names()
    parts = [
        _part(
            words,
            "overlap with the principal subspace",
            lambda n=name: mean_interval(evidence.measure(n, "overlap")),
            _by_interval(above, SAME_SUBSPACE),
            reason=f"by chance {int(name.split('-')[-1]) / 784:.2f}",
        )
        for words, name in names.items()
    ]
    more = []
    for words, name in names.items():
        more.append(
            _part(
                f"{words}: error on the training images, PCA's = 1",
                "ratio of errors",
                lambda n=name: mean_interval(
                    evidence.measure(n, "training_error")
                    / evidence.measure(n, "pca_training_error")
                ),
            )
        )
        more.append(
            _part(
                f"{words}: variance captured, PCA's = 1",
                "ratio of variances",
                lambda n=name: mean_interval(evidence.measure(n, "captured")),
            )
        )
    known = [part for part in parts if part.effect is not None]
    if not known:
        return Finding([*parts, *more], "")
    ratios = [part.effect for part in more if part.unit == "ratio of errors" and part.effect]
    return Finding(
        [*parts, *more],
        f"Decoder and PCA of equal width share {min(p.effect for p in known):.2f} to "
        f"{max(p.effect for p in known):.2f} of their subspaces, where 1 is the same and chance "
        f"alone gives {min(p.reason.split()[-1] for p in known)} to 0.65; the networks' error on "
        f"the training images is {min(ratios):.1f} to {max(ratios):.0f} times PCA's.",
    )


def epochs(evidence):
    """Judge claim 6: pre-training ends after 4 to 5 epochs, full training after 5 to 15."""
    names = [name for stack in evidence.stacks.values() for name in stack]

    def share(runs, limits, pre):
        shares, n = [], 0
        for run in runs.values():
            counts = [
                count
                for entry in run.metrics
                for phase, count in entry["epochs"].items()
                if phase.startswith("pre-training") == pre
            ]
            n += len(run.metrics)
            shares.append(np.mean([limits[0] <= count <= limits[1] for count in counts]))
        return {**share_interval(shares), "n": n}

    def unbounded():
        variants = evidence.study("pre-training-epochs")
        bounds = [variant for variant in variants if variant.isdecimal()]
        longest = max(bounds, key=int, default="0")
        if int(longest) <= PRE_TRAINING_EPOCHS[1]:
            raise Missing("no variant of the study lets pre-training run for longer than 5 epochs")
        runs = {name: run for name, run in variants[longest].items() if run.config["hidden"]}
        return share(runs, PRE_TRAINING_EPOCHS, True)

    unit = "share of trainings in the range"
    alone = _part(
        "pre-training, stopped by its rule within 10 epochs",
        unit,
        unbounded,
        _by_interval(above, USUAL),
    )
    full = _part(
        "full training",
        unit,
        lambda: share(evidence.all_runs(names), FULL_TRAINING_EPOCHS, False),
        _by_interval(above, USUAL),
    )
    bounded = _part(
        "pre-training, bounded at 5 epochs",
        unit,
        lambda: share(evidence.all_runs(names), PRE_TRAINING_EPOCHS, True),
        reason="by construction: 5 epochs are our own bound",
    )
    sentence = ""
    if full.effect is not None:
        counts = [count for name in names for count in _full_epochs(evidence.run(name))]
        low, middle, high = np.quantile(counts, [0.05, 0.5, 0.95])
        sentence = (
            f"{100 * full.effect:.0f} % of the full trainings end after 5 to 15 epochs, and needed "
            f"is nine in ten (which take {low:.0f} to {high:.0f}, median {middle:.0f}). "
        )
    if alone.effect is not None:
        sentence += (
            f"Left to its stopping rule up to 10 epochs, {100 * alone.effect:.0f} % of the "
            "pre-trainings end after 4 or 5. "
        )
    if bounded.effect is not None:
        sentence += (
            f"With 5 epochs as our bound {100 * bounded.effect:.0f} % do, which says nothing."
        )
    return Finding([alone, full, bounded], sentence)


def _full_epochs(run):
    return [entry["epochs"]["full-training"] for entry in run.metrics]


def relu_beats_sigmoid(evidence):
    """Judge claim 7: ReLU always beats sigmoid on the test data."""
    relu, sigmoid = evidence.stacks.values()
    parts, wins = [], []
    for ours, other in zip(relu, sigmoid, strict=True):

        def gain(ours=ours, other=other):
            values = [evidence.values(name, "accuracy") for name in (ours, other)]
            wins.append(np.mean(np.greater.outer(*values)))
            p = float(stats.mannwhitneyu(*values).pvalue)
            return difference_interval(*values) | {"p": p}

        parts.append(_part(_short(ours), "accuracy that ReLU gains", gain, UNDECIDED))
    parts = _holm(parts, better)
    known = [part for part in parts if part.effect is not None]
    if not known:
        return Finding(parts, "")
    least, most = (choose(known, key=lambda part: part.effect) for choose in (min, max))
    ahead = sum(part.verdict == HOLDS for part in known)
    return Finding(
        parts,
        f"On average over seeds ReLU is reliably better in {ahead} of {len(parts)} architectures, "
        f"by {least.effect:.3f} ({least.name}) to {most.effect:.3f} ({most.name}). Of single "
        f"networks of the same architecture the ReLU one wins in {100 * np.mean(wins):.1f} % of "
        "pairs.",
    )


def _holm(parts, rule):
    """Return the parts judged by p-values adjusted for their number; those without stay."""
    known = [part for part in parts if part.p is not None]
    adjusted = iter(holm([part.p for part in known]))
    return [
        part
        if part.p is None
        else replace(part, p=(p := next(adjusted)), verdict=rule(part.effect, p))
        for part in parts
    ]


def bigger_is_better(evidence):
    """Judge claim 8: more nodes and layers are not necessarily better."""
    parts, words = [], []
    for activation, label in ACTIVATIONS.items():
        unit = "accuracy that the bigger network lacks"
        try:
            runs = evidence.all_runs(evidence.stacks[activation])
        except Missing as reason:
            parts.append(Part(label, unit, UNDECIDED, reason=str(reason)))
            continue
        pairs = [
            (small, big)
            for small, big in itertools.permutations(runs, 2)
            if len(_hidden(big)) >= len(_hidden(small))
            and sum(_hidden(big)) >= sum(_hidden(small))
            and _size(big) > _size(small)
        ]
        values = {name: evidence.values(name, "accuracy") for name in runs}
        found = [difference_interval(values[small], values[big]) for small, big in pairs]
        adjusted = holm([each["p"] for each in found])
        losses = [each["effect"] for each in found]
        worse = [k for k, p in enumerate(adjusted) if p < LEVEL and losses[k] > 0]
        worst = max(worse or range(len(pairs)), key=losses.__getitem__)
        small, big = map(_short, pairs[worst])
        n = sum(len(each) for each in values.values())
        verdict = worse_somewhere(adjusted, losses, [-each["high"] for each in found])
        parts.append(
            Part(
                f"{label}: {big} against {small}",
                unit,
                verdict,
                **{**found[worst], "p": adjusted[worst], "n": n},
                reason=f"reliably worse in {len(worse)} of {len(pairs)} pairs",
            )
        )
        example = (
            f", such as {big} ({np.mean(values[pairs[worst][1]]):.3f}) against {small} "
            f"({np.mean(values[pairs[worst][0]]):.3f})"
        )
        words.append(
            f"{label}: the bigger of two networks is reliably worse in {len(worse)} of "
            f"{len(pairs)} pairs{example * bool(worse)}."
        )
    return Finding(parts, " ".join(words), combine=any_of)


def two_layers(evidence):
    """Judge claim 9: two hidden layers beat one of the same width, slightly."""
    parts = [
        _part(
            f"{label}, {width}-{width} against {width}",
            "accuracy that the second layer gains",
            lambda a=activation, w=width: difference_interval(
                *(
                    evidence.values(f"classifier/{a}-{hidden}", "accuracy")
                    for hidden in (f"{w}-{w}", w)
                )
            ),
            _by_interval(inside, 0, SLIGHTLY),
        )
        for activation, label in ACTIVATIONS.items()
        for width in UNDER
    ]
    words = []
    for label in ACTIVATIONS.values():
        gains = [p.effect for p in parts if p.name.startswith(label) and p.effect is not None]
        if gains:
            words.append(f"{label} {_signed(min(gains))} to {_signed(max(gains))}")
    sentence = (
        f"What a second layer of the same width adds to the accuracy: {'; '.join(words)} (widths "
        f"128, 256 and 512). Slightly better means by more than 0 and at most {SLIGHTLY:g}."
    )
    return Finding(parts, sentence if words else "")


def _signed(number, digits=3):
    return f"{number:+.{digits}f}".replace("-", "−")


def computation_time(evidence):
    """Judge claim 10: more nodes and layers take more computation time."""
    nodes, layers, spans = [], [], []
    for activation, label in ACTIVATIONS.items():

        def correlation(activation=activation):
            runs = evidence.all_runs(evidence.stacks[activation])
            seconds = [np.median(_seconds(run)) for run in runs.values()]
            return rank_correlation([sum(_hidden(name)) for name in runs], seconds)

        def longer(width, activation=activation):
            stack = "-".join([f"{width}"] * 3)
            return difference_interval(
                *(
                    _seconds(evidence.run(f"classifier/{activation}-{hidden}"))
                    for hidden in (stack, width)
                )
            )

        nodes.append(
            _part(
                f"{label}: hidden nodes",
                "rank correlation with the seconds",
                correlation,
                _by_interval(above),
            )
        )
        layers += [
            _part(
                f"{label}: three layers of {width} against one",
                "seconds more",
                lambda w=width, f=longer: f(w),
                _by_interval(above),
            )
            for width in UNDER
        ]
        if nodes[-1].effect is not None:
            ends = [
                np.median(_seconds(evidence.run(f"classifier/{activation}-{hidden}")))
                for hidden in ("128", "512-512-512")
            ]
            spans.append(f"{label} {ends[0]:.1f} to {ends[1]:.1f} s")
    sentence = (
        f"From 128 hidden nodes to 512-512-512 the median time of a training goes from "
        f"{'; '.join(spans)}. Three layers instead of one of the same width take "
        + _range([part.effect for part in layers if part.effect is not None], 1)
        + " s more. The order of the times follows that of the hidden nodes with a correlation of "
        + " and ".join(f"{part.effect:.2f}" for part in nodes if part.effect is not None)
        + " (1 is the same order)."
    )
    return Finding([*nodes, *layers], sentence if spans else "")


def _range(numbers, digits):
    low, high = (f"{choose(numbers, default=0):.{digits}f}" for choose in (min, max))
    return f"{low} to {high}".replace("-", "−")


def _seconds(run):
    """Return the seconds of each training but the first of each job, which compiles as well."""
    first = {run.metrics[0]["seed"], run.config["first_seed"] + run.config["seeds"]}
    later = [entry for entry in run.metrics if entry["seed"] not in first]
    if len(later) < FEWEST_SEEDS:
        raise Missing(f"{run.configuration}: only {len(later)} seeds after the first")
    return [sum(entry["seconds"].values()) for entry in later]


def without_hidden_layer(evidence):
    """Judge claim 11: the network without a hidden layer reaches an accuracy of 0.895."""
    printed = evidence.report.cells.get(NO_HIDDEN)
    spread = {}

    def accuracy():
        values = evidence.values(NO_HIDDEN, "accuracy")
        spread["sd"] = float(np.std(values, ddof=1))
        return mean_interval(values)

    part = _part(
        "no hidden layer",
        "mean accuracy",
        accuracy,
        lambda found: agrees(found["effect"] - printed.value, spread["sd"]),
    )
    if part.effect is None:
        return Finding([part], "")
    off = part.effect - printed.value
    return Finding(
        [part],
        f"Our mean is {part.effect:.3f} ({part.low:.3f} to {part.high:.3f}), {abs(off):.3f} "
        f"{'above' if off > 0 else 'below'} the report's {printed.text}; a difference of up to "
        f"{tolerance(spread['sd'], printed.rounding):.3f} is allowed for what networks differ by.",
    )


def learning_rates(evidence):
    """Judge claim 12: at lower learning rates early stopping ends training too soon."""
    reason, variants = "", {}
    try:
        variants = evidence.study("learning-rate")
    except Missing as why:
        reason = str(why)
    needed = [variant for rate in RATES for variant in (rate, f"{rate}-patient")]
    if not reason and (lacking := [each for each in needed if each not in variants]):
        reason = f"the study learning-rate has no variant {lacking[0]}"
    unit = "accuracy that patience gains"
    lower = RATES[1:]
    if reason:
        parts = [Part(f"learning rate {rate}", unit, UNDECIDED, reason=reason) for rate in lower]
        return Finding(parts, "")

    def accuracies(variant, name):
        return np.array([entry["accuracy"] for entry in variants[variant][name].metrics], float)

    names = list(variants[needed[0]])
    # A network that the stopping leaves at chance at a lower rate is what the claim is about.
    chance = [name for name in names if (accuracies(RATES[0], name) < STUCK).any()]
    steady = [name for name in names if name not in chance]

    def gains(rate, names):
        pairs = [accuracies(f"{rate}-patient", n) - accuracies(rate, n) for n in names]
        return np.concatenate(pairs) if pairs else np.array([])

    parts = []
    for rate in lower:
        parts += [
            _part(
                f"learning rate {rate}",
                unit,
                lambda r=rate: paired_interval(gains(r, steady)),
                _by_interval(above),
            ),
            _part(
                f"learning rate {rate}, beyond the gain at 0.1",
                unit,
                lambda r=rate: paired_interval(gains(r, steady) - gains(RATES[0], steady)),
                _by_interval(above),
            ),
        ]
    more = [
        _part(f"learning rate {RATES[0]}", unit, lambda: paired_interval(gains(RATES[0], steady)))
    ]
    more += [
        _part(
            f"learning rate {rate}: {_named(name)}, left out",
            unit,
            lambda r=rate, n=name: paired_interval(gains(r, [n])),
        )
        for name in chance
        for rate in RATES
    ]
    epochs = {
        variant: [
            entry["epochs"]["full-training"]
            for n in names
            for entry in variants[variant][n].metrics
        ]
        for variant in needed
    }
    stuck = {
        variant: np.concatenate([accuracies(variant, name) < STUCK for name in names])
        for variant in needed
    }
    more += [
        Part(
            f"learning rate {variant.replace('-patient', ', patient')}: networks at chance",
            "share",
            INFORMATION,
            float(stuck[variant].mean()),
            n=len(stuck[variant]),
        )
        for variant in needed
    ]
    more += [
        Part(
            f"learning rate {variant.replace('-patient', ', patient')}: epochs of full training",
            "mean epochs",
            INFORMATION,
            **mean_interval(epochs[variant]),
        )
        for variant in needed
    ]
    bounded = {
        variant: [
            entry["epochs"]["full-training"]
            == run.config["training"]["full_training"]["max_epochs"]
            for run in variants[variant].values()
            for entry in run.metrics
        ]
        for variant in needed
    }
    more += [
        Part(
            f"learning rate {variant.replace('-patient', ', patient')}: ended by the bound",
            "share",
            INFORMATION,
            float(np.mean(bounded[variant])),
            n=len(bounded[variant]),
        )
        for variant in needed
    ]
    sentence = ""
    shown = {part.name: part for part in [*parts, *more]}
    gain = {rate: shown[f"learning rate {rate}"] for rate in RATES}
    if all(part.effect is not None for part in gain.values()):
        sentence = (
            "Waiting 20 epochs longer before stopping adds "
            + ", ".join(f"{_signed(part.effect)} at {rate}" for rate, part in gain.items())
            + " to the accuracy (mean over "
            f"{len(steady)} of {len(names)} architectures; the others have networks at chance at "
            f"{RATES[0]} already). Early stopping ends after "
            + ", ".join(f"{np.mean(epochs[rate]):.0f}" for rate in RATES)
            + " epochs on average, the patient one after "
            + ", ".join(f"{np.mean(epochs[f'{rate}-patient']):.0f}" for rate in RATES)
            + f"; {sum(map(sum, bounded.values()))} of {sum(map(len, bounded.values()))} trainings "
            "ended by the bound on the epochs, all others for want of improvement. Early stopping "
            "leaves "
            + ", ".join(f"{stuck[rate].sum()}" for rate in RATES)
            + f" of {len(stuck[RATES[0]])} networks at chance, the patient one "
            + ", ".join(f"{stuck[f'{rate}-patient'].sum()}" for rate in RATES)
            + "."
        )
    return Finding([*parts, *more], sentence)


def _named(name):
    """Return a classifier in words, such as `ReLU 128-128`."""
    return f"{ACTIVATIONS[name.split('/')[1].split('-')[0]]} {_short(name)}"


def abstraction(evidence):
    """Judge claim 13: deeper layers hold more abstract features."""

    def layers(name, study):
        """Return the probes' accuracy by seed and layer, without networks at chance."""
        probes = pandas.concat(
            [evidence.measure(name, "probe_accuracy", study, layer) for layer in (1, 2, 3)], axis=1
        )
        if study:
            return probes
        accuracy = evidence.measure(name, "accuracy")
        learnt = accuracy.index[accuracy >= STUCK]
        if len(learnt) < FEWEST_SEEDS:
            raise Missing(f"only {len(learnt)} of {len(accuracy)} networks are above chance")
        return probes.loc[learnt]

    def gain(name, study):
        probes = layers(name, study)
        return paired_interval((probes.iloc[:, 2] - probes.iloc[:, 0]).to_numpy())

    names = [
        f"classifier/{activation}-{width}-{width}-{width}"
        for activation in ACTIVATIONS
        for width in UNDER
    ]
    studies = {"": "trained"}
    if UNLABELLED in evidence.plan["studies"]:
        studies[UNLABELLED] = "before any label"
    unit = "accuracy that layer 3 gains over layer 1"
    parts, more, sentences = [], [], []
    for study, when in (*studies.items(),):
        for name in names:
            part = _part(
                f"{_named(name)}, {when}",
                unit,
                lambda n=name, s=study: gain(n, s),
                _by_interval(above),
            )
            parts.append(part)
            for layer in (1, 2, 3):
                more.append(
                    _part(
                        f"{_named(name)}, {when}: layer {layer}",
                        "accuracy of a linear classifier",
                        lambda n=name, s=study, k=layer: mean_interval(layers(n, s).iloc[:, k - 1]),
                    )
                )
    more.append(
        _part(
            "pixels",
            "accuracy of a linear classifier",
            lambda: {"effect": float(evidence.measure("", "probe_accuracy", layer=0).iloc[0])},
        )
    )
    for when in studies.values():
        words = []
        for label in ACTIVATIONS.values():
            gains = [
                part.effect
                for part in parts
                if part.name.startswith(label)
                and part.name.endswith(when)
                and part.effect is not None
            ]
            if gains:
                words.append(f"{label} {_signed(min(gains))} to {_signed(max(gains))}")
        if words:
            sentences.append(f"{when}: {', '.join(words)}")
    sentence = (
        "A linear classifier tells the digits apart from each layer's activities; from the first "
        f"to the third layer its accuracy changes by: {'; '.join(sentences)}."
    )
    return Finding([*parts, *more], sentence if sentences else "")


def epochs_by_architecture(evidence):
    """Judge claim 14: full training's epochs show no systematic difference of architectures."""

    def between(activation):
        runs = evidence.all_runs(evidence.stacks[activation])
        return between_groups([_full_epochs(run) for run in runs.values()])

    parts = [
        _part(
            label,
            "share of the variation that lies between architectures",
            lambda a=activation: between(a),
            lambda found: no_difference(found["p"], found["effect"]),
        )
        for activation, label in ACTIVATIONS.items()
    ]
    words = []
    for part, activation in zip(parts, ACTIVATIONS, strict=True):
        if part.effect is None:
            continue
        medians = {
            _short(name): np.median(
                [e["epochs"]["full-training"] for e in evidence.run(name).metrics]
            )
            for name in evidence.stacks[activation]
        }
        low, high = (choose(medians, key=medians.get) for choose in (min, max))
        words.append(
            f"{part.name} {100 * part.effect:.0f} % (medians from {medians[low]:g} epochs, {low}, "
            f"to {medians[high]:g}, {high})"
        )
    sentence = (
        f"Of what trainings differ by in epochs, the architecture accounts for: "
        f"{'; '.join(words)}. Less than {100 * SMALL:.0f} % would be no difference that matters."
    )
    return Finding(parts, sentence if words else "", weakest=max)


def three_layers(evidence):
    """Judge claim 15: there is no reason for more than two layers."""
    parts, words = [], []
    for activation, label in ACTIVATIONS.items():
        unit = "accuracy that the best three layers gain over the best two"
        try:
            runs = evidence.all_runs(evidence.stacks[activation])
        except Missing as reason:
            parts.append(Part(label, unit, UNDECIDED, reason=str(reason)))
            continue
        values = {name: evidence.values(name, "accuracy") for name in runs}
        best = {
            depth: max(
                (name for name in runs if len(_hidden(name)) == depth),
                key=lambda name: np.mean(values[name]),
            )
            for depth in (2, 3)
        }
        found = difference_interval(values[best[3]], values[best[2]])
        parts.append(
            Part(
                f"{label}: {_short(best[3])} against {_short(best[2])}",
                unit,
                below(found["low"], found["high"], MARGIN),
                **found,
            )
        )
        stuck = [
            value < STUCK
            for name, accuracies in values.items()
            if len(_hidden(name)) == 3
            for value in accuracies
        ]
        words.append(
            f"{label}: {np.mean(values[best[3]]):.3f} for the best three layers "
            f"({_short(best[3])}), {np.mean(values[best[2]]):.3f} for the best two "
            f"({_short(best[2])})"
            + (f"; {100 * np.mean(stuck):.0f} % of those with three end at chance" * any(stuck))
            + "."
        )
    return Finding(parts, " ".join(words), weakest=max)


def robustness(evidence):
    """Judge claim 16: noise in training forces more robust features."""

    def names(activation, kind):
        return f"autoencoder/{activation}-1024-{kind}", f"autoencoder/{activation}-1024"

    def gain(activation, kind, measure, layer, sign, noise=NOISE):
        ours, plain = (
            evidence.measure(name, measure, layer=layer, noise=noise)
            for name in names(activation, kind)
        )
        return paired_interval((sign * (ours - plain)).dropna().to_numpy())

    parts, more = [], []
    for activation, label in ACTIVATIONS.items():
        for kind in ("noise-0.1", "noise-0.3"):
            words = f"{label}, {_kind(kind)} in training"
            parts.append(
                _part(
                    f"{words}: digits told apart by the features of noisy images",
                    "accuracy gained",
                    lambda a=activation, k=kind: gain(a, k, "probe_accuracy", 1, 1),
                    _by_interval(above),
                )
            )
            more += [
                _part(
                    f"{words}: change of the features by noise",
                    "change saved",
                    lambda a=activation, k=kind: gain(a, k, "code_change", "", -1),
                ),
                _part(
                    f"{words}: reconstruction from noisy images",
                    "error saved",
                    lambda a=activation, k=kind: gain(a, k, "noisy_error", "", -1),
                ),
            ]
        for kind in (None, "noise-0.1", "noise-0.3", "l1-1e-07", "l2-1e-07"):
            words = f"{label}, {_kind(kind) if kind else 'no noise'} in training"
            name = f"autoencoder/{activation}-1024" + (f"-{kind}" if kind else "")
            more.append(
                _part(
                    f"{words}: change of the features by noise {NOISE:g}",
                    "share of their variance",
                    lambda n=name: mean_interval(evidence.measure(n, "code_change", noise=NOISE)),
                )
            )
            more += [
                _part(
                    f"{words}: digits told apart with noise {noise:g} on the test images",
                    "accuracy of a linear classifier",
                    lambda n=name, s=noise: mean_interval(
                        evidence.measure(n, "probe_accuracy", layer=1, noise=s)
                    ),
                )
                for noise in (0.0, NOISE)
            ]
    known = [part for part in parts if part.effect is not None]
    changes = {part.name: part.effect for part in more if "share" in part.unit}
    words = []
    for label in ACTIVATIONS.values():
        shares = [
            changes[f"{label}, {kind} in training: change of the features by noise {NOISE:g}"]
            for kind in ("no noise", "noise 0.1", "noise 0.3")
        ]
        if None not in shares:
            words.append(f"{label} {shares[0]:.3f}, {shares[1]:.3f} and {shares[2]:.3f}")
    sentence = (
        f"With noise of {NOISE:g} on the test images a linear classifier of the hidden activities "
        "gains by noise in training: "
        + ", ".join(f"{_signed(part.effect, 4)} ({part.name.split(' in ')[0]})" for part in known)
        + " in accuracy. The noise changes the activities by this share of their variance (less is "
        f"more robust), with none in training, with 0.1 and with 0.3: {'; '.join(words)}."
    )
    return Finding([*parts, *more], sentence if known else "")


@dataclass(frozen=True)
class Claim:
    """A claim of the report: its words, what decides it, how that is tested, and the judge."""

    words: str
    quantity: str
    test: str
    judge: object


SEEDS = "95 % interval over networks that differ in their seed alone"
CLAIMS = (
    Claim(
        "ReLU converges faster than sigmoid, in the under-complete and in the over-complete case.",
        "Epochs until the validation error is within 5 % of the larger of the pair's final errors, "
        "which both reach. Holds if ReLU needs fewer in every pair of networks.",
        f"Welch's t, {SEEDS}.",
        convergence,
    ),
    Claim(
        "ReLU and sigmoid both reconstruct well in the under-complete case.",
        "Share of the mean training image's squared error, on the test images, that a network "
        "removes. Holds if every network removes more than half.",
        f"Student's t, {SEEDS}.",
        reconstruction,
    ),
    Claim(
        "Strength 1e-5 of L1 and of L2 deactivates almost all (99 %) hidden nodes.",
        "Share of hidden activations of at most 0.1. Holds if it is above 0.985, which rounds to "
        "0.99, for both norms and activations.",
        f"Student's t, {SEEDS}.",
        deactivation,
    ),
    Claim(
        "L1 or L2 at 1e-7, or noise 0.3, prevents over-fitting in the over-complete case.",
        "By how much the last validation error exceeds the smallest one. A network over-fits from "
        "1 % on. Holds if networks over-fit without, but not with, each of the three; does not "
        "hold if they do not over-fit without.",
        f"Student's t, {SEEDS}.",
        over_fitting,
    ),
    Claim(
        "Under-complete autoencoders with a squared error learn the principal subspace.",
        "Mean squared cosine of the angles between the decoder's weights and as many principal "
        "components of the training images. Holds if it is above 0.9 for every network.",
        f"Student's t, {SEEDS}.",
        principal_subspace,
    ),
    Claim(
        "Pre-training ends after 4 to 5 epochs, full training after 5 to 15.",
        "Share of trainings that end in the range. Holds if it is above nine in ten in both "
        "phases; for pre-training with a bound of 10 epochs, as our usual bound of 5 decides it.",
        "Bootstrap over architectures.",
        epochs,
    ),
    Claim(
        "ReLU always beats sigmoid on the test data.",
        "Difference of the mean accuracies of each architecture. Holds if ReLU is better in all.",
        "Mann and Whitney for each architecture, p adjusted for their number (Holm), below 0.05; "
        "interval by Welch's t.",
        relu_beats_sigmoid,
    ),
    Claim(
        "More nodes and layers are not necessarily better.",
        "Accuracy of a network against that of each with more weights and no fewer nodes or "
        "layers. Holds if a bigger one is worse with either activation; does not hold if all "
        "bigger ones are better.",
        "Welch's t for each pair, p adjusted for their number (Holm), below 0.05.",
        bigger_is_better,
    ),
    Claim(
        "Two hidden layers are slightly better than one.",
        "Difference of the mean accuracies at equal width. Holds if it is above 0 and at most 0.02 "
        "for each width and activation.",
        f"Welch's t, {SEEDS}.",
        two_layers,
    ),
    Claim(
        "More nodes and layers take more computation time.",
        "Rank correlation (Spearman) of the number of hidden nodes with the median seconds of a "
        "training, and the seconds that three layers take more than one of the same width. Holds "
        "if all are above 0.",
        "Fisher's interval over the 23 architectures; Welch's t over seeds. The first seed of a "
        "job, which also compiles, is left out.",
        computation_time,
    ),
    Claim(
        "Without a hidden layer the accuracy is 0.895 on average.",
        "Difference of our mean from 0.895. Holds if it is at most "
        f"{MARGIN:g} + {SPREADS} standard deviations + rounding, as in comparison.html.",
        f"Student's t, {SEEDS}.",
        without_hidden_layer,
    ),
    Claim(
        "At lower learning rates early stopping ends training too soon.",
        "Accuracy gained with 20 epochs of patience instead of none. Holds if it is above 0 at "
        "0.03 and 0.01, and larger there than at 0.1.",
        "Student's t over differences by seed and network, without networks of which one ends at "
        "chance at 0.1.",
        learning_rates,
    ),
    Claim(
        "Deeper layers hold more abstract features.",
        "Accuracy of a linear classifier fitted on a layer's activities. Holds if it is higher "
        "for the third layer than for the first in each network, trained or only pre-trained, as "
        "the report does not say which its Figure 9 shows.",
        "Student's t over differences by seed; networks at chance are left out.",
        abstraction,
    ),
    Claim(
        "The epochs of full training show no systematic difference between architectures.",
        "Share of the variation of the epochs, by ranks, that lies between architectures. Holds "
        "if it is below 0.06, a small effect; does not hold if it is larger and not by chance.",
        "Kruskal and Wallis, p below 0.05; interval by bootstrap.",
        epochs_by_architecture,
    ),
    Claim(
        "There is no reason for more than two layers.",
        "Accuracy of the best network of three layers minus that of the best of two. Holds if it "
        f"is at most {MARGIN:g} with both activations.",
        f"Welch's t, {SEEDS}.",
        three_layers,
    ),
    Claim(
        "Noise in training forces more robust features.",
        "Accuracy of a linear classifier of the hidden activities, fitted without noise on the "
        "training images, on test images with noise of 0.3. Holds if it is higher with noise in "
        "training than without, for both strengths and activations.",
        "Student's t over differences by seed.",
        robustness,
    ),
)


def judge(evidence):
    """Judge every claim.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    claims : pandas.DataFrame
        The columns `COLUMNS`, a row for each claim. `effect`, its interval and p are those of the
        part `decided_by`: of the parts with the claim's verdict the one that speaks most against
        the claim. `n` counts the networks of that part.
    parts : pandas.DataFrame
        The columns `PART_COLUMNS`, a row for each part; an empty verdict marks one that is for
        information.
    """
    rows, parts = [], []
    for number, claim in enumerate(CLAIMS, start=1):
        finding = claim.judge(evidence)
        deciding = finding.deciding
        rows.append(
            {
                "number": number,
                "claim": claim.words,
                "verdict": finding.verdict,
                "sentence": _sentence(finding),
                "effect": deciding.effect,
                "effect_unit": deciding.unit,
                "low": deciding.low,
                "high": deciding.high,
                "p": deciding.p,
                "n": deciding.n,
                "decided_by": deciding.name,
                "quantity": claim.quantity,
                "test": claim.test,
            }
        )
        parts += [
            {
                "number": number,
                "part": part.name,
                "verdict": part.verdict,
                "effect": part.effect,
                "effect_unit": part.unit,
                "low": part.low,
                "high": part.high,
                "p": part.p,
                "n": part.n,
                "reason": part.reason,
            }
            for part in finding.parts
        ]
    return _frame(rows, COLUMNS), _frame(parts, PART_COLUMNS)


def _sentence(finding):
    """Return a finding's sentence, with what is missing or what chance may have made."""
    missing = [part for part in finding.judged if part.effect is None]
    if len(missing) == len(finding.judged):
        return f"Nothing to judge by: {missing[0].reason}."
    said = [finding.sentence]
    if finding.verdict == UNDECIDED:
        unsure = [p for p in finding.judged if p.verdict == UNDECIDED and p.effect is not None]
        words = "; ".join(
            f"{part.name} ({_digits(part.low)} to {_digits(part.high)})" for part in unsure[:SHOWN]
        )
        more = f"; and {len(unsure) - SHOWN} more" * (len(unsure) > SHOWN)
        if unsure:
            said.append(f"Too uncertain (95 % interval): {words}{more}.")
    if missing:
        said.append(
            f"{len(missing)} of {len(finding.judged)} parts are missing, such as "
            f"{missing[0].name}: {missing[0].reason}."
        )
    return " ".join(said).strip()


def _frame(rows, columns):
    frame = pandas.DataFrame(rows, columns=list(columns), dtype=object)
    return frame.where(frame.notna(), "")


# --- the same for people ----------------------------------------------------------------------


def shown(claims, parts, plan, title):
    """Return the claims for people to read.

    Parameters
    ----------
    claims, parts : pandas.DataFrame
        As `judge` returns them.
    plan : dict
        What plan.json holds.
    title : str
        Which data ours show.

    Returns
    -------
    list of Shown
        The verdicts, how each claim was judged, and every part. On other data than the report's
        only the first, which says so.
    """
    rows = claims.to_dict("records")
    hold, fail, undecided = (sum(row["verdict"] == each for row in rows) for each in VERDICTS)
    said = f"{hold} hold, {fail} do not hold, {undecided} cannot be decided"
    if plan["dataset"] != DATASET:
        said = "These data are not the report's: its claims say nothing about them."
    verdicts = Shown(
        "claims",
        f"The report's claims. Sixteen statements of 2019, put to the test: {said.rstrip('.')}. "
        f"Data: {title}.",
        [],
        ["", "Claim", "Verdict", "What we found"],
        4,
        [
            [
                Cell(str(row["number"])),
                Cell(row["claim"]),
                Cell(row["verdict"]),
                Cell(row["sentence"]),
            ]
            for row in rows
        ],
        [
            "A general statement holds if it is true of every network that it speaks of, and does "
            "not hold as soon as it is reliably false of one. It cannot be decided if chance may "
            "have made the difference, or if runs are missing.",
            "Accuracy: share of the 2000 test images that are told apart correctly. Error: mean "
            "squared error per pixel.",
        ],
        prose=(1, 3),
    )
    if plan["dataset"] != DATASET:
        return [verdicts]
    rules = Shown(
        "claims-rules",
        "Rules. What decides each claim.",
        [],
        ["", "What decides", "Test", "Decided by", "Number", "95 % interval", "p", "n"],
        4,
        [
            [
                Cell(str(row["number"])),
                Cell(row["quantity"]),
                Cell(row["test"]),
                Cell(f"{row['decided_by']}: {row['effect_unit']}"),
                *_numbers(row),
            ]
            for row in rows
        ],
        ["Decided by: of the parts with the claim's verdict the one that speaks most against it."],
        prose=(1, 2, 3),
    )
    every = Shown(
        "claims-parts",
        "Parts. Every number that a claim was judged by.",
        [],
        ["", "Part", "Verdict", "What is counted", "Number", "95 % interval", "p", "n"],
        4,
        [
            [
                Cell(str(row["number"])),
                Cell(row["part"], (_capital(row["reason"]),) if row["reason"] else ()),
                Cell(row["verdict"] or "for information"),
                Cell(row["effect_unit"]),
                *_numbers(row),
            ]
            for row in parts.to_dict("records")
        ],
        prose=(1, 3),
    )
    return [verdicts, rules, every]


def _capital(text):
    return f"{text[0].upper()}{text[1:]}."


def _numbers(row):
    p = row["p"]
    return [
        Cell(_digits(row["effect"])),
        Cell(EMPTY if row["low"] == "" else f"{_digits(row['low'])} to {_digits(row['high'])}"),
        Cell(EMPTY if p == "" else "< 0.001" if p < 0.001 else f"{p:.3f}"),
        Cell(EMPTY if row["n"] == "" else str(row["n"])),
    ]


def _digits(number):
    """Return a number with as many digits as its size asks for."""
    if number == "":
        return EMPTY
    digits = 1 if abs(number) >= 10 else 2 if abs(number) >= 1 else 3
    text = f"{number:.{digits if abs(number) >= 0.01 or number == 0 else 5}f}"
    return text.replace("-", "−")


def write(evidence, title, folder):
    """Write claims.csv, .md and .html, and claims_parts.csv.

    Parameters
    ----------
    evidence : Evidence
    title : str
        Which data it is of.
    folder : pathlib.Path
        Where to write.
    """
    claims, parts = judge(evidence)
    write_csv(claims, folder / "claims.csv")
    write_csv(parts, folder / "claims_parts.csv")
    tables = shown(claims, parts, evidence.plan, title)
    texts = {"md": "\n".join(map(markdown, tables)), "html": html(*tables)}
    for suffix, text in texts.items():
        with written_aside(folder / f"claims.{suffix}") as aside:
            aside.write_text(text, encoding="utf-8")
