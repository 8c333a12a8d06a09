"""Finding a Dask cluster: a client, an address, a scheduler file, or processes of this machine."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, Problem, at_home
from sim.experiment.store.unavailable import UnavailableError
from sim.model.requests import MOST_WORKERS

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
_FORMS = (
    "Write local, local:N for N processes on this machine, the address of a scheduler such as "
    "tcp://host:8786, or the path of a scheduler file."
)
_MOST_FILE_BYTES = 1_000_000
_MODULE_OF_WORKERS = "sim.experiment.sweeps.scaling.working"


@contextmanager
def connected(cluster: str | Client) -> Iterator[Client]:
    """Yield a client of a cluster; close it, and a local cluster, at the end.

    Parameters
    ----------
    cluster : str or distributed.Client
        ``local``, ``local:N``, the address of a scheduler, the path of a scheduler file, or a
        client, which stays open.

    Raises
    ------
    InputError
        If it is none of these.
    UnavailableError
        If Dask is not installed, or no scheduler answers.
    """
    distributed = _distributed()
    if isinstance(cluster, distributed.Client):
        _check_client(cluster)
        yield cluster
        return
    if not isinstance(cluster, str):
        rule = (
            f"cluster must be a text or a dask.distributed.Client, not a {type(cluster).__name__}."
        )
        raise InputError([Problem("", 0, rule, _FORMS)])
    from distributed.utils import silence_logging_cmgr

    # Errors say what goes wrong; the log of Dask would repeat it in other words.
    with silence_logging_cmgr(logging.CRITICAL + 1):
        if cluster == LOCAL or cluster.startswith(f"{LOCAL}:"):
            with (
                _local_cluster(distributed, _processes(cluster)) as here,
                distributed.Client(here) as client,
            ):
                yield client
        else:
            with _client_at(distributed, scheduler_address(cluster)) as client:
                yield client


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise UnavailableError(
            f"a cluster needs Dask, which is not installed ({error}).",
            "Install it with: pip install 'alignsim[cluster]'.",
        ) from error
    return distributed


def _check_client(client: Client) -> None:
    """Refuse a client that cannot be used here."""
    if client.asynchronous:
        rule = "the client of the cluster is asynchronous."
        raise InputError([Problem("", 0, rule, "Give one made with asynchronous=False.")])
    if client.status != "running":
        raise UnavailableError(
            f"the client of the cluster is {client.status}.", "Give one that is connected."
        )


def _processes(cluster: str) -> int:
    """Return the number of processes of a local cluster."""
    _, _, text = cluster.partition(":")
    if cluster == LOCAL:
        return os.cpu_count() or 1
    if re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) and 1 <= int(text) <= MOST_WORKERS:
        return int(text)
    rule = f"cluster = {cluster[:100]!r}: N must be a whole number from 1 to {MOST_WORKERS}."
    raise InputError([Problem("", 0, rule, _FORMS)])


def _local_cluster(distributed: Any, processes: int) -> Any:
    """Start worker processes of one thread each, which only this machine can reach."""
    return distributed.LocalCluster(
        n_workers=processes,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        # Any free port: the address is shown.
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL + 1,
        preload=[_MODULE_OF_WORKERS],
    )


def scheduler_address(cluster: str) -> str:
    """Return the address of a scheduler from that address, or from the file that states it.

    Raises
    ------
    InputError
        If it is neither.
    """
    if "://" in cluster:
        return cluster
    path = at_home(Path(cluster))
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_MOST_FILE_BYTES))
    except (FileNotFoundError, ValueError) as error:
        reason = "does not exist" if isinstance(error, OSError) else "is not JSON"
        rule = f"cluster = {cluster[:100]!r}: the scheduler file {reason}."
        raise InputError([Problem("", 0, rule, _FORMS)]) from error
    except OSError as error:
        rule = f"cluster = {cluster[:100]!r}: the scheduler file cannot be read: {error.strerror}."
        raise InputError([Problem("", 0, rule, _FORMS)]) from error
    address = found.get("address") if isinstance(found, dict) else None
    if isinstance(address, str):
        return address
    rule = f"{cluster[:100]}: the scheduler file has no text under the key address."
    remedy = "Let the scheduler write it: dask scheduler --scheduler-file FILE."
    raise InputError([Problem("", 0, rule, remedy)])


def _client_at(distributed: Any, address: str) -> Any:
    """Return a client of the scheduler at an address."""
    try:
        return distributed.Client(address)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise UnavailableError(
            f"no Dask scheduler answers at {address[:100]}: {reason}.",
            "Check the address, and that the scheduler runs and can be reached from here "
            "(dask scheduler).",
        ) from error
