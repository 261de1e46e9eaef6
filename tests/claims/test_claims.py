"""Every claim on made-up numbers that make it hold, not hold, and undecidable."""

from dataclasses import replace

import numpy as np
import pytest
from made_evidence import JITTER, around

from autoencoders.claims import accuracy as accuracy_claims
from autoencoders.claims import training_time
from autoencoders.claims.accuracy import n_weights
from autoencoders.claims.learning_rates import PATIENT, RATES
from autoencoders.claims.registry import CLAIMS
from autoencoders.claims.regularisation import REMEDIES, STRONG
from autoencoders.claims.rules import FAILS, HOLDS, UNDECIDED
from autoencoders.claims.subjects import (
    NO_HIDDEN,
    NOISE,
    OVER_COMPLETE,
    PAIR,
    PENALTIES,
    WEIGHT_IMAGES,
    WIDTHS,
    autoencoder,
    classifier,
)

(
    CONVERGENCE,
    RECONSTRUCTION,
    DEACTIVATION,
    OVER_FITTING,
    PRINCIPAL_SUBSPACE,
    RANGES,
    ACTIVATIONS,
    BIGGER,
    TWO_LAYERS,
    COMPUTATION_TIME,
    NO_HIDDEN_LAYER,
    LEARNING_RATES,
    ABSTRACTION,
    ARCHITECTURES,
    THREE_LAYERS,
    ROBUSTNESS,
) = CLAIMS


def over_complete(*kinds):
    """Return the over-complete autoencoders with these penalties or noise, or () for none."""
    return [autoencoder(activation, OVER_COMPLETE, *kind) for activation in PAIR for kind in kinds]


def curves(paper, slow):
    """Return all pairs of autoencoders; `slow` gives the pace of sigmoid, ReLU's is 10 epochs."""
    networks = [autoencoder(activation, width) for activation in PAIR for width in WIDTHS]
    runs = {}
    for network in networks + over_complete((), *PENALTIES, *NOISE):

        def errors(seed, activation=network.activation):
            pace = 10 + 0.2 * JITTER[seed] if activation == "relu" else slow(seed)
            return (0.02 + np.exp(-np.arange(1, 101) / pace)).tolist()

        runs[network.name] = paper.curve_run(network.name, errors)
    return runs


@pytest.mark.parametrize(
    ("slow", "verdict"),
    [
        (around(15, 0.2), HOLDS),
        (around(6, 0.2), FAILS),
        (around(10, 4), UNDECIDED),
    ],
)
def test_claim_1(paper, slow, verdict):
    finding = paper.judged(CONVERGENCE, curves(paper, slow))
    assert finding.verdict == verdict
    assert f"in {9 if verdict == HOLDS else 0} of 9 pairs of networks" in finding.sentence
    assert ("Sigmoid is at least as fast" in finding.sentence) == (verdict == FAILS)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [(around(0.03, 0.001), HOLDS), (around(0.06, 0.001), FAILS), (around(0.043, 0.01), UNDECIDED)],
)
def test_claim_2(paper, error, verdict):
    names = [autoencoder(activation, width).name for activation in PAIR for width in WIDTHS]
    runs = {name: paper.run(name, validation_error=error) for name in names}
    rows = [("", "", "mean_image_error", "", "", 0.086)]
    assert paper.judged(RECONSTRUCTION, runs, rows).verdict == verdict


@pytest.mark.parametrize(
    ("share", "verdict"),
    [(around(0.99, 0.001), HOLDS), (around(0.95, 0.001), FAILS), (around(0.985, 0.01), UNDECIDED)],
)
def test_claim_3_falls_with_one_norm(paper, share, verdict):
    runs = {}
    for network in STRONG:
        odd = (network.regularisation, network.activation) == ("l2", "sigmoid")
        sparseness = share if odd else 1.0
        runs[network.name] = paper.run(network.name, sparseness=sparseness, validation_error=0.1)
    finding = paper.judged(DEACTIVATION, runs)
    assert finding.verdict == verdict
    if verdict != HOLDS:
        deciding = finding.judged[finding.judged.verdict == verdict]
        assert list(deciding.activation) == ["sigmoid"]
        assert list(deciding.regularisation) == ["l2"]
        assert finding.decided_by == deciding.part.item()


