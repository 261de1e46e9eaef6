"""Every figure of the registry, and what all of them have in common."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import matplotlib
import pandas
import pytest
from drawn import MISSING, assert_apart_and_inside, figure_of, inputs_of, setting_row

import synthetic
from autoencoders.figures import figure_catalog
from autoencoders.figures.drawing import METADATA, FigureInputs, draw, save
from autoencoders.figures.figure_catalog import FIGURES, FigureEntry, caption_of
from autoencoders.runs.reading import RunsError, require

WORKFLOW = Path(figure_catalog.__file__).parents[2]
OF_NETWORKS = [name for name, entry in FIGURES.items() if entry.network]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return synthetic.write_results(tmp_path_factory.mktemp("whole"))


def all_inputs(place, name):
    if name in OF_NETWORKS:
        return inputs_of(place, name)
    rows = [setting_row("batch_size", str(k), k / 3) for k in range(3)]
    table = pandas.DataFrame(rows, dtype=object)
    return FigureInputs(name, [], {}, {}, {}, synthetic.TITLE, table=table)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_with_its_caption_and_alternative_text(whole, tmp_path, name):
    inputs = all_inputs(whole, name)
    figure, facts = draw(name, inputs)
    assert set(facts) == {"title", "caption", "alternative_text", "width", "height"}
    assert facts["caption"] == caption_of(FIGURES[name], inputs.configurations)
    assert facts["caption"].startswith(FIGURES[name].caption)
    assert not facts["caption"].endswith(".")
    assert len(facts["alternative_text"]) > 80
    if FIGURES[name].single:
        assert "units" in facts["caption"]
    assert_apart_and_inside(figure)
    save(figure, facts, tmp_path, name)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}.{suffix}" for suffix in (*METADATA, "json", "svg.sha256")
    }
    assert json.loads((tmp_path / f"{name}.json").read_text()) == facts
    width = f'width="{figure.get_size_inches()[0] * 72:.6f}'.rstrip("0").rstrip(".")
    assert width in (tmp_path / f"{name}.svg").read_text()
    assert abs(facts["width"] - figure.get_size_inches()[0] * 96) <= 0.5


def test_alternative_texts_say_what_is_to_be_seen(whole):
    inputs = inputs_of(whole, "figure1")
    run = inputs.runs["autoencoder/relu-128"]
    one = replace(run, metrics=[{**run.metrics[0], "training_error": 0.0204}])
    _, facts = draw("figure1", replace(inputs, runs={run.name: one}))
    assert "training error ends at 0.020 (ReLU)." in facts["alternative_text"]
    _, facts = draw("figure9", inputs_of(whole, "figure9"))
    assert "ReLU, 256-256-256 units" in facts["alternative_text"]
    _, facts = draw("figure10", replace(inputs_of(whole, "figure10"), runs={}))
    assert "nowhere, as no run has ended" in facts["alternative_text"]


@pytest.mark.parametrize(
    "changes", [{"network": "transformer"}, {"needs": ("runs", "luck")}, {"plot": None}]
)
def test_a_figure_with_a_missing_part_or_an_unknown_word_is_refused(changes):
    words = {"caption": "C", "alternative_text": "A"}
    whole = {**words, "network": "classifier", "needs": ("runs",), "plot": "module.plot"}
    FigureEntry(**whole)
    parts = {key: value for key, value in {**whole, **changes}.items() if value is not None}
    with pytest.raises((ValueError, TypeError), match=r"transformer|luck|plot"):
        FigureEntry(**parts)


def test_the_registry_is_read_without_heavy_imports():
    code = (
        "import sys; from autoencoders.figures.figure_catalog import FIGURES; "
        "print(sorted({'numpy', 'matplotlib', 'pandas', 'seaborn', 'scipy'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": WORKFLOW})
    assert (done.stdout, done.stderr) == ("[]\n", "")


# --- what all have in common ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [name for name in OF_NETWORKS if name not in ("figure7", "figure8")]
)
def test_nothing_is_cut_off_or_hides_anything_else(place, name):
    assert_apart_and_inside(figure_of(place, name))


@pytest.mark.parametrize("name", ["figure1", "figure6"])
def test_the_same_runs_give_the_same_bytes(place, tmp_path, name):
    save(*draw(name, inputs_of(place, name)), tmp_path / "a", name)
    with matplotlib.rc_context({"font.size": 20, "svg.hashsalt": None, "savefig.dpi": 50}):
        save(*draw(name, inputs_of(place, name)), tmp_path / "b", name)
    for suffix in ("svg", "pdf", "png", "json"):
        content = (tmp_path / "a" / f"{name}.{suffix}").read_bytes()
        assert content == (tmp_path / "b" / f"{name}.{suffix}").read_bytes()
        assert b"CreationDate" not in content
        assert matplotlib.__version__.encode() not in content


def test_a_figure_is_not_drawn_with_a_gap(place):
    with pytest.raises(RunsError) as refusal:
        require(inputs_of(place, "figure3").gaps)
    assert str(refusal.value).startswith(f"1 declared run cannot be used: {MISSING} (not finished)")


def test_a_figure_depends_on_its_own_runs_only(place):
    assert inputs_of(place, "figure6").gaps == {}


def test_weights_that_were_not_kept_are_named_in_the_figure(tmp_path):
    place = synthetic.write_results(tmp_path, synthetic.under_complete([4], keep_weights=0))
    figure = figure_of(place, "figure2")
    assert [text.get_text() for axes in figure.axes for text in axes.texts] == [
        "missing: weights were not saved"
    ] * 2


@pytest.mark.parametrize("name", OF_NETWORKS)
def test_with_no_run_at_all_every_figure_says_so(place, name):
    inputs = inputs_of(place, name)
    gaps = dict.fromkeys(place.configurations, "made from another configuration")
    figure, _ = draw(name, replace(inputs, runs={}, gaps=gaps))
    figure.canvas.draw()
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert texts
    assert all(text.startswith("missing") for text in texts)
    assert_apart_and_inside(figure)
