"""Measure the speed of the simulator and print ratios: ``python -m benchmarks``.

Ratios measured within one run say more than times on a shared machine. Nothing here is a test.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from sim.experiment.sweeps.designs.design import Design
from sim.experiment.sweeps.designs.swept import fields_of, variant
from sim.experiment.sweeps.running import sweep
from sim.model.ensemble import run_built, run_ensemble
from sim.model.layout import BUILDING, KIND_NAMES, SIGNED, STALLED
from sim.model.machine.compiled import entry, inlined
from sim.model.machine.ieee import exp, log, normal_quantile
from sim.model.machine.philox import draw_gumbel, draw_uniform
from sim.model.mesa_model import AlignmentModel, CountryAgent
from sim.model.places import locate
from sim.model.rows import draw_inputs, run_rows
from sim.model.world.building import Built, build_world
from sim.scenario import field_at, load_scenario, points_in_doubt, split_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import Scenario

FUTURES = 1000
REPEATS = 5


def best_seconds(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Return the least of several timings: what the work costs when nothing disturbs it."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


@inlined
def _fill_uniforms(
    keys: np.ndarray, noise: np.ndarray, replicate: int, step: int, purpose: int
) -> None:
    """Fill `noise` with uniforms."""
    seed = np.uint64(1)
    for i in range(noise.size):
        noise[i] = draw_uniform(seed, np.uint64(replicate), keys[i], step, purpose, seed)


@inlined
def _fill_logs(noise: np.ndarray) -> None:
    """Turn uniforms into exponentials, and these into Gumbel numbers."""
    for i in range(noise.size):
        noise[i] = -log(noise[i])


@entry
def _bare(keys: np.ndarray, noise: np.ndarray, futures: int, months: int, counts: Counts) -> float:
    """Draw and exponentiate as often as an ensemble does, in loops as short, and nothing else."""
    n = keys.size
    total = 0.0
    for r in range(futures):
        for t in range(months):
            _fill_uniforms(keys, noise, r, t, 1)
            total += noise[0]
        for first in range(0, counts.underway, n):
            _fill_uniforms(keys, noise, r, first, 4)
            total += noise[0]
        for first in range(0, counts.options, n):
            _fill_uniforms(keys, noise, r, first, 3)
            _fill_logs(noise)
            _fill_logs(noise)
            total += noise[0]
        for first in range(0, counts.normals, n):
            _fill_uniforms(keys, noise, r, first, 2)
            for i in range(n):
                noise[i] = normal_quantile(noise[i])
            total += noise[0]
        for _ in range(0, counts.exponentials, n):
            for i in range(n):
                noise[i] = exp(-noise[i])
            total += noise[0]
        for _ in range(0, counts.logarithms, n):
            for i in range(n):
                noise[i] = log(2.0 + noise[i])
            total += noise[0]
    return total


@entry
def _bare_one_by_one(keys: np.ndarray, futures: int, uniforms: int, gumbels: int) -> float:
    """Draw the same numbers one at a time, each waiting for the last, as an agent would."""
    n = keys.size
    total = 0.0
    seed = np.uint64(1)
    for r in range(futures):
        for draw in range(uniforms):
            step = int(total) & 1
            total += draw_uniform(seed, np.uint64(r), keys[draw % n], draw + step, 1, seed)
        for draw in range(gumbels):
            step = int(total) & 1
            total += draw_gumbel(seed, np.uint64(r), keys[draw % n], draw + step, 3, seed)
    return total


class CountingCountry(CountryAgent):
    """A country that counts its reviews and the paths open to it in them."""

    options: ClassVar[list[int]] = []

    def choose(self, noise: np.ndarray) -> int:
        """Count, and choose as every country does."""
        self.options.append(len(self.utilities()))
        return super().choose(noise)


class CountingModel(AlignmentModel):
    """A future of agents that count."""

    country_class = CountingCountry


class Counts(NamedTuple):
    """What a future draws and works out, on average."""

    reviews: int
    options: int  # open paths in reviews: Gumbel numbers
    underway: int  # months of commitments underway: uniforms
    normals: int
    exponentials: int
    logarithms: int


def count_draws(built: Built, futures: int = 3) -> Counts:
    """Return what the futures of a scenario draw and work out, on average."""
    CountingCountry.options = []
    underway = 0
    for replicate in range(futures):
        model = CountingModel(built, seed=1, replicate=replicate)
        while model.running:
            model.step()
            underway += int(np.isin(model.state.stage[:-1], (SIGNED, BUILDING, STALLED)).sum())
    n, n_offers = len(built.axes.country), len(built.axes.offer)
    n_selective = int((built.offer["open_enrolment"] < 0.5).sum())
    refreshes = 1 + np.unique(built.world.event["month"]).size
    return Counts(
        reviews=len(CountingCountry.options) // futures,
        options=sum(CountingCountry.options) // futures,
        underway=underway // futures,
        # Tastes for providers, kinds of things, offers and sovereign AI; those of providers.
        normals=n * (len(built.axes.provider) + len(KIND_NAMES) + n_offers + 1 + n_selective),
        # Two for the gain of an offer, one for its size; readiness and stalls.
        exponentials=n * 3 * n_offers * refreshes + 2 * n,
        logarithms=n,
    )


def mesa_seconds(built: Built) -> float:
    """Return the time of one future in the Mesa driver, without its construction."""
    model = AlignmentModel(built, seed=1, replicate=0)

    def run() -> None:
        while model.running:
            model.step()

    return best_seconds(run, repeats=1)


def report_main(built: Built) -> None:
    """Print what an ensemble costs beside the Mesa driver and its bare random numbers."""
    run_built(built, 8, 1)
    two = best_seconds(lambda: run_built(built, FUTURES, 1, workers=2))
    one = best_seconds(lambda: run_built(built, FUTURES, 1, workers=1))
    mesa = min(mesa_seconds(built) for _ in range(3))
    n, months, n_paths = len(built.axes.country), built.world.n_months, len(built.axes.path)
    counts = count_draws(built)
    keys, noise = built.world.country_key, np.zeros(n)
    uniforms = n * months + counts.underway
    _bare(keys, noise, 1, months, counts)
    _bare_one_by_one(keys, 1, 1, 1)
    bare = best_seconds(lambda: _bare(keys, noise, FUTURES, months, counts))
    single = best_seconds(lambda: _bare_one_by_one(keys, FUTURES, uniforms, counts.options))
    print(f"{n} countries, {months} months, {n_paths} paths")
    print(f"a future: {counts.reviews} reviews of {counts.options} open paths")
    print(f"1,000 futures, two threads      {two:8.3f} s")
    print(f"1,000 futures, one thread       {one:8.3f} s   ({one / two:.2f} times two threads)")
    print(f"one future in the Mesa driver   {mesa:8.3f} s   ({mesa / (one / FUTURES):.0f} times)")
    print(f"bare numbers, vectorised        {bare:8.3f} s   (ensemble: {one / bare:.1f} times)")
    print(f"bare numbers, one at a time     {single:8.3f} s   (ensemble: {one / single:.1f} times)")


TEN_NUMBERS = (
    "parameters.w_peer", "parameters.w_affinity", "parameters.w_sovereignty",
    "parameters.w_waiting", "parameters.review_rate", "providers.us.linkage",
    "providers.us.pressure", "providers.china.linkage",
    "providers.us.offers.infrastructure.local_control",
    "providers.us.offers.adoption.local_control",
)  # fmt: skip


def report_points(scenario: Scenario, points: int = 1000, replicates: int = 4) -> None:
    """Print what many points cost as rows of one world, and as a scenario and a world each."""
    specs = [field_at(split_address(address)) for address in TEN_NUMBERS]
    ends = {
        address: (0.1 * spec.high, 0.4 * spec.high)
        for address, spec in zip(TEN_NUMBERS, specs, strict=True)
        if spec is not None and spec.high is not None
    }
    design = Design.latin_hypercube(ends, points)
    fields = fields_of(scenario, design)
    built = build_world(scenario)
    places = locate(built, design.names)
    replicate, group = (
        np.tile(np.arange(replicates), points),
        np.repeat(np.arange(points), replicates),
    )

    def as_rows() -> None:
        values = np.repeat(design.points, replicates, axis=0)
        inputs = draw_inputs(built, 1, replicate, places, values, group)
        run_rows(built, 1, inputs, has_sums=False)

    few = 20

    def one_by_one() -> None:
        for cells in design.points[:few].tolist():
            run_built(build_world(variant(scenario, fields, cells)), replicates, 1)

    rows, each = best_seconds(as_rows, 3), best_seconds(one_by_one, 3) / few * points
    check = best_seconds(lambda: points_in_doubt(scenario, _columns(design), points), 3)
    print(f"{points:,} points x {replicates} futures over {len(ends)} numbers")
    print(f"  as rows of one world          {rows:8.3f} s")
    print(f"  a scenario and a world each   {each:8.3f} s   ({each / rows:.0f} times)")
    print(f"  rules between their numbers   {check:8.3f} s")


def _columns(design: Design) -> dict[str, np.ndarray]:
    return {name: design.points[:, j] for j, name in enumerate(design.names)}


def report_sweeps(scenario: Scenario) -> None:
    """Print what a sweep costs beside the ensemble of as many futures."""
    ranges = {"parameters.w_peer": (0.5, 3.0), "providers.us.linkage": (0.0, 1.0)}
    for replicates, repeats in ((4, 3), (100, 1)):
        design = Design.latin_hypercube(ranges, 200)

        def sweep_points(design: Design = design, replicates: int = replicates) -> None:
            with tempfile.TemporaryDirectory() as folder:
                sweep(scenario, design, replicates, out=folder)

        # In turn, so that both meet the same machine.
        ratios = [
            best_seconds(sweep_points, 1)
            / best_seconds(partial(run_ensemble, scenario, None, 200 * replicates, 1), 1)
            for _ in range(repeats)
        ]
        print(f"a sweep of 200 points x {replicates:<3}     {min(ratios):8.2f} times its ensemble")


def ensemble_bytes(built: Built, futures: int) -> int:
    """Return the memory of an ensemble's arrays."""
    ensemble = run_built(built, futures, 1)
    return sum(v.nbytes for v in vars(ensemble).values() if isinstance(v, np.ndarray))


