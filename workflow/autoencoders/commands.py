"""What the command lines of the report's scripts have in common."""

import argparse
import sys
from pathlib import Path

from autoencoders.arrays import ArraysError
from autoencoders.files import clean_up_when_terminated
from autoencoders.runs import RunsError

OPTIONS = {
    "plan": "plan.json: what is declared",
    "manifest": "manifest.json of the data set",
    "arrays": "arrays.npz of the data set",
    "results": "the folder that holds runs/, lottery/ and studies/",
    "report": "the folder of the report's own numbers",
    "measures": "measures.csv of the kept networks",
    "output": "what to write, or the folder to write into",
    "tables": "the names of the tables to show",
    "figures": "the names of the figures to show",
}
NAMES = ("tables", "figures")


def arguments(description, *names):
    """Parse the command line; every option named must be given, and most take a path.

    Parameters
    ----------
    description : str
        What the script does.
    *names : str
        Keys of `OPTIONS`, or `name` for the name of a table or figure.

    Returns
    -------
    argparse.Namespace
        A pathlib.Path for each option, a str for `name`, a list of str for each of `NAMES`.
    """
    parser = argparse.ArgumentParser(description=description)
    for name in names:
        if name in NAMES:
            parser.add_argument(f"--{name}", nargs="*", required=True, help=OPTIONS[name])
            continue
        kind, text = (str, "of the table or figure") if name == "name" else (Path, OPTIONS[name])
        parser.add_argument(f"--{name}", type=kind, required=True, help=text)
    return parser.parse_args()


def run(main):
    """Call `main`; print a foreseen error as one sentence and exit with 1."""
    clean_up_when_terminated()
    try:
        main()
    except (RunsError, ArraysError, FileNotFoundError) as error:
        sys.exit(f"error: {error}")
