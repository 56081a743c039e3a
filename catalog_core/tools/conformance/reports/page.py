"""The report as one HTML page that needs nothing else."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from catalog_core.tools.conformance.checks import Outcome
from catalog_core.tools.conformance.report import SERVER, CategoryReport, Report

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --passed: #1a7f37; --failed: #cf222e; --skipped: #9a6700 }
@media (prefers-color-scheme: dark) { :root { --passed: #3fb950; --failed: #f85149; --skipped: #d29922 } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; margin-bottom: 0 } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
.when { opacity: .7; margin-top: 0 } .passed { color: var(--passed) } .failed { color: var(--failed) }
.skipped { color: var(--skipped) } .total { font-size: 1.1rem } .total span { margin-right: 1.5rem }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .3rem .8rem }
summary { cursor: pointer } summary span { float: right; margin-left: 1rem; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top; overflow-wrap: anywhere }
td:first-child { width: 4.5rem; font-weight: 600 } code { font-size: .9em }
ul { margin: .2rem 0; padding-left: 1.2rem } .title { opacity: .75 }
"""


def html_report(report: Report) -> str:
    """Return the report as a page; categories in which something failed are open."""
    groups = groupby(report.categories, key=lambda one: one.plugin)
    catalogs = "\n".join(_catalog(plugin, list(categories)) for plugin, categories in groups)
    started = report.started_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Conformance of {escape(report.server_url)}</title>
<style>{_STYLE}</style>
<h1>Conformance of {escape(report.server_url)}</h1>
<p class="when">{started}</p>
<p class="total">{_counts(report)}</p>
{catalogs}
</html>
"""


def _catalog(plugin: str, categories: Iterable[CategoryReport]) -> str:
    parts = "\n".join(_category(category) for category in categories if category.outcomes)
    return f"<h2>{escape(plugin or SERVER)}</h2>\n{parts}"


def _category(report: CategoryReport) -> str:
    opened = " open" if report.count("failed") else ""
    rows = "\n".join(map(_row, report.outcomes))
    title = f"{report.category.value} {report.category.title}"
    return f"<details{opened}><summary>{title}{_counts(report)}</summary>\n<table>\n{rows}\n</table></details>"


def _row(outcome: Outcome) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in outcome.message.splitlines())
    told = f"<ul>{lines}</ul>" if lines else ""
    return (
        f'<tr><td class="{outcome.status}">{outcome.status}</td><td><code>{escape(outcome.name)}</code> '
        f'<span class="title">{escape(outcome.title)}</span>{told}</td></tr>'
    )


def _counts(report: Report | CategoryReport) -> str:
    return "".join(
        f'<span class="{status}">{report.count(status)} {status}</span>'
        for status in ("skipped", "failed", "passed")
        if report.count(status) or status == "passed"
    )
