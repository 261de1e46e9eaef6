"""List the runs that nothing in the configuration declares, or remove them.

python workflow/scripts/clean_orphans.py
python workflow/scripts/clean_orphans.py --configfile my.yaml --remove
"""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.sweep.on_disk import declared, parser_of_commands, undeclared_runs


def main():
    """Print each orphan; remove it if asked to, with the folders that it leaves empty."""
    parser = parser_of_commands(__doc__.splitlines()[0])
    parser.add_argument("--remove", action="store_true", help="remove them; else they are listed")
    options = parser.parse_args()
    sweep, paths = declared(options)
    orphans = undeclared_runs(sweep, paths)
    for folder in orphans:
        print(folder)
        if options.remove:
            shutil.rmtree(folder)
            for parent in folder.parents:
                if parent == Path(paths.results) or any(parent.iterdir()):
                    break
                parent.rmdir()
    count = f"{len(orphans)} run{'' if len(orphans) == 1 else 's'} that nothing declares"
    done = "removed" if options.remove else "nothing removed (make clean-orphans REMOVE=1 does)"
    print(f"{paths.results}: {count}; {done}." if orphans else f"{paths.results}: no orphans.")


if __name__ == "__main__":
    main()