@pytest.mark.parametrize(
    ("plain", "remedied", "verdict"),
    [(0.2, 0.0, HOLDS), (0.2, 0.1, FAILS), (0.0, 0.0, FAILS)],
)
def test_claim_4(paper, plain, remedied, verdict):
    runs = {}
    for network in over_complete((), *REMEDIES):
        rise = remedied if network.regularisation else plain

        def errors(seed, rise=rise):
            return [0.1, 0.05, 0.05 * (1 + rise * (1 + 0.1 * JITTER[seed]))]

        runs[network.name] = paper.curve_run(network.name, errors)
    finding = paper.judged(OVER_FITTING, runs)
    assert finding.verdict == verdict
    assert finding.judged.reason.str.contains("nothing over-fits").all() == (plain == 0)
    for network in over_complete(()):
        del runs[network.name]
    assert paper.judged(OVER_FITTING, runs).verdict == UNDECIDED


def test_claim_4_is_no_test_of_an_activation_that_does_not_over_fit(paper):
    runs = {}
    for network in over_complete((), *REMEDIES):
        over_fits = network.activation == "relu" and not network.regularisation
        errors = [0.1, 0.05, 0.06 if over_fits else 0.05]
        runs[network.name] = paper.curve_run(network.name, lambda seed, errors=errors: errors)
    finding = paper.judged(OVER_FITTING, runs)
    assert finding.verdict == HOLDS
    assert set(finding.judged.activation) == {"relu"}


@pytest.mark.parametrize(
    ("share", "verdict"),
    [(around(0.95, 0.01), HOLDS), (around(0.4, 0.01), FAILS), (around(0.9, 0.05), UNDECIDED)],
)
def test_claim_5(paper, share, verdict):
    names = [autoencoder("relu", width).name for width in WIDTHS + WEIGHT_IMAGES]
    names += [autoencoder("sigmoid", width).name for width in WIDTHS]
    runs = {name: paper.run(name) for name in names}
    values = {"overlap": share, "captured": 1.0, "training_error": 0.02, "pca_training_error": 0.01}
    rows = [(name, "", key, "", "", value) for name in names for key, value in values.items()]
    finding = paper.judged(PRINCIPAL_SUBSPACE, runs, rows)
    assert finding.verdict == verdict
    assert "as a multiple of PCA's: ReLU 2.0; sigmoid 2.0" in finding.sentence


def with_bound(run, bound):
    """Return a run whose pre-training may take so many epochs."""
    settings, training = run.settings, run.settings["training"]
    pre_training = {**training["pre_training"], "max_epochs": bound}
    settings = {**settings, "training": {**training, "pre_training": pre_training}}
    return replace(run, configuration=replace(run.configuration, settings=settings))


@pytest.mark.parametrize(
    ("pre", "full", "verdict"),
    [
        (lambda seed: 4 + seed % 2, lambda last, seed: 5 + seed, HOLDS),
        (lambda seed: 10, lambda last, seed: 5 + seed, FAILS),
        (lambda seed: 5, lambda last, seed: 3 + seed, FAILS),
        (lambda seed: 5, lambda last, seed: 3 if last == 512 else 9, UNDECIDED),
    ],
)
def test_claim_6(paper, pre, full, verdict):
    def epochs(name, seed):
        last = [0, *paper.hidden(name)][-1]
        return {"pre-training-1": pre(seed), "full-training": full(last, seed)}

    runs = paper.stacks(epochs=epochs)
    if verdict == UNDECIDED:  # of the architectures that end with 512, some are as the others
        for name in list(runs)[::2]:
            runs[name] = paper.run(name, epochs={"pre-training-1": 5, "full-training": 9})
    study = {
        str(bound): {name: with_bound(run, bound) for name, run in runs.items()}
        for bound in (5, 10)
    }
    finding = paper.judged(RANGES, runs, studies={"pre-training-epochs": study})
    assert finding.verdict == verdict
    without = paper.judged(RANGES, runs)
    assert without.verdict == (UNDECIDED if verdict == HOLDS else without.verdict)
    assert "which says nothing" in finding.sentence
    del study["10"]
    bounded = paper.judged(RANGES, runs, studies={"pre-training-epochs": study})
    assert "no variant of pre-training-epochs has a bound above 5" in bounded.parts.reason[0]


