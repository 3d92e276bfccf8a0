"""The figures as text."""

from typing import Dict, List, Sequence

import numpy as np

from report.scores import IntentScore, Sweep


def intents(columns: Dict[str, Dict[str, IntentScore]]) -> List[str]:
    """A row for each intent; per column its precision, recall, F1 and number of texts."""
    names = sorted({name for scores in columns.values() for name in scores})
    lines = [f"{'':18}" + "".join(f"{title:^26}" for title in columns)]
    lines.append(f"{'intent':18}" + f"{'prec':>8}{'rec':>6}{'F1':>6}{'n':>6}" * len(columns))
    for name in names:
        row = f"{name:18}"
        for scores in columns.values():
            one = scores.get(name)
            row += f"{one.precision:8.2f}{one.recall:6.2f}{one.f1:6.2f}{one.texts:6d}" if one else " " * 26
        lines.append(row)
    return lines


def thresholds(rows: Sequence[Sweep]) -> List[str]:
    """A row for each threshold."""
    lines = [
        f"{'threshold':>9}{'in-scope acc':>14}{'oos recall':>12}{'false rejects':>15}"
        f"{'coverage':>10}{'acc of those':>14}{'balanced':>10}{'macro F1':>10}"
    ]
    return lines + [
        f"{row.threshold:9.2f}{row.right:14.3f}{row.outside_found:12.3f}{row.false_rejects:15.3f}"
        f"{row.coverage:10.3f}{row.accuracy:14.3f}{row.balanced:10.3f}{row.macro_f1:10.3f}"
        for row in rows
    ]


def speed(clock: Sequence[float], processor: Sequence[float]) -> List[str]:
    """Median and 95th percentile, in milliseconds; the processor's time leaves out what others took."""
    return [
        f"{name} p50 {np.percentile(took, 50):.1f} ms, p95 {np.percentile(took, 95):.1f} ms"
        for name, took in (("by the clock:    ", clock), ("processor's time:", processor))
    ]


def calibration(rows: Sequence[tuple]) -> List[str]:
    """A row for each tenth of confidence that any text has."""
    lines = [f"{'confidence':>12}{'texts':>7}{'mean':>7}{'right':>7}"]
    return lines + [
        f"{low:6.1f} - {low + 0.1:3.1f}{count:7d}{sure:7.2f}{right:7.2f}" for low, count, sure, right in rows
    ]
