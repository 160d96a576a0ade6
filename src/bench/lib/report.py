"""The table: a row for each server and workload, with what it costs beside others and what it was to cost."""

from measuring import middle, ratio

HEAD = f"{'':24}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'CPU us':>8}{'RSS MiB':>8}{'x nginx':>8}{'x auth':>8}{'others':>7}  target, verdict"


class Report:
    """Prints the rows of a group when it is done, and keeps what fails the run."""

    def __init__(self):
        self.missed, self.failed, self.noisy = [], [], 0.0

    def group(self, group, figures):
        print(f"\n{group.about}\n{HEAD}")
        for row in group.rows:
            print(self._row(group, row, figures))

    def _row(self, group, row, figures):
        of = figures[row.name]
        others = middle(of, "others")
        self.noisy = max(self.noisy, others)
        plain = next((r.name for r in group.rows if r.server in ("nginx-plain", "nginx-tls")), None)
        asking = next((r.name for r in group.rows if r.server.startswith("nginx-auth")), None)
        cells = [f"{row.name:24}", f"{middle(of, 'requests_per_second'):8.0f}"]
        cells += [f"{middle(of, name) / 1000:8.2f}" for name in ("p50", "p99")]
        cells += [f"{middle(of, 'cpu'):8.1f}", f"{of[-1].resident:8.0f}"]
        cells += [f"{ratio(of, figures[name]):8.2f}" if name else f"{'-':>8}" for name in (plain, asking)]
        cells += [f"{others:6.0f}%", "  ", "; ".join(self._verdict(row, limit, figures) for limit in row.limits)]
        return "".join(cells).rstrip()

    def _verdict(self, row, limit, figures):
        actual = ratio(figures[row.name], figures[limit.of])
        told = self.verdict(f"{row.name}: {actual:.2f} x the CPU of {limit.of}", f"at most {limit.target:g}", actual <= limit.target)
        if actual > limit.floor:
            self.failed.append(f"{row.name}: {actual:.2f} x the CPU of {limit.of} (expected: at most {limit.floor:g})")
        return f"{limit.target:g} x {limit.of}: {told}"

    def verdict(self, what, target, kept):
        """Whether a target was kept; a missed one fails nothing."""
        if not kept:
            self.missed.append(f"{what} (target: {target})")
        return "kept" if kept else "missed"

    def end(self, problems):
        """The last lines, and the exit status."""
        print()
        if self.noisy > 10:
            print(f"note: others took up to {self.noisy:.0f} % of the processor of the server; measure again on a quiet machine")
        for line in self.missed:
            print(f"missed: {line}")
        for line in problems + self.failed:
            print(f"problem: {line}")
        if not problems and not self.failed:
            print(f"ok: {'every target was kept' if not self.missed else 'no floor was missed'}, and every answer was right")
        return 1 if problems or self.failed else 0
