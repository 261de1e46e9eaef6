# From MNIST to every table and figure of the report; docs/ and config.yaml say what can be set.

from snakemake.utils import min_version

min_version("9.27")


configfile: f"{workflow.basedir}/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/calibration.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/page.smk"


rule all:
    default_target: True
    input:
        rules.tables.input,
        rules.figures.input,
        rules.page.output,
    localrule: True


onstart:
    write_plan()
