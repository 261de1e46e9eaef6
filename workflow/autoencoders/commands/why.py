"""`autoencoders why`: why a run will be trained, or that it is there as declared."""

from pathlib import Path

from autoencoders.commands.found_runs import named
from autoencoders.runs.integrity import RunsError, present_checksums, require_current
from autoencoders.sweep.on_disk import add_options, declared, stale_settings

RUN_FILES = ("history.csv", "weights.npz")


def add_arguments(parser):
    """Add the options of the command."""
    parser.add_argument("name", help="of a configuration, such as classifier/relu-128 or relu-128")
    add_options(parser)


def run(options):
    """Print a sentence for each block of seeds of the configuration."""
    sweep, paths = declared(options)
    configurations = dict(sweep.configurations)
    for study in sweep.studies.values():
        for each in study.configurations():
            configurations.setdefault(each.folder.removeprefix("runs/"), each)
    configuration = named(options.name, configurations, "the configuration declares no network")
    for block in configuration.blocks:
        print(f"{paths.results}/{block.folder} {_state(paths, configuration, block)}")


def _state(paths, configuration, block):
    """Return what Snakemake would do about a block, and why."""
    folder = Path(paths.results, block.folder)
    if not (folder / "run.json").exists():
        return "is not there: it will be trained."
    if not Path(paths.manifest).exists():
        return f"is there, but {paths.manifest}, the data it was made from, is missing."
    changed = stale_settings({block.folder: block.config}, paths.results)
    if changed:
        return f"was made with other settings: {changed[block.folder]}; it will be trained again."
    try:
        require_current(
            folder,
            configuration.name,
            block.config,
            present_checksums(paths.manifest),
            RUN_FILES,
        )
    except RunsError as reason:
        again = "it will be trained again"
        if "changed after" in str(reason) or "unreadable" in str(reason):
            again = f"remove the folder and run `snakemake --cores 1 {folder}/run.json`"
        return f"cannot be used, {reason}: {again}."
    return "is as declared: nothing will be trained."
