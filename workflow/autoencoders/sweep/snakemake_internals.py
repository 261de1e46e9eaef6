"""What the rules need of Snakemake that it keeps private; no other module uses these names."""

from snakemake.exceptions import WorkflowError
from snakemake.settings.types import DeploymentMethod


def config_files(workflow):
    """Return the paths of the configuration files that the command line names."""
    return _private(workflow, "overwrite_configfiles")


def command_line_config(workflow):
    """Return the settings that the command line gives by `--config`, as Snakemake reads them."""
    return _private(_private(workflow, "config_settings"), "config")


def deploys_conda(workflow):
    """Return whether Snakemake is to make the rules' conda environments (`--sdm conda`)."""
    settings = _private(workflow, "deployment_settings")
    return DeploymentMethod.CONDA in _private(settings, "deployment_method")


def resources_set_by_user(workflow, rule):
    """Return the resources that a profile or the command line sets for a rule, by name."""
    settings = _private(workflow, "resource_settings")
    return _private(settings, "overwrite_resources").get(rule, {})


def _private(holder, name):
    try:
        return getattr(holder, name)
    except AttributeError:
        raise WorkflowError(
            f"This Snakemake has no `{name}` any more, which workflow/rules needs; install the "
            "version that requirements/all.txt names, or adapt "
            "workflow/autoencoders/sweep/snakemake_internals.py."
        ) from None