@pytest.mark.parametrize(
    ("gain", "spread", "verdict"),
    [(0.05, 0.001, HOLDS), (-0.05, 0.001, FAILS), (0.001, 0.03, UNDECIDED)],
)
def test_claim_7_falls_with_one_architecture(paper, gain, spread, verdict):
    # Few seeds give no small p once adjusted for 23 architectures.
    runs = {}
    for name in paper.table2:
        relu = paper.activation(name) == "relu"
        better = gain if paper.hidden(name) == [128] else 0.05

        def accuracy(seed, relu=relu, better=better):
            # Another pattern of seeds for ReLU, so that no two values are equal.
            noise = spread * (JITTER[seed % 5] + 0.01 * relu)
            return 0.9 + better * relu + noise + 1e-5 * seed

        runs[name] = paper.run(name, seeds=range(15), accuracy=accuracy)
    finding = paper.judged(ACTIVATIONS, runs)
    assert finding.verdict == verdict
    ahead = 23 if verdict == HOLDS else 22
    assert f"in {ahead} of 23 architectures" in finding.sentence


@pytest.mark.parametrize(
    ("accuracy", "verdict"),
    [
        (lambda hidden, seed: 0.9 - 0.1 * (len(hidden) > 2) + 0.001 * JITTER[seed], HOLDS),
        (lambda hidden, seed: n_weights(hidden) / 1e6 + 1e-6 * JITTER[seed], FAILS),
        (lambda hidden, seed: 0.9 + 0.01 * JITTER[seed], UNDECIDED),
    ],
)
def test_claim_8(paper, accuracy, verdict):
    runs = paper.stacks(accuracy=lambda name, seed: accuracy(paper.hidden(name), seed))
    finding = paper.judged(BIGGER, runs)
    assert finding.verdict == verdict
    assert ("its accuracy is lower by" in finding.sentence) == (verdict == HOLDS)
    assert finding.parts.compared_with.ne("").all()


def by_depth(paper, depth, gain, spread):
    """Return runs whose networks of a depth gain accuracy."""

    def accuracy(name, seed):
        return 0.9 + gain * (len(paper.hidden(name)) == depth) + spread * JITTER[seed]

    return paper.stacks(accuracy=accuracy)


@pytest.mark.parametrize(
    ("gain", "spread", "verdict"),
    [
        (0.01, 0.001, HOLDS),
        (-0.01, 0.001, FAILS),
        (0.05, 0.001, FAILS),
        (0.0, 0.01, UNDECIDED),
    ],
)
def test_claim_9(paper, gain, spread, verdict):
    assert paper.judged(TWO_LAYERS, by_depth(paper, 2, gain, spread)).verdict == verdict


