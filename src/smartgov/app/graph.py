"""Many independent tasks on the workers of a Dask scheduler: this machine's, or a cluster's.

Every task is a call whose result depends on its argument alone, so results are the same whatever
the number of workers, their order, and whether one was lost on the way.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

if TYPE_CHECKING:
    from distributed import Client

TURNS, MOST_AT_ONCE = 20, 8
"""A worker is given several tasks at once, up to so many, if each still gets 20 turns or more: the
scheduler costs a worker a tenth of its time where a task takes but 60 ms."""


def computed(
    function: Callable,
    arguments: Mapping[str, object],
    *,
    scheduler: str = "",
    workers: int = 2,
    store: Path | None = None,
    label: str = "tasks",
) -> dict[str, object]:
    """Call a function with every argument.

    Parameters
    ----------
    function : callable
        Of one argument; with a `store`, its results are what JSON can hold.
    arguments : mapping of str to object
        By a key that names the task.
    scheduler : str
        Address of a running scheduler, such as ``tcp://10.0.0.1:8786``; its workers need this
        package. Without one, processes on this machine are started.
    workers : int
        Processes on this machine; with a single one the calls are made in this process.
    store : Path, optional
        File that keeps every result as soon as it is there; what it holds is not computed again.
    label : str
        What the progress bar calls the tasks.

    Returns
    -------
    dict
        Results by key, in the order of the arguments.

    Raises
    ------
    ValueError
        If no scheduler answers at the address.
    """
    known = _stored(store) if store else {}
    results = {key: known[key] for key in arguments if key in known}
    waiting = {key: argument for key, argument in arguments.items() if key not in results}
    if waiting:
        with (
            _client(scheduler, min(workers, len(waiting))) as client,
            tqdm(total=len(arguments), initial=len(results), desc=label, disable=None) as bar,
        ):
            for key, result in _as_they_come(client, function, waiting):
                results[key] = result
                if store:
                    _keep(store, key, result)
                bar.update()
    return {key: results[key] for key in arguments}


def _as_they_come(
    client: Client | None, function: Callable, waiting: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    """Keys and results of tasks in the order in which they end."""
    if client is None:
        yield from ((key, function(argument)) for key, argument in waiting.items())
        return
    from distributed import as_completed

    cores = max(sum(client.nthreads().values()), 1)
    size = max(min(len(waiting) // (TURNS * cores), MOST_AT_ONCE), 1)
    names = list(waiting)
    keys = [names[k : k + size] for k in range(0, len(names), size)]
    parts = [[waiting[key] for key in part] for part in keys]
    futures = client.map(partial(_several, function), parts, pure=False, retries=2)
    keys_of = {future.key: part for future, part in zip(futures, keys, strict=True)}
    for future, results in as_completed(futures, loop=client.loop, with_results=True):
        yield from zip(keys_of[future.key], results, strict=True)
        future.release()


def _several(function: Callable, arguments: list) -> list:
    """Results of one turn of a worker."""
    return [function(argument) for argument in arguments]


@contextmanager
def _client(scheduler: str, workers: int) -> Iterator[Client | None]:
    """A client of a scheduler, or of one started here for as long as it is needed."""
    if not scheduler and workers == 1:
        yield None
        return
    from distributed import Client, LocalCluster

    if scheduler:
        try:
            with Client(scheduler, timeout=5, set_as_default=False) as client:
                yield client
        except OSError:
            raise ValueError(
                f"SCHEDULER={scheduler}: no scheduler answers there; accepted is the address of a"
                " running one, such as tcp://10.0.0.1:8786 (started by dask scheduler)."
            ) from None
        return
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=":0",
            host="127.0.0.1",
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _stored(store: Path) -> dict[str, object]:
    """Results kept by earlier calls; a last line that a kill cut short is taken off."""
    if not store.exists():
        return {}
    text = store.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        store.write_text(whole, encoding="utf-8")
    return dict(map(json.loads, whole.splitlines()))


def _keep(store: Path, key: str, result: object) -> None:
    store.parent.mkdir(parents=True, exist_ok=True)
    with store.open("a", encoding="utf-8") as file:
        file.write(json.dumps([key, result]) + "\n")
