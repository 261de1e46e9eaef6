"""How a configuration is called; the only place that knows."""


def configuration_name(
    network, activation, hidden, penalty=None, printed=None, noise=0.0, suffix=None
):
    """Return a configuration's name, such as `autoencoder/sigmoid-1024-l1-1e-05`.

    Parameters
    ----------
    network : {"autoencoder", "classifier"}
    activation : str or None
        Of the hidden layers; None without any.
    hidden : int or list of int
        Units of the hidden layer, or of each hidden layer.
    penalty, printed : str and float, optional
        The kind of penalty, such as `l1`, and its strength as the paper prints it.
    noise : float, optional
        Standard deviation of the noise on the inputs; 0 for none.
    suffix : str, optional
        What tells it from another configuration of the same network.
    """
    parts = [activation or "no-hidden"]
    parts += map(str, hidden if isinstance(hidden, list) else [hidden])
    if penalty:
        parts += [penalty, f"{printed:.15g}"]
    if noise:
        parts += ["noise", f"{noise:.15g}"]
    if suffix:
        parts.append(suffix)
    return f"{network}/{'-'.join(parts)}"


def name_of_settings(settings, suffix=None):
    """Return the name of the configuration that has these resolved settings."""
    penalty = settings.get("penalty") or {}
    return configuration_name(
        settings["network"],
        settings["activation"],
        settings["hidden"],
        penalty.get("kind"),
        penalty.get("printed"),
        settings.get("noise"),
        suffix,
    )
