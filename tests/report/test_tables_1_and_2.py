"""What people see in Table 1 and Table 2."""

import pytest

from autoencoders.labels.networks import ACTIVATION_LABELS
from autoencoders.report import rendering
from table_frames import LAB, TITLE, TablePage, accurate, as_read, missing, sparse


def shown(name, rows):
    (table,) = rendering.shown_tables(name, {name: as_read(name, rows)}, LAB)
    return table


def texts(row):
    return [cell.text for cell in row]


def columns_of(table, row):
    """Return the texts of a row by column, as Markdown calls it."""
    head = rendering.markdown([table]).splitlines()[2]
    names = [name.strip() for name in head.strip("|").split("|")]
    return dict(zip(names, texts(row), strict=True))


# --- Table 1 ----------------------------------------------------------------------------------


def test_people_see_mean_sd_marks_and_the_data():
    table = shown(
        "table1",
        [
            sparse("relu", "l1", "1e-05", sparseness=0.6, sd=0.1414, n=2, diverged="1", dead="2"),
            missing(sparse("relu", "l2", "1e-05")),
        ],
    )
    text = rendering.markdown([table])
    assert "0.600 ± 0.141 [a,b]" in text
    assert "| 2 of 3 |" in text
    assert "[a] Diverged and left out: seed 1." in text
    assert "[b] Dead, a whole hidden layer inactive on every test image: seed 2." in text
    assert "– [c]" in text
    assert "[c] Missing: not finished." in text
    assert "at most 0.1 on the test images" in text
    assert "over 3 seeds. Data: a made-up \\<set\\> & 100 % of\\_it." in text


def test_one_seed_has_no_standard_deviation():
    table = shown("table1", [sparse("relu", "l1", "1e-05", sd="", n=1, seeds=1)])
    assert table.rows[0][4].text == "0.300"
    assert f"One seed. Data: {TITLE}." in table.caption


def test_a_network_whose_seeds_all_diverged_has_no_number():
    row = accurate("relu", "4", accuracy="", sd="", n=0, diverged="0 1 2", epochs="", seconds="")
    (cells,) = shown("table2", [row]).rows
    assert texts(cells) == ["4", "–", "0 of 3", "–", "–"]
    assert cells[1].notes == ("Diverged and left out: seeds 0, 1, 2.",)


def test_rows_that_would_look_the_same_are_told_apart_by_name():
    slow = sparse("relu", "l1", "1e-05", configuration="autoencoder/relu-8-l1-1e-05-slow")
    plain, other = sparse("relu", "l1", "1e-05"), sparse("relu", "l1", "1e-07")
    activations = [row[0].text for row in shown("table1", [plain, slow, other]).rows]
    assert activations == ["ReLU (relu-8-l1-1e-05)", "ReLU (relu-8-l1-1e-05-slow)", "ReLU"]


def test_every_threshold_is_named():
    rows = [sparse("relu", "l1", "1e-05"), sparse("relu", "l2", "1e-05", sparseness_threshold=0.05)]
    assert "at most 0.05 or 0.1 on the test images" in shown("table1", rows).caption


def test_seeds_that_differ_are_told_as_a_range():
    rows = [sparse("relu", "l1", "1e-05"), sparse("relu", "l2", "1e-05", seeds=30)]
    assert "over 3 to 30 seeds" in shown("table1", rows).caption


# --- Table 2 ----------------------------------------------------------------------------------


def test_each_activation_has_columns_of_its_own():
    table = shown("table2", [accurate("relu", "4"), accurate("sigmoid", "4", accuracy=0.5)])
    assert table.groups == [("", 1), ("ReLU", 4), ("sigmoid", 4)]
    cells = [*("4", "0.920 ± 0.020", "3", "11.0", "2.5"), *("0.500 ± 0.020", "3", "11.0", "2.5")]
    assert texts(table.rows[0]) == cells


@pytest.mark.parametrize("activation", ACTIVATION_LABELS)
def test_any_number_of_activations_can_be_shown(activation):
    labels = {"relu": "ReLU", activation: ACTIVATION_LABELS[activation]}
    rows = [accurate(each, "4") for each in reversed(labels)]
    table = shown("table2", [*rows, accurate("relu", "8")])
    assert [group for group, _ in table.groups] == ["", *labels.values()]
    assert texts(table.rows[1])[5:] == ["–"] * 4 * (len(labels) - 1)


def test_an_activation_without_a_label_is_called_by_its_name():
    rows = [accurate(each, "4") for each in ("unheard-of", "elu", "relu")]
    assert [group for group, _ in shown("table2", rows).groups] == ["", "ReLU", "ELU", "unheard-of"]


