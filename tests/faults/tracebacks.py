"""Tracebacks in outputs and logs, and whether they name code of this project."""

import re

BEGIN = "Traceback (most recent call last):"


def tracebacks_in(text):
    """Return the tracebacks in a text, each from its first line to that of its exception."""
    found = []
    for part in text.split(BEGIN)[1:]:
        lines = part.splitlines()[1:]
        block = []
        for line in lines:
            block.append(line.strip())
            # Marks of a place in a rule file may stand at the start of a line.
            if line.strip(" ^~") and not line.startswith(" "):
                break
        found.append("\n".join(block))
    return found


def kind_of(traceback, folder):
    """Return whose a traceback is, where `folder` is the checkout.

    `interrupted` is Python's own answer to SIGINT, in Snakemake or while a script still imports
    what it needs. Of all others, `ours` names a file of the workflow, and `foreign` does not.
    """
    files = re.findall(r'File "([^"]*)"', traceback)
    in_workflow = [file.startswith((f"{folder}/", "workflow/")) for file in files]
    importing = re.match(r'File "[^"]*", line \d+, in <module>\n(import|from) ', traceback)
    if traceback.endswith("\nKeyboardInterrupt") and (importing or not in_workflow[0]):
        return "interrupted"
    return "ours" if any(in_workflow) else "foreign"


def new_tracebacks(output, logs, since):
    """Return the tracebacks of a start: those of its output, and of the logs written since.

    Snakemake also shows the logs of failed jobs, so the same text counts once.

    Parameters
    ----------
    output : str
    logs : pathlib.Path
        The folder of the jobs' logs.
    since : float
        A moment, in seconds since 1970.
    """
    found = tracebacks_in(output)
    for path in sorted(logs.rglob("*.log")):
        if path.stat().st_mtime >= since:
            found += tracebacks_in(path.read_text(encoding="utf-8", errors="replace"))
    return list(dict.fromkeys(found))
