"""Programs of barriers; BarriersPrograms has the same."""

import asyncio

from events import attempt, state
from programs.common import step
from trace_programs import since, sweep


@sweep
async def phasesBetweenBarriers(log):
    async def worker(name, delay):
        for phase in range(2):
            await step(log, f"{name}{phase}", delay)
            log.at(f"{name}{phase} arrives as {await barrier.wait()}")

    barrier = asyncio.Barrier(3)
    others = [asyncio.create_task(worker("a", 0)), asyncio.create_task(worker("b", 0.5))]
    try:
        await worker("c", 0.25)
    finally:
        log.at([barrier.n_waiting, barrier.broken])
        await barrier.abort()
        log.add([await attempt(task) for task in others])


async def barrierIsResetAndBroken(log):
    async def arriving(name):
        try:
            log.turn(f"{name} is {await barrier.wait()}")
        except asyncio.BrokenBarrierError as failure:
            log.turn([name, failure])

    barrier = asyncio.Barrier(2)
    tasks = [asyncio.create_task(arriving("a"))]
    await asyncio.sleep(0)
    log.turn(barrier.n_waiting)
    await barrier.reset()
    tasks.append(asyncio.create_task(arriving("b")))
    await asyncio.sleep(0)
    log.turn([barrier.n_waiting, barrier.broken])
    tasks[1].cancel()
    await asyncio.sleep(0)
    log.turn([barrier.n_waiting, barrier.broken])
    tasks.append(asyncio.create_task(arriving("c")))
    tasks.append(asyncio.create_task(arriving("d")))
    tasks.append(asyncio.create_task(arriving("e")))
    await asyncio.wait(tasks[:4])
    log.turn([barrier.n_waiting, barrier.parties])
    await barrier.abort()
    tasks.append(asyncio.create_task(arriving("f")))
    await asyncio.wait(tasks)
    log.turn([barrier.n_waiting, barrier.broken])
    await barrier.reset()
    log.turn([barrier.broken, state(tasks[1])])


@sweep
async def barrierWithMoreTasksThanParties(log):
    async def arriving(name):
        index = await barrier.wait()
        log.turn(f"{name} is {index}")
        return await barrier.wait()

    barrier = asyncio.Barrier(2)
    tasks = [asyncio.create_task(arriving(name)) for name in "abc"]
    log.turn(f"main is {await barrier.wait()}")
    for task in tasks:
        log.turn(await attempt(asyncio.wait_for(task, 0.5)))
    log.add([barrier.n_waiting, barrier.broken])


@since(3, 13)
async def taskThatLeavesABarrierChangesTheOrder(log):
    async def arriving(name):
        log.turn(f"{name} is {await barrier.wait()}")

    barrier = asyncio.Barrier(4)
    tasks = [asyncio.create_task(arriving(name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    log.turn(barrier.n_waiting)
    tasks += [asyncio.create_task(arriving(name)) for name in "de"]
    await asyncio.wait(tasks)
