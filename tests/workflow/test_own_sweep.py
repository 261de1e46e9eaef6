"""The page docs/your-own-sweep.md, run as it stands: own data, networks, grid, table and figure."""

import gzip
import re
import shutil
import subprocess

import numpy as np
import pandas
import pytest

from idx_files import idx_bytes
from snakemake_runs import REPOSITORY, Checkout, with_own_programs

PAGE = (REPOSITORY / "docs/your-own-sweep.md").read_text()
N_TRAINING, N_TEST = 600, 200  # in place of Fashion-MNIST's 60,000 and 10,000


def blocks(language):
    """Return the page's blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def write_fashion(folder):
    """Write files of Fashion-MNIST's format and names: a bright square in one of ten places."""
    folder.mkdir(parents=True)
    generator = np.random.default_rng(0)
    for part, n_images in (("train", N_TRAINING), ("t10k", N_TEST)):
        labels = generator.integers(10, size=n_images).astype(np.uint8)
        images = generator.integers(0, 160, size=(n_images, 28, 28)).astype(np.uint8)
        for image, label in zip(images, labels, strict=True):
            top, left = 2 + 12 * (label // 5), 1 + 5 * (label % 5)
            image[top : top + 10, left : left + 5] = 255
        for name, array in (("images-idx3", images), ("labels-idx1", labels)):
            path = folder / f"{part}-{name}-ubyte.gz"
            path.write_bytes(gzip.compress(idx_bytes(array), mtime=0))


def fresh_checkout(folder):
    checkout = Checkout.copy(folder)
    shutil.copy(REPOSITORY / "config.yaml", folder / "config.yaml")
    return checkout


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A checkout in which everything was done that the page says."""
    checkout = fresh_checkout(tmp_path_factory.mktemp("own") / "checkout")
    write_fashion(checkout.folder / "fashion")
    text = "".join(blocks("yaml"))
    assert "training_images: 60000" in text
    text = text.replace("training_images: 60000", f"training_images: {N_TRAINING}")
    (checkout.folder / "my.yaml").write_text(text)
    activation = blocks("python")[0]
    module = "workflow/autoencoders/training/activations.py"
    checkout.edit(module, '    "softmax": Activation(', activation + '    "softmax": Activation(')
    return checkout


@pytest.fixture(scope="module")
def said(own):
    """What each command of the page printed, in the page's order."""
    said = []
    for command in blocks("sh"):
        done = subprocess.run(
            command,
            shell=True,
            cwd=own.folder,
            env=with_own_programs({}),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}{done.stdout}{done.stderr}"
        said.append(done.stdout + done.stderr)
    return said


def test_the_dry_run_counts_the_trainings(said):
    assert re.search(r"24 trainings in 8 jobs are declared; 8 jobs are left, about a", said[0])
    assert "8 finished runs, 0 more not trained yet, 0 faults" in said[-1]
    assert "no orphans" in said[-1]


def test_a_setting_on_the_command_line_has_its_type(said):
    assert re.search(r"^train +5$", said[3], re.MULTILINE)
    assert (
        "classifier/relu-64, classifier/softplus-64, classifier/relu-64-32 and 1 more: "
        "training.learning_rate 0.1 -> 0.05\n"
    ) in said[3]


def test_the_page_has_every_table_and_figure(own, said):
    page = (own.folder / "results/my/report.html").read_text()
    assert "Results of a sweep" in page
    assert "paper of 2019" not in page
    assert "Fashion-MNIST&#39;s 600 + 200 images" in page
    for name in ("table2", "depth", "steps"):
        assert f'<section data-table="{name}"' in page
    for name in ("depth", "steps", "learning", "units"):
        assert f'<figure id="{name}"' in page
    assert "softplus" in page


def test_the_study_s_table_has_the_settings_and_every_seed(own, said):
    table = pandas.read_csv(own.folder / "results/my/tables/studies/steps.csv")
    settings = table[["training.learning_rate", "training.batch_size"]].to_numpy().tolist()
    assert settings == [[0.1, 32], [0.1, 64], [0.1, 128], [0.03, 32], [0.03, 64]]
    assert set(table["n"]) == {3}
    for row in table.itertuples():
        values = [float(value) for value in row.values.split()]
        assert np.mean(values) == pytest.approx(row.mean)
    assert list(table["difference"].isna()) == [row == [0.1, 128] for row in settings]
    assert table["mean"].max() > 0.9, "squares in ten places are easily told apart"


def test_nothing_is_left_to_do(own, said):
    output = own.run("-n", "--configfile", "my.yaml")
    assert "Nothing to be done" in output
    assert "all are there" in output


def test_results_without_their_dates_are_accepted_once(own, said, tmp_path):
    other = fresh_checkout(tmp_path / "other")
    shutil.copytree(own.folder / "fashion", other.folder / "fashion", copy_function=shutil.copyfile)
    shutil.copytree(own.folder / "results", other.folder / "results", copy_function=shutil.copyfile)
    for name in ("my.yaml", "workflow/autoencoders/training/activations.py"):
        shutil.copyfile(own.folder / name, other.folder / name)
    other.run("--touch", "--cores", "1", "--configfile", "my.yaml")
    assert "Nothing to be done" in other.run("-n", "--configfile", "my.yaml")


def test_another_workflow_imports_this_one(tmp_path):
    checkout = fresh_checkout(tmp_path / "sweep")
    folder = tmp_path / "mine"
    folder.mkdir()
    module = blocks("python")[1].replace("path/to/this/repository", str(checkout.folder))
    (folder / "Snakefile").write_text(f'configfile: "config.yaml"\n\n\n{module}')
    (folder / "config.yaml").write_text(
        "sweep:\n"
        "  paper: false\n"
        "  results: results/my\n"
        "  dataset: digits\n"
        "  autoencoder: {epochs: 2}\n"
        "  experiments:\n"
        "    two: {network: autoencoder, seeds: 1, activations: [relu], grid: {hidden: [8, 9]}}\n"
    )
    done = subprocess.run(
        ["snakemake", "--cores", "2", "mine", "sweep_page"],
        cwd=folder,
        env=with_own_programs({}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    runs = pandas.read_csv(folder / "results/my/tables/runs.csv")
    assert set(runs["configuration"]) == {"autoencoder/relu-8", "autoencoder/relu-9"}
    assert (folder / "results/my/report.html").exists()
    assert not (checkout.folder / "results").exists()


def test_one_experiment_of_the_paper_runs_alone(tmp_path):
    checkout = fresh_checkout(tmp_path / "checkout")
    config = checkout.config()
    config["experiments"] = {"no-hidden": config["experiments"]["no-hidden"]}
    config["dataset"] = "digits"
    checkout.configure(config)
    checkout.run()
    results = checkout.folder / "results"
    tables = {path.stem for path in (results / "tables").glob("*.html")}
    assert tables == {"table2", "comparison", "claims"}
    assert {path.stem for path in (results / "figures").glob("*.svg")} == {"figure10"}
    assert '<figure id="figure10"' in (results / "report.html").read_text()
