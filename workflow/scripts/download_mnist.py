"""Fetch one of MNIST's files from the first source that has it whole."""

import argparse
import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.data.download import DownloadError, download
from autoencoders.files import failing_in_one_sentence


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, help="its name, without .gz")
    parser.add_argument("--sha256", required=True, help="the checksum of the uncompressed file")
    parser.add_argument(
        "--source",
        action="extend",
        nargs="*",
        default=[],
        metavar="URL_OR_FOLDER",
        help="http(s) URLs, folders or file:// locations, tried in order; may be given repeatedly",
    )
    parser.add_argument(
        "--timeout", type=float, default=30, help="seconds without a byte (default: %(default)g)"
    )
    parser.add_argument(
        "--time-limit",
        type=float,
        default=600,
        help="seconds in total for one source (default: %(default)g)",
    )
    parser.add_argument("--output", required=True, type=Path, help="the file to write")
    return parser.parse_args()


def main():
    """Fetch the file, or say on stderr why not."""
    arguments = parse_arguments()
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    with failing_in_one_sentence(DownloadError):
        download(
            arguments.name,
            arguments.sha256,
            arguments.source,
            arguments.output,
            timeout=arguments.timeout,
            time_limit=arguments.time_limit,
        )


if __name__ == "__main__":
    main()
