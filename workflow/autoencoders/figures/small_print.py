"""Small print and alternative texts: the words are in figures.toml, what fills them in is here."""

from autoencoders.figures.figure_catalog import NOTES
from autoencoders.figures.style import activation_order
from autoencoders.labels import networks as labels
from autoencoders.runs.names import regularisation_of

METRICS = {"autoencoder": ("training_error", "validation_error"), "classifier": ("accuracy",)}


def note(name, **facts):
    """Return a sentence of the small print, filled in."""
    return NOTES[name].format(**facts)


def alternative_text(inputs):
    """Return a figure's alternative text, with its networks and their means in words."""
    entry = inputs.entry
    networks = [labels.network_words(each.settings) for each in inputs.configurations]
    facts = {"networks": "; ".join(networks), "count": len(networks)}
    for metric in METRICS.get(entry.network, ()):
        facts[metric] = _means_in_words(inputs, metric)
    return entry.alternative_text.format(**facts)


def activations_of(inputs):
    """Return the activations of the configurations' hidden layers, in their registry's order."""
    present = {each.settings["activation"] for each in inputs.configurations} - {None}
    return sorted(present, key=activation_order)


def seed_notes(inputs, name="seeds"):
    """Return the note `name` on the number of seeds, and what a reader must know of them."""
    lists = {"diverged": [], "dead": [], "missing": []}
    for configuration in inputs.configurations:
        words = labels.network_words(configuration.settings)
        run = inputs.runs.get(configuration.name)
        if run is None:
            why = inputs.gaps.get(configuration.name, "not read")
            lists["missing"].append(f"{words} ({why})")
            continue
        for what, seeds in (("diverged", run.diverged), ("dead", run.dead)):
            if seeds:
                lists[what].append(f"{words} ({labels.seed_list(seeds)})")
    seeds = labels.seed_counts(each.seeds for each in inputs.configurations)
    notes = [note(name, seeds=seeds, title=inputs.title)]
    for what, networks in lists.items():
        if networks:
            notes.append(note(what, networks="; ".join(networks)))
    return notes


def strength_notes(inputs):
    """Return what was applied where the paper prints another strength of the penalty."""
    strengths = {}
    for configuration in inputs.configurations:
        _, printed, applied = regularisation_of(configuration.settings)
        if printed != applied:
            strengths[f"{applied!r} for {printed!r}"] = True
    return [note("strengths", strengths=", ".join(strengths))] if strengths else []


def _means_in_words(inputs, metric):
    """Return between which values the networks' means over seeds lie, for each activation."""
    means = {}
    for run in inputs.runs.values():
        if run.seeds:
            values = run.values(metric)
            means.setdefault(run.settings["activation"], []).append(sum(values) / len(values))
    parts = []
    for activation in [*activations_of(inputs), None]:
        if activation in means:
            low, high = f"{min(means[activation]):.3f}", f"{max(means[activation]):.3f}"
            where = f"at {low}" if low == high else f"between {low} and {high}"
            label = labels.ACTIVATION_LABELS[activation] if activation else labels.NO_HIDDEN_LAYER
            parts.append(f"{where} ({label})")
    return ", ".join(parts) or "nowhere, as no run has ended"
