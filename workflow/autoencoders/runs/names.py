"""How a configuration is called; the only place that knows."""

NO_HIDDEN = "no-hidden"


def configuration_name(
    network, activation, hidden, regularisation=None, strength=None, suffix=None
):
    """Return a configuration's name, such as `autoencoder/sigmoid-1024-l1-1e-05`.

    Parameters
    ----------
    network : {"autoencoder", "classifier"}
    activation : str or None
        Of the hidden layers; None without any.
    hidden : int or sequence of int
        Units of the hidden layer, or of each hidden layer.
    regularisation, strength : str and float, optional
        A kind of penalty, such as `l1`, or `noise`, with its strength as the paper prints it.
    suffix : str, optional
        What tells it from another configuration of the same network.
    """
    parts = [activation or NO_HIDDEN]
    parts += [hidden] if isinstance(hidden, int) else hidden
    if regularisation:
        parts += [regularisation, f"{strength:.15g}"]
    if suffix:
        parts.append(suffix)
    return f"{network}/{'-'.join(map(str, parts))}"


def name_of_settings(settings, suffix=None):
    """Return the name of the configuration that has these resolved settings."""
    kind, printed, _ = regularisation_of(settings)
    network = settings["network"], settings["activation"], settings["hidden"]
    return configuration_name(*network, kind, printed, suffix)


def hidden_text(hidden):
    """Return the widths of the hidden layers: `1024`, `256-128` or `no-hidden`."""
    if isinstance(hidden, int):
        return str(hidden)
    return "-".join(map(str, hidden)) or NO_HIDDEN


def regularisation_of(settings):
    """Return what regularises a network, given its resolved settings; three None if nothing does.

    It is a kind of penalty or `noise`, its strength as the paper prints it, and what is applied:
    the weight of the penalty, or the standard deviation of the noise.
    """
    penalty, noise = settings.get("penalty"), settings.get("noise")
    if penalty:
        return penalty["kind"], float(penalty["printed"]), float(penalty["weight"])
    return ("noise", float(noise), float(noise)) if noise else (None, None, None)
