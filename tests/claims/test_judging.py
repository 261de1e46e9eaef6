"""All claims together: what is missing, which part decides, and the tables."""

import string
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas
import pytest
from made_evidence import JITTER, around

import synthetic
from autoencoders.claims import judging, needed, parts, registry
from autoencoders.claims.evidence import Evidence
from autoencoders.claims.registry import CLAIMS, Claim
from autoencoders.claims.rules import HOLDS, UNDECIDED, VERDICTS
from autoencoders.claims.sentences import filled, rounded
from autoencoders.claims.subjects import NO_HIDDEN, PAIR, Subject, autoencoder, classifier
from autoencoders.runs.reading import read_runs

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
NO_HIDDEN_LAYER, TWO_LAYERS = CLAIMS[10], CLAIMS[8]


def test_without_runs_nothing_is_decided_and_every_sentence_says_why(paper):
    table, every = judging.judge(paper.evidence())
    assert list(table["number"]) == list(range(1, 17))
    assert set(table["verdict"]) == {UNDECIDED}
    assert table["sentence"].str.startswith("Nothing to judge by").all()
    assert set(every["number"]) == set(range(1, 17))
    assert list(table.columns) == judging.COLUMNS
    assert list(every.columns) == parts.COLUMNS


def test_published_numbers_are_filled_in(paper):
    table, _ = judging.judge(paper.evidence())
    words = table["claim"] + table["quantity"]
    assert not words.str.contains("[{}]").any()
    assert (
        table["claim"][5] == "Pre-training ends after 4 to 5 epochs, full training after 5 to 15."
    )
    assert "0.895" in table["claim"][10]


def test_parts_are_told_apart_by_their_columns(paper):
    _, every = judging.judge(paper.evidence())
    keys = ["number", "quantity", *vars(Subject())]
    assert not every.duplicated(keys).any()
    assert every["part"].ne("").all()


def test_sentences_ask_for_quantities_that_claims_have(paper):
    runs = paper.stacks(
        accuracy=lambda name, seed: 0.9, epochs=lambda name, seed: {"full-training": 9}
    )
    names = [classifier(each, *hidden).name for each in PAIR for hidden in ((128,), (128, 128))]
    few = {name: runs[name] for name in names}
    study = dict.fromkeys(("0.1", "0.1-patient", "0.03", "0.03-patient"), few)
    study |= dict.fromkeys(("0.01", "0.01-patient"), few)
    evidence = paper.evidence(studies={"learning-rate": study})
    for claim in CLAIMS:
        counted = {part.quantity for part in claim.judge(evidence)}
        for template in claim.sentence:
            for _, name, _, _ in string.Formatter().parse(template):
                if name:
                    assert name.split(".")[0].split("[")[0] in counted


def test_a_sentence_without_its_number_is_left_out():
    quantity = parts.Quantity("gain", lambda evidence, subject: {"effect": 0.25})
    missing = replace(quantity, key="loss", numbers=lambda evidence, subject: {})
    counted = [quantity.of(None, Subject()), missing.of(None, Subject())]
    table = parts.table_of(1, counted, {"gain": "accuracy", "loss": "accuracy"})
    assert filled(("Gain {gain:.1%}.", "Loss {loss:.1%}.", "{other:.1f}"), table) == "Gain 25.0 %."


def test_a_claim_that_lacks_something_is_refused():
    whole = CLAIMS[0]
    with pytest.raises(ValueError, match="has no test"):
        replace(whole, test="")
    with pytest.raises(TypeError, match="sentence"):
        Claim(statement="It holds.", quantity="A number.", test="None.", judge=list)


def test_words_and_judges_belong_together(monkeypatch):
    monkeypatch.setitem(registry.JUDGES, "17", {"judge": list})
    with pytest.raises(ValueError, match="17"):
        registry.joined()
    monkeypatch.delitem(registry.JUDGES, "17")
    monkeypatch.delitem(registry.JUDGES, "3")
    with pytest.raises(ValueError, match="3"):
        registry.joined()


def test_other_settings_and_other_data_do_not_count(paper):
    name = NO_HIDDEN.name
    runs = {name: paper.run(name, accuracy=around(0.895, 0.001))}
    assert paper.judged(NO_HIDDEN_LAYER, runs).verdict == HOLDS
    finding = paper.judged(NO_HIDDEN_LAYER, runs, dataset="digits")
    assert finding.verdict == UNDECIDED
    assert "digits" in finding.parts.reason[0]


def test_the_deciding_part_speaks_most_against_the_claim(paper):
    def accuracy(name, seed):
        two = len(paper.hidden(name)) == 2
        return 0.9 - 0.01 * two * (1 + (paper.activation(name) == "sigmoid"))

    finding = paper.judged(TWO_LAYERS, paper.stacks(accuracy=accuracy))
    assert finding.decided_by.startswith("sigmoid")
    assert finding.effect == pytest.approx(-0.02)


def test_what_is_uncertain_is_named(paper):
    runs = paper.stacks(accuracy=lambda name, seed: 0.9 + 0.01 * JITTER[seed])
    finding = paper.judged(TWO_LAYERS, runs)
    assert "Too uncertain (95 % interval): ReLU, 128-128 compared with 128" in finding.sentence
    assert "and 3 more" in finding.sentence


@pytest.mark.parametrize(
    ("third", "words"),
    [(0.0, "; about 110 networks would decide it)"), (0.005, "; not even 10,000 networks would")],
)
def test_the_networks_that_would_decide_are_told(paper, third, words):
    def accuracy(name, seed):
        return 0.9 + 0.01 * JITTER[seed] + third * (len(paper.hidden(name)) == 3)

    finding = paper.judged(CLAIMS[14], paper.stacks(accuracy=accuracy))
    assert words in finding.sentence
    assert (finding.parts.needed[finding.parts.verdict == UNDECIDED] != "").all()


@pytest.mark.parametrize(
    ("number", "text"),
    [("", "–"), (0.0, "0.000"), (0.004, "0.00400"), (-0.25, "−0.250"), (2.5, "2.50"), (12, "12.0")],
)
def test_numbers_have_as_many_digits_as_their_size_asks_for(number, text):
    assert rounded(number) == text


def test_the_runs_that_claims_need_are_those_declared(paper):
    names = [name for name in needed.claimed(paper.published) if name in paper.configurations]
    assert set(names) == set(paper.configurations)
    assert autoencoder("relu", 1024).name in names


def test_the_workflow_asks_without_heavy_imports():
    code = "import sys; import autoencoders.claims.needed; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(WORKFLOW)})


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Results of a few networks that are too few to decide anything but claim 9 in part."""
    configurations = synthetic.by_name(
        [
            synthetic.classifier("128", keep_weights=3),
            synthetic.classifier("128-128", keep_weights=3),
            synthetic.classifier("", keep_weights=3),
            synthetic.autoencoder(128, keep_weights=3),
        ]
    )
    return synthetic.write_results(tmp_path_factory.mktemp("claims"), configurations)


def test_claims_are_judged_by_what_is_there(place, paper):
    runs, gaps = read_runs(place.configurations.values(), place.manifest, place.results)
    nothing = paper.measured()
    evidence = Evidence(paper.published, place.configurations, "lab", runs, gaps, nothing, {})
    table, every = judging.judge(evidence)
    assert list(table["number"]) == list(range(1, 17))
    assert set(table["verdict"]) <= set(VERDICTS)
    assert table["effect"][10] != ""
    assert "5 of 6 parts are missing" in table["sentence"][8]
    assert "not declared in the configuration" in table["sentence"][6]
    assert isinstance(every, pandas.DataFrame)
