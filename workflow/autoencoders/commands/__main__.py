"""The command line of the project: `autoencoders show` and others, see `autoencoders --help`."""

import argparse
import sys
from importlib import import_module

from autoencoders.commands.found_runs import CommandError

COMMANDS = ("show", "diff", "why", "number", "status")


def main(arguments=None):
    """Run a command; return its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # The one that is asked for alone: others take time to import.
    needed = arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS
    parser = argparse.ArgumentParser(prog="autoencoders", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules = {name: import_module(f"autoencoders.commands.{name}") for name in needed}
    for name, module in modules.items():
        summary = module.__doc__.splitlines()[0].partition(": ")[2]
        module.add_arguments(commands.add_parser(name, help=summary, description=summary))
    options = parser.parse_args(arguments)
    try:
        modules[options.command].run(options)
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # such as `autoencoders show | head`
        sys.stderr.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