def test_the_network_without_a_hidden_layer_is_shown_once():
    rows = [accurate("", "no-hidden", accuracy=0.895), accurate("relu", "4"), accurate("elu", "4")]
    table = shown("table2", rows)
    assert texts(table.rows[0])[:2] == ["no hidden layer", "0.895 ± 0.020"]
    assert texts(table.rows[0])[5:] == ["–"] * 4
    for text in (render([table]) for render in rendering.RENDERERS.values()):
        assert text.count("0.895") == 1
        assert "its numbers are shown once" in text
    alone = shown("table2", rows[:1])
    assert texts(alone.rows[0])[:2] == ["no hidden layer", "0.895 ± 0.020"]
    assert TablePage(rendering.html([alone])).rows == [5, 5, 5]


def test_equal_networks_told_apart_by_a_suffix_have_rows_of_their_own():
    table = shown("table2", [accurate("relu", "4"), accurate("relu", "4-slow")])
    assert [row[0].text for row in table.rows] == ["4", "4-slow"]


def test_what_is_assumed_is_said_if_it_is_the_same_for_all_rows():
    published = {"published": "0.94", "published_place": "Table 2"}
    rows = [accurate("relu", "4", **published), accurate("sigmoid", "4", **published)]
    (said,) = [remark for remark in shown("table2", rows).remarks if "Assumed" in remark]
    assert said == (
        "Assumed, as the paper does not state it: batches of 128; at most 5 epochs of "
        "pre-training of each layer; early stopping with patience 0 in pre-training and 0 in full "
        "training; full training of all layers, softmax outputs, cross-entropy loss; batch "
        "normalisation before the activation in ReLU networks."
    )
    rows[1]["batch_size"] = 64
    remarks = shown("table2", rows).remarks
    assert "Rows differ in their settings (batch size): see run.json of each run." in remarks
    assert not any("Assumed" in remark for remark in remarks)
    remarks = shown("table2", [accurate("relu", "4", normalized="relu tanh")]).remarks
    assert any("in ReLU and tanh networks." in remark for remark in remarks)
    remarks = shown("table2", [accurate("relu", "4", normalized="")]).remarks
    assert any("loss; no normalisation." in remark for remark in remarks)


# --- the published numbers --------------------------------------------------------------------


def test_the_published_numbers_are_next_to_ours():
    rows = [
        accurate("relu", "512-128", published="0.94", published_place="Table 2"),
        accurate("sigmoid", "512-128", published="0.90", published_place="Table 2"),
        accurate("relu", "9"),
        accurate("", "no-hidden", published="0.895", published_place="text"),
    ]
    table = shown("table2", rows)
    cells = columns_of(table, table.rows[0])
    assert (cells["ReLU: published"], cells["sigmoid: published"]) == ("0.94", "0.90")
    cells = columns_of(table, table.rows[1])
    assert (cells["ReLU: published"], cells["sigmoid: published"]) == ("–", "–")
    assert table.rows[2][2].notes == ("From the text of the paper.",)
    page = TablePage(rendering.html([table]))
    assert set(page.rows) == {11}
    assert page.open == []
    missed = missing(sparse("relu", "l1", "1e-05", published="0.99"))
    table = shown("table1", [missed, sparse("relu", "l2", "1e-05")])
    assert [row[5].text for row in table.rows] == ["0.99", "–"]


@pytest.mark.parametrize(("name", "width"), [("table1", 6), ("table2", 5)])
def test_without_a_published_number_there_is_no_column_for_it(name, width):
    rows = {"table1": [sparse("relu", "l1", "1e-05")], "table2": [accurate("relu", "4")]}
    table = shown(name, rows[name])
    assert set(TablePage(rendering.html([table])).rows) == {width}
    for text in (render([table]) for render in rendering.RENDERERS.values()):
        assert "Published" not in text


def test_the_caption_of_table_2_tells_the_seeds():
    rows = [accurate("relu", "64"), accurate("sigmoid", "64")]
    assert (
        "function. Mean ± standard deviation over 3 seeds. Data: " in shown("table2", rows).caption
    )


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("before_activation", "batch normalisation before the activation in ReLU"),
        ("after_activation", "batch normalisation after the activation in ReLU"),
        (
            "hidden_inputs",
            "batch normalisation of the inputs of all hidden layers but the first in R",
        ),
        ("all_inputs", "batch normalisation of the inputs of all hidden layers in ReLU"),
    ],
)
def test_the_place_of_batch_normalisation_is_told(place, words):
    row = accurate("relu", "64", published="0.94", normalization_place=place)
    assert any(words in remark for remark in shown("table2", [row]).remarks)


def test_nothing_is_said_of_the_paper_without_its_numbers():
    remarks = " ".join(shown("table2", [accurate("relu", "64", published="")]).remarks)
    assert "Settings: batches of 128" in remarks
    assert "paper" not in remarks
