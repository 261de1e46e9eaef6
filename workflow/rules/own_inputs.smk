# What the configuration declares beyond the registries, and what to say of what it does not.

OF_STUDIES = {f"studies/{name}": study for name, study in SWEEP.studies.items()}
OWN_TABLES = [name for name in SWEEP.tables if name in SWEEP.own]
OWN_FIGURES = [name for name in SWEEP.figures if name in SWEEP.own]
TABULATED = [*OF_STUDIES, *OWN_TABLES]  # each a table and a figure


def tabulated(name):
    """Return the configurations and studies that a metric is tabulated of."""
    return ([], [OF_STUDIES[name]]) if name in OF_STUDIES else (shown_by(name), [])


def tabulate_inputs(wildcards):
    return PATHS.read_by("tabulate_metric", runs=tabulated(wildcards.tabulated))


def own_figure(name):
    """Return what is declared of a figure that is not of the registry; None of one that is."""
    if name in TABULATED:
        return {"plot": "metric", "caption": f"Results by setting: {Path(name).name}"}
    return SWEEP.own.get(name)


def entry_of_figure(name):
    return FIGURES[name] if name in FIGURES else own_entry(own_figure(name))


# --- targets that are not there ---

# No file of the workflow has a name without a dot, but the user's own data may.
OWN_FILES = "|".join(re.escape(str(name)) for name in [*DATASET.files.values(), DATASET.split])
NOT_A_FILE = f"(?!(?:{OWN_FILES})$)[^/.]+(?:/[^/.]+)?"


def hint_at_target(wildcards):
    rules = [rule.name for rule in workflow.rules]
    refuse(unknown_target(wildcards.target, rules, SWEEP, PATHS.results))