@pytest.mark.parametrize(
    ("epochs", "verdict"),
    [
        (lambda weights, seed: 9, HOLDS),
        (lambda weights, seed: 1e12 / weights**2, FAILS),
        (lambda weights, seed: 1e6 / weights * (1 + 0.5 * JITTER[seed]), UNDECIDED),
    ],
)
def test_claim_10(paper, epochs, verdict):
    def trained(name, seed):
        hidden = paper.hidden(name)
        n = epochs(n_weights(hidden), seed)
        phases = [f"pre-training-{layer}" for layer, _ in enumerate(hidden, start=1)]
        return dict.fromkeys([*phases, "full-training"], n)

    def spent(name, seed):
        # The first seed also compiles: it must not count.
        return {"full-training": 1000 * (seed == 0) + n_weights(paper.hidden(name)) / 1e5}

    finding = paper.judged(COMPUTATION_TIME, paper.stacks(epochs=trained, seconds=spent))
    assert finding.verdict == verdict
    assert set(finding.judged["quantity"]) == {"correlation_operations", "operations_more"}
    seconds = finding.parts[finding.parts["quantity"] == "seconds_more"]
    assert all(0 < effect < 100 for effect in seconds.effect)


def test_operations_by_hand(paper):
    name = "classifier/relu-256-128"
    epochs = {"pre-training-1": 5, "pre-training-2": 4, "full-training": 9}
    run = paper.run(name, epochs=epochs)
    first, second, output = 784 * 256, 256 * 128, 128 * 10
    weights = 5 * 2 * first + 4 * 2 * second + 9 * (first + second + output)
    assert training_time._operations(run) == pytest.approx([6 * 6400 * weights / 1e9] * 5)


@pytest.mark.parametrize(
    ("mean", "verdict"), [(0.8995, HOLDS), (0.91, FAILS), (0.88, FAILS), (None, UNDECIDED)]
)
def test_claim_11(paper, mean, verdict):
    name = NO_HIDDEN.name
    runs = {} if mean is None else {name: paper.run(name, accuracy=around(mean, 0.0005))}
    finding = paper.judged(NO_HIDDEN_LAYER, runs)
    assert finding.verdict == verdict
    assert ("published 0.895" in finding.sentence) == (mean is not None)


@pytest.mark.parametrize(
    ("gains", "spread", "verdict"),
    [
        ((0.0, 0.03, 0.05), 0.001, HOLDS),
        ((0.05, 0.03, 0.01), 0.001, FAILS),
        ((0.0, -0.03, 0.05), 0.001, FAILS),
        ((0.01, 0.011, 0.012), 0.01, UNDECIDED),
    ],
)
def test_claim_12(paper, gains, spread, verdict):
    networks = [
        classifier("relu", 128),
        classifier("sigmoid", 128),
        classifier("sigmoid", 128, 128, 128),
    ]

    def runs(rate, gain):
        made = {}
        for network in networks:

            def accuracy(seed, hidden=network.hidden):
                if len(hidden) == 3:  # at chance at every rate: left out
                    return 0.1 + 0.8 * (gain is not None)
                # How the noise falls on the seeds differs between the rates.
                noise = spread * JITTER[(seed + RATES.index(rate)) % 5]
                return 0.9 + ((gain + noise) if gain is not None else 0)

            # The patient ones at the lowest rate are stopped by the bound.
            epochs = 200 if gain == gains[-1] and rate == "0.01" else 9
            made[network.name] = paper.run(
                network.name, accuracy=accuracy, epochs={"full-training": epochs}
            )
        return made

    study = {}
    for rate, gain in zip(RATES, gains, strict=True):
        study |= {rate: runs(rate, None), PATIENT[rate]: runs(rate, gain)}
    finding = paper.judged(LEARNING_RATES, studies={"learning-rate": study})
    assert finding.verdict == verdict
    assert "10 of 15 networks" in finding.sentence
    assert "15 of 90 training runs ended by the bound" in finding.sentence
    bounded = finding.parts[finding.parts.quantity == "bounded"]
    assert len(bounded) == 6
    assert list(bounded.variant[bounded.effect > 0]) == ["0.01-patient"]
    left_out = finding.parts[finding.parts.quantity == "left_out"]
    assert list(left_out.hidden) == ["128-128-128"] * 3
    del study["0.01"]
    finding = paper.judged(LEARNING_RATES, studies={"learning-rate": study})
    assert finding.verdict == UNDECIDED
    assert "no variant 0.01" in finding.judged.reason[0]
    missing = paper.judged(LEARNING_RATES).judged.reason[0]
    assert "run `snakemake --cores 8 --configfile full.yaml`" in missing


