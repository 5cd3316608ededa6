"""Requests and callbacks over HTTP, beside pgbench running the same SQL on the same server.

The statements of pgbench are recorded from the use cases, so they are the same today.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.asking import PATH, ask, ask_directly, copies
from benchmarks.calling_back import attempts_for_all, bank_notice, settle, vnpay_ipn
from benchmarks.figures import Figure, compared
from benchmarks.load import Load, prepare, send_all
from benchmarks.pgbench import run_pgbench
from benchmarks.recorded_sql import Script, recorded
from benchmarks.serving import served
from benchmarks.sizes import Sizes
from benchmarks.world import World, open_world
from payment_service.domain.errors import Unavailable

_CREATED, _OK = 201, 200
_WARM_UP = 100
_FIRST = 800_000_001
"""Dossier number of the first of the four requests that are recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """A world with the loop it lives in."""

    runner: asyncio.Runner
    world: World
    sizes: Sizes


def measure(sizes: Sizes) -> list[Figure]:
    """Measure both in one database; no event loop may be running."""
    with _opened(sizes) as bench:
        created = _requests_over_http(bench)
        settled = _callbacks_over_http(bench)
        create_script, ipn_script, notice_script = bench.runner.run(_scripts(bench.world))
        created_by_pgbench = _pgbench(bench, [create_script], sizes.requests)
        bench.runner.run(attempts_for_all(bench.world))
        settled_by_pgbench = _pgbench(bench, [ipn_script, notice_script], sizes.callbacks)
    connections = f"{sizes.connections} connections"
    against = f"pgbench, the same SQL, {connections}"
    return [
        compared(
            "requests created over HTTP", sizes.requests, created.per_second, "requests/s",
            against=against, other=created_by_pgbench,
        ),
        compared(
            "callbacks settled over HTTP", sizes.callbacks, settled.per_second, "callbacks/s",
            against=against, other=settled_by_pgbench,
        ),
        *_latencies("requests created over HTTP", sizes.requests, created),
        *_latencies("callbacks settled over HTTP", sizes.callbacks, settled),
    ]  # fmt: skip


@contextmanager
def _opened(sizes: Sizes) -> Iterator[_Bench]:
    with asyncio.Runner() as runner:
        opening = open_world()
        world = runner.run(opening.__aenter__())
        try:
            yield _Bench(runner=runner, world=world, sizes=sizes)
        finally:
            runner.run(opening.__aexit__(None, None, None))


def _latencies(name: str, size: int, load: Load) -> list[Figure]:
    return [
        Figure(name=f"… {which} answer of {name}", size=size, value=round(seconds * 1000, 1),
               unit="ms")
        for which, seconds in (("median", load.median_seconds), ("slowest", load.slowest_seconds))
    ]  # fmt: skip


def _pgbench(bench: _Bench, scripts: list[str], transactions: int) -> float:
    return run_pgbench(
        bench.world, scripts, connections=bench.sizes.connections, transactions=transactions
    )


def _requests_over_http(bench: _Bench) -> Load:
    headers = [("authorization", f"Bearer {bench.world.client_key}")]
    headers.append(("content-type", "application/json"))
    asks = [ask(number) for number in range(bench.sizes.requests + _WARM_UP)]
    prepared = [
        prepare("POST", PATH, host="127.0.0.1", body=each.body,
                headers=[*headers, ("idempotency-key", each.key)])
        for each in asks
    ]  # fmt: skip
    return _send(bench, prepared, expected=_CREATED)


def _callbacks_over_http(bench: _Bench) -> Load:
    world, count = bench.world, bench.sizes.callbacks + _WARM_UP
    references = bench.runner.run(copies(world, count))
    bench.runner.run(attempts_for_all(world))
    callbacks = [
        (vnpay_ipn if number % 2 else bank_notice)(world, reference, number)
        for number, reference in enumerate(references, start=1)
    ]
    load = _send(bench, [each.as_bytes() for each in callbacks], expected=_OK)
    bench.runner.run(_require_settled(world, count))
    return load


def _send(bench: _Bench, prepared: list[bytes], *, expected: int) -> Load:
    connections = bench.sizes.connections
    with served(bench.world, workers=bench.sizes.server_workers) as address:
        for part in (prepared[:_WARM_UP], prepared[_WARM_UP:]):
            load = bench.runner.run(send_all(address, part, connections=connections))
            if set(load.statuses) != {expected}:
                raise Unavailable(f"answers were {dict(load.statuses)}")
    return load


async def _require_settled(world: World, count: int) -> None:
    from benchmarks.floor import connect  # noqa: PLC0415 - beside its one use

    connection = await connect(world)
    try:
        found = await connection.fetchval("SELECT count(*) FROM money WHERE applied_minor > 0")
    finally:
        await connection.close()
    if found != count:
        raise Unavailable(f"{found} of {count} callbacks were settled")


async def _scripts(world: World) -> tuple[str, str, str]:
    """Record requests and their callbacks twice each, and write them as scripts of pgbench."""
    await ask_directly(world, _FIRST - 1)
    scripts = []
    for number, make in ((_FIRST, vnpay_ipn), (_FIRST + 2, bank_notice)):
        asking, calling = [], []
        for each in (number, number + 1):
            with recorded(world.context.database) as recording:
                reference = str((await ask_directly(world, each))["reference"])
            asking.append(recording)
            await attempts_for_all(world)
            callback = make(world, reference, each)
            with recorded(world.context.database) as recording:
                await settle(world, callback)
            calling.append(recording)
        asked = Script(asking[0], asking[1], known={})
        scripts += [asked.text(), Script(calling[0], calling[1], known=asked.expressions).text()]
    return scripts[0], scripts[1], scripts[3]
