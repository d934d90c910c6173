"""Tables of the benchmark: every share with its number and a 95 % bootstrap interval."""
from collections.abc import Iterator, Sequence

import numpy as np

from tests.encounters.calm import KINDS
from tests.encounters.score import EXACT, GUARD, LATENCY, Figures, Score, Share, figures

RULES = (GUARD, "distance < 3 m", "padded boxes", "CV TTC <= 2.5 s", *EXACT)
LATENCIES = (0.0, 0.1, 0.2, 0.4, 0.8)


def interval(share: Share) -> str:
    """`82.1 [79.0, 85.0]`, per cent, percentile bootstrap of 2,000 samples; `-` of nothing."""
    if share.of == 0:
        return "-"
    drawn = np.random.default_rng(1).binomial(share.of, share.hits / share.of, 2000) * 100 / share.of
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{share.percent:.1f} [{low:.1f}, {high:.1f}]"


HEAD = (f"{'':22}{'foreseeable':>12}{'>= 1.5 s ahead, %':>22}{'missed or late, %':>22}{'< 0.75 s, %':>20}"
        f"{'dangers':>9}{'>= 1.5 s, %':>20}{'missed or late, %':>20}{'median s':>9}{'p10':>6}"
        f"{'calm':>6}{'nuisance, %':>20}{'of all safe, %':>20}")


def row(name: str, f: Figures) -> str:
    """One line of figures."""
    return (f"{name:22}{f.foreseeable:12}{interval(f.ahead_foreseeable):>22}{interval(f.lost_foreseeable):>22}"
            f"{interval(f.short_foreseeable):>20}{f.dangers:9}{interval(f.ahead):>20}{interval(f.lost):>20}"
            f"{f.lead_median:9.2f}{f.lead_tenth:6.2f}{f.nuisance.of:6}{interval(f.nuisance):>20}"
            f"{interval(f.nuisance_all):>20}")


def main_table(scores: Sequence[Score]) -> Iterator[str]:
    """Every rule over all encounters, then the guard by frame rate."""
    yield HEAD
    yield from (row(rule, figures(scores, rule)) for rule in RULES)
    for fps in sorted({score.fps for score in scores}, reverse=True):
        yield row(f"guard, {fps} frames/s", figures([score for score in scores if score.fps == fps]))
    seen = [score for score in scores if score.kind != "blind_corner"]
    yield row("guard, no blind corner", figures(seen))
    yield row("guard, in sight", figures([score for score in scores if score.in_sight]))


def by_kind(scores: Sequence[Score]) -> Iterator[str]:
    """The guard by kind; few of each, so hits / of instead of intervals."""
    yield (f"{'kind':16}{'n':>6}{'dangers':>9}{'foreseeable':>12}{'>= 1.5 s':>10}{'missed/late':>12}"
           f"{'all >= 1.5 s':>13}{'missed/late':>12}{'calm':>7}{'nuisance':>9}{'all safe':>9}{'alarms':>7}")
    for name in sorted(kind.__name__ for kind in KINDS):
        f = figures([score for score in scores if score.kind == name])
        yield (f"{name:16}{f.n:6}{f.dangers:9}{f.foreseeable:12}"
               f"{f.ahead_foreseeable.hits:10}{f.lost_foreseeable.hits:12}"
               f"{f.ahead.hits:13}{f.lost.hits:12}{f.nuisance.of:7}{f.nuisance.hits:9}{f.nuisance_all.of:9}"
               f"{f.nuisance_all.hits:7}")


def by_latency(scores: Sequence[Score]) -> Iterator[str]:
    """The guard, were its alarms out sooner or later after the frame."""
    yield from (row(f"latency {latency:.1f} s", figures(scores, GUARD, latency)) for latency in LATENCIES)


def targets(scores: Sequence[Score]) -> Iterator[str]:
    """What is aimed at, and what is reached; lost means no alarm before the danger is there."""
    f = figures(scores)
    ahead = interval(f.ahead_foreseeable)
    yield f"foreseeable dangers warned >= 1.5 s ahead   aim >= 80   {ahead} % of {f.foreseeable}"
    yield f"foreseeable, missed or late                 aim <=  2   {interval(f.lost_foreseeable)} %"
    yield f"all dangers, missed or late                 aim <=  8   {interval(f.lost)} % of {f.dangers}"
    yield f"nuisance per 100 unprovoked safe encounters aim <= 10   {interval(f.nuisance)} of {f.nuisance.of}"
    yield f"(lead counts from the alarm, {LATENCY} s after the frame; missed or late: none before the danger is there)"
