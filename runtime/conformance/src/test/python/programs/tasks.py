"""Programs of tasks that are cancelled; TasksPrograms has the same."""

import asyncio

from events import attempt, call, create_future, outcome, state
from programs.common import cleaning, failing, step, stubborn
from trace_programs import sweep


async def sleepsInTurn(log):
    log.turn(await asyncio.sleep(0, "a"))
    log.at(await asyncio.sleep(1, "b"))


async def failingTwoLiner(log):
    await failing(log, "a", 0)
    log.add("never")


@sweep
async def chainOfTasks(log):
    async def link(number):
        try:
            if number == 0:
                return await step(log, "end", 0.5)
            return await asyncio.create_task(link(number - 1)) + str(number)
        finally:
            log.turn(f"{number} leaves")

    log.add(await link(3))


@sweep(again=1)
async def cleanUpIsCancelledToo(log):
    try:
        await step(log, "a", 0.5)
    finally:
        try:
            await cleaning(log, "b", 0.5, 0)
        finally:
            log.at("over")


@sweep(again=3)
async def firstCancelIsIgnored(log):
    log.add(await stubborn(log, "a", 0.5))
    await asyncio.sleep(0)
    log.add(state(asyncio.current_task()))
    await step(log, "b", 0.5)


@sweep
async def cancellationBecomesAFailure(log):
    try:
        await step(log, "a", 0.5)
    except asyncio.CancelledError as error:
        await asyncio.sleep(0)
        raise ValueError("instead of " + str(error))


@sweep
async def cancellationBecomesAResult(log):
    try:
        return await step(log, "a", 0.5)
    except asyncio.CancelledError as error:
        return "instead of " + str(error)


@sweep
async def backgroundTasksAreStopped(log):
    async def heartbeat():
        while True:
            log.at("beat")
            await asyncio.sleep(0.5)

    async def request(number):
        await cleaning(log, f"request {number}", 0.5, 0.5)

    beating = asyncio.create_task(heartbeat(), name="heartbeat")
    requests = []
    try:
        for number in range(2):
            requests.append(asyncio.create_task(request(number)))
            await asyncio.sleep(0.25)
        await asyncio.gather(*requests)
    finally:
        for task in [beating, *requests]:
            log.add(f"stops {task.cancel('stop')}")
        await asyncio.wait([beating, *requests])
        log.at([state(task) for task in [beating, *requests]])


async def cancelInTheTurnInWhichTheTaskEnds(log):
    async def child(turns):
        for _ in range(turns):
            await asyncio.sleep(0)
        return "ended"

    for turns in range(3):
        for delay in range(4):
            task = asyncio.create_task(child(turns))
            for _ in range(delay):
                await asyncio.sleep(0)
            accepted = task.cancel("late")
            log.add([turns, delay, accepted, await attempt(task), state(task)])


async def messagesOfCancelledTasks(log):
    async def waiting(awaitable):
        await awaitable

    future = create_future()
    inner = asyncio.create_task(waiting(future))
    outer = asyncio.create_task(waiting(inner))
    for _ in range(3):
        await asyncio.sleep(0)
    log.add(outer.cancel("first"))
    log.add(outer.cancel("second"))
    log.add([state(future), state(inner), state(outer)])
    log.add(await attempt(outer))
    log.add([outcome(future), outcome(inner), outcome(outer), call(outer.exception)])


@sweep
async def oneFutureForManyTasks(log):
    async def waiting(name):
        log.turn(name + " " + await asyncio.shield(opened))

    opened = create_future()
    asyncio.get_running_loop().call_later(0.5, opened.set_result, "opened")
    tasks = [asyncio.create_task(waiting(name)) for name in ("a", "b", "c")]
    tasks[1].add_done_callback(lambda task: log.turn("b is " + state(task)))
    try:
        for task in tasks:
            await task
    finally:
        tasks[2].cancel("c")
        log.add([outcome(task) if task.done() else state(task) for task in tasks])


@sweep
async def treeOfTasksIsCancelledFromTheRoot(log):
    async def node(name, height):
        if height == 0:
            return await step(log, name, 0.5 * name.count("b"))
        children = [asyncio.create_task(node(name + letter, height - 1)) for letter in "ab"]
        try:
            return "".join(await asyncio.gather(*children))
        except asyncio.CancelledError:
            log.add(name + " " + " ".join(state(child) for child in children))
            raise

    return await node("", 2)