def report_memory(built: Built) -> None:
    """Print the memory of a thousand futures."""
    many, few = ensemble_bytes(built, 400), ensemble_bytes(built, 200)
    print(f"memory a thousand futures       {(many - few) / 200 * 1000 / 1e6:8.1f} MB")


def report_growth() -> None:
    """Print how cost grows with countries, months, futures and providers."""
    base = load_scenario("baseline")
    everyone = sorted(base.agents)
    variants = {
        "baseline, 250 futures": (base, 250),
        "1,000 futures": (base, 1000),
        "4,000 futures": (base, 4000),
        "half the countries": (
            base.with_changes({"countries.exclude": [*everyone[::2], "HKG"]}),
            1000,
        ),
        "half the months": (base.with_changes({"horizon.end": "2028-02"}), 1000),
        "one offer": (base.with_changes({"providers.us.offers.adoption": None}), 1000),
        "three providers": (load_scenario("third-way"), 1000),
    }
    print(f"{'growth (one thread)':32}{'seconds':>9}  us a future")
    for name, (scenario, futures) in variants.items():
        built = build_world(scenario)
        run_built(built, 8, 1)
        seconds = best_seconds(partial(run_built, built, futures, 1, 1), 3)
        paths = len(built.axes.path)
        print(f"  {name:30}{seconds:9.3f}  {seconds / futures * 1e6:8.0f}   {paths} paths")


def seconds_of(code: str, cache: str) -> float:
    """Return the wall time of a fresh interpreter running `code` with a kernel cache folder."""
    environment = {**os.environ, "ALIGNSIM_CACHE": cache}
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return time.perf_counter() - begin


def report_starts() -> None:
    """Print what the first call costs: import, compilation, and the next process."""
    first = (
        "from sim.scenario import load_scenario\n"
        "from sim.model.ensemble import run_ensemble\n"
        "run_ensemble(load_scenario('baseline'), replicates=4)"
    )
    with tempfile.TemporaryDirectory() as cache:
        print(f"import sim                      {seconds_of('import sim', cache):8.3f} s")
        compiled = len(list(Path(cache).iterdir()))
        print(f"  kernels compiled by it        {compiled:8d}")
        print(f"first run, kernels compiled     {seconds_of(first, cache):8.3f} s")
        print(f"first run of the next process   {seconds_of(first, cache):8.3f} s")


def main() -> None:
    """Run all measurements."""
    built = build_world(load_scenario("baseline"))
    report_main(built)
    report_memory(built)
    report_points(built.scenario)
    report_sweeps(built.scenario)
    report_growth()
    report_starts()


if __name__ == "__main__":
    main()
