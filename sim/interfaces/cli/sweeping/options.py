"""Options of ``alignsim sweep`` besides those that other commands have too."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.model.requests import LARGEST_SEED, MOST_REPLICATES

# Hours that a sweep may take, and share of the free disk, before the command asks.
BUDGET_HOURS = 1.0

SweepName = Annotated[
    str,
    typer.Argument(
        metavar="SWEEP", help="A sweep file, or the name of one in the folder scenarios/sweeps."
    ),
]
Replicates = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        "-n",
        min=1,
        max=MOST_REPLICATES,
        help="Futures at each point; the number in the file unless given.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        max=LARGEST_SEED,
        help="Start of the random numbers, the same at each point; what the file says unless "
        "given.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="WHERE",
        help="Run the points on Dask workers: local or local:N (processes of this machine), the "
        "address of a scheduler (tcp://host:8786), or a scheduler file.",
    ),
]
ChunksAt = Annotated[
    str | None,
    typer.Option(
        "--chunks-at",
        metavar="URL",
        help="Keep unfinished points in a shared folder or an object store, such as "
        "s3://bucket/sweeps; workers of a cluster then write there themselves.",
    ),
]
ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="K/N",
        help="Make only every N-th chunk from the K-th, such as 3/8, and leave it for --merge.",
    ),
]
Merge = Annotated[
    list[str] | None,
    typer.Option(
        "--merge",
        metavar="PATH",
        help="Join shards that were made apart: the --results or --chunks-at of one; may be given "
        "more than once.",
    ),
]
Status = Annotated[
    bool, typer.Option("--status", help="Only show how far the sweep is; nothing runs.")
]
EstimateOption = Annotated[
    bool,
    typer.Option(
        "--estimate", help="Only show points, time and disk, from a few points that are tried."
    ),
]
Budget = Annotated[
    float,
    typer.Option(
        "--budget",
        metavar="HOURS",
        min=0.0,
        help="Ask before a sweep that is expected to take longer, or to fill the disk.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Run without asking, whatever it takes.")]
