"""The command line of the project: `autoencoders show` and others, see `autoencoders --help`."""

import argparse
import sys

from autoencoders.commands import diff, number, show, status, why
from autoencoders.commands.found_runs import CommandError

COMMANDS = {"show": show, "diff": diff, "why": why, "number": number, "status": status}


def main(arguments=None):
    """Run a command; return its exit status."""
    parser = argparse.ArgumentParser(prog="autoencoders", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary = module.__doc__.splitlines()[0].partition(": ")[2]
        module.add_arguments(commands.add_parser(name, help=summary, description=summary))
    options = parser.parse_args(arguments)
    try:
        COMMANDS[options.command].run(options)
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # such as `autoencoders show | head`
        sys.stderr.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