@pytest.mark.parametrize(
    ("gain", "spread", "verdict"),
    [(0.02, 0.001, HOLDS), (-0.02, 0.001, FAILS), (0.0, 0.02, UNDECIDED)],
)
def test_claim_13(paper, gain, spread, verdict):
    networks = [classifier(activation, *[width] * 3) for activation in PAIR for width in WIDTHS]
    runs = {network.name: paper.run(network.name) for network in networks}
    rows = [(name, "", "accuracy", "", "", 0.9) for name in runs]
    for network in networks:
        for study in ("", "pre-trained"):
            for layer in (1, 2, 3):
                # The odd one out is a network that has not seen a label.
                odd = study and network.hidden[0] == 512
                value = 0.9 + layer * (gain if odd else 0.02)
                noise = spread * (layer == 3) if odd else 0.0001
                probe = ("probe_accuracy", layer, "", around(value, noise))
                rows.append((network.name, study, *probe))
    finding = paper.judged(ABSTRACTION, runs, rows)
    assert finding.verdict == verdict
    stuck = [(*row[:5], 0.1) if row[2] == "accuracy" else row for row in rows]
    finding = paper.judged(ABSTRACTION, runs, stuck)
    assert finding.verdict == (FAILS if verdict == FAILS else UNDECIDED)
    assert "0 of 5 networks are above chance" in finding.parts.reason[0]
    trained = [row for row in rows if not row[1]]
    finding = paper.judged(ABSTRACTION, runs, trained)
    assert finding.verdict == UNDECIDED
    assert "the study pre-trained is not finished; run `snakemake" in finding.sentence


@pytest.mark.parametrize(
    ("epochs", "verdict"),
    [
        (lambda hidden, seed: 5 + seed, HOLDS),
        (lambda hidden, seed: 5 * len(hidden) + seed, FAILS),
    ],
)
def test_claim_14(paper, epochs, verdict):
    runs = paper.stacks(
        epochs=lambda name, seed: {"full-training": epochs(paper.hidden(name), seed)}
    )
    assert paper.judged(ARCHITECTURES, runs).verdict == verdict
    del runs[classifier("relu", 128).name]
    finding = paper.judged(ARCHITECTURES, runs)
    assert finding.verdict == (FAILS if verdict == FAILS else UNDECIDED)
    assert "1 of 23 networks are missing" in finding.parts.reason[0]


@pytest.mark.parametrize(
    ("gain", "spread", "verdict"),
    [(-0.02, 0.001, HOLDS), (0.0, 0.001, HOLDS), (0.02, 0.001, FAILS), (0.004, 0.01, UNDECIDED)],
)
def test_claim_15(paper, gain, spread, verdict):
    assert paper.judged(THREE_LAYERS, by_depth(paper, 3, gain, spread)).verdict == verdict


@pytest.mark.parametrize(
    ("accuracy", "spread", "verdict"),
    [(0.8, 0.001, HOLDS), (0.6, 0.001, FAILS), (0.7, 0.05, UNDECIDED)],
)
def test_claim_16(paper, accuracy, spread, verdict):
    rows, runs = [], {}
    for network in over_complete((), *NOISE):
        runs[network.name] = paper.run(network.name)
        value = {None: 0.7, 0.1: around(accuracy, spread), 0.3: 0.8}[network.parameter]
        rows.append((network.name, "", "probe_accuracy", 1, 0.3, value))
    assert paper.judged(ROBUSTNESS, runs, rows).verdict == verdict


def test_every_claim_is_tested_here():
    assert len(CLAIMS) == len([name for name in globals() if name.startswith("test_claim_")]) - 1
    assert accuracy_claims.activations is ACTIVATIONS.judge
