"""A claim's result in words: templates filled in from the table of its parts.

In a template `{quantity:.2f}` stands for the range of a quantity's effects, by activation where
parts have one, such as `ReLU 0.10 to 0.20; sigmoid 0.15`, and `{quantity[variant]:.2f}` for that
of a variant of a study.
"""

from autoencoders.claims.rules import FAILS, HOLDS
from autoencoders.labels.networks import ACTIVATION_LABELS, EMPTY, digits, signed_minus


class Unknown(Exception):
    """A number that a template asks for is missing."""


class Rows:
    """The parts of one quantity, for a template."""

    def __init__(self, rows):
        self.count = len(rows)
        self._rows = rows
        self._known = rows[rows.effect != ""]

    def __getitem__(self, variant):  # noqa: D105
        return Rows(self._rows[self._rows.variant == variant])

    def __format__(self, form):  # noqa: D105
        ranges = []
        for activation in self.known.activation.unique():
            effects = self.known.effect[self.known.activation == activation]
            label = ACTIVATION_LABELS[activation]
            ranges.append(f"{label} {_range(effects, form)}".strip())
        return "; ".join(ranges)

    @property
    def known(self):
        """The rows with a number, at least one."""
        if self._known.empty:
            raise Unknown
        return self._known

    @property
    def holds(self):
        """Those parts that hold."""
        return Rows(self._rows[self._rows.verdict == HOLDS])

    @property
    def fails(self):
        """Those parts that do not."""
        return Rows(self._rows[self._rows.verdict == FAILS])

    @property
    def n(self):
        """How many networks they are from."""
        return self.known.n.sum()

    @property
    def networks(self):
        """Of how many networks their shares are true."""
        return round((self.known.effect * self.known.n).sum())

    @property
    def names(self):
        """Their names."""
        return "; ".join(self.known.part)

    @property
    def remarks(self):
        """The remarks on them, with the names of networks."""
        remarks = []
        for row in self.known.itertuples():
            remarks.append(f"{row.reason} ({row.part})" if row.activation else row.reason)
        return "; ".join(remarks)


def filled(templates, parts):
    """Return the templates filled in from a table of parts, without those that miss a number."""
    rows = {quantity: Rows(of_quantity) for quantity, of_quantity in parts.groupby("quantity")}
    sentences = []
    for template in templates:
        try:
            sentences.append(template.format_map(rows))
        except (Unknown, KeyError):
            continue
    return " ".join(sentences)


def rounded(number):
    """Return a number with as many digits as its size asks for."""
    if number == "":
        return EMPTY
    return signed_minus(f"{number:.{digits(number)}f}")


def _range(effects, form):
    unit = ""
    if form.endswith("%"):
        effects, form, unit = 100 * effects, f"{form[:-1]}f", " %"
    low, high = format(effects.min(), form), format(effects.max(), form)
    return signed_minus(low if low == high else f"{low} to {high}") + unit
