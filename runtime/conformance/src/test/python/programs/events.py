"""Programs of events; EventsPrograms has the same."""

import asyncio

from events import attempt, state
from programs.common import cleaning, step
from trace_programs import sweep


async def eventIsSetBefore(log):
    event = asyncio.Event()
    event.set()
    log.turn(await event.wait())
    event.clear()
    log.turn(event.is_set())


@sweep
async def gateIsOpened(log):
    async def passing(name):
        await gate.wait()
        return await step(log, name, 0.5)

    gate = asyncio.Event()
    asyncio.get_running_loop().call_later(0.5, gate.set)
    log.at(await asyncio.gather(passing("a"), passing("b")))
    log.at(await passing("c"))


async def eventClearedBeforeItsWaitersRun(log):
    async def waiting(name):
        await event.wait()
        log.turn(f"{name} {event.is_set()}")

    event = asyncio.Event()
    tasks = [asyncio.create_task(waiting(name)) for name in "abc"]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    tasks[1].cancel("too late")
    late = asyncio.create_task(waiting("late"))
    log.add([await attempt(task) for task in tasks])
    log.add(state(late))
    event.set()
    await late


@sweep(again=2)
async def serverShutsDownGracefully(log):
    async def connection(number):
        await cleaning(log, f"connection {number}", 1, 0.5)

    async def serve():
        connections = set()
        number = 0
        while not stopping.is_set():
            connections.add(asyncio.create_task(connection(number)))
            number += 1
            try:
                await asyncio.wait_for(stopping.wait(), 0.5)
            except TimeoutError:
                log.at("next")
        log.at(f"stops with {len(connections)}")
        done, pending = await asyncio.wait(connections, timeout=0.5)
        log.at([len(done), len(pending)])

    stopping = asyncio.Event()
    server = asyncio.create_task(serve())
    try:
        await asyncio.sleep(1)
    finally:
        stopping.set()
        log.at("told to stop")
        await server
