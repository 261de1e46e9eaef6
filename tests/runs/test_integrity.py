"""Tables and figures against the checksums that were written with them."""

import pytest

from autoencoders.files import write_checksums
from autoencoders.runs.integrity import RunsError, require_checksums


@pytest.fixture
def figure(tmp_path):
    """The path of a drawing, which was written with its description."""
    drawing, description = tmp_path / "figure1.svg", tmp_path / "figure1.json"
    drawing.write_text("<svg/>")
    description.write_text("{}")
    write_checksums(drawing, description)
    return drawing


def test_what_is_as_it_was_written_passes(figure):
    require_checksums(figure)


@pytest.mark.parametrize("suffix", [".svg", ".json"])
def test_a_changed_file_is_named(figure, suffix):
    path = figure.with_suffix(suffix)
    path.write_text(path.read_text()[:-1])
    with pytest.raises(RunsError, match=rf"figure1\{suffix} was changed after it was made; remove"):
        require_checksums(figure)


@pytest.mark.parametrize("suffix", [".svg", ".json", ".svg.sha256"])
def test_a_missing_file_is_named(figure, suffix):
    figure.with_name(f"figure1{suffix}").unlink()
    with pytest.raises(RunsError, match=rf"figure1{suffix} is missing; run `snakemake` to make"):
        require_checksums(figure)


@pytest.mark.parametrize("content", [b"", b"\xff\x00\n", b"figure1.svg\n", b"0  figure1.svg\n"])
def test_checksums_that_are_none_are_refused(figure, content):
    figure.with_name("figure1.svg.sha256").write_bytes(content)
    with pytest.raises(RunsError, match=r"figure1\.svg was changed after it was made"):
        require_checksums(figure)
