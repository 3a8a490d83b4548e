"""How many turns of the loop awaits take; TurnsIT has the same rows."""

import asyncio

from events import call_soon, create_future

ticks = 0


def tick():
    global ticks
    ticks += 1
    call_soon(tick)


async def turns(body):
    begin = ticks
    try:
        await body()
    except BaseException:
        pass
    return ticks - begin


async def noop():
    return 1


async def failing():
    raise ValueError("failing")


async def pause():
    await asyncio.sleep(0)


async def nested(depth):
    return await nested(depth - 1) if depth else await asyncio.sleep(0)


async def awaiting(awaitable):
    return await awaitable


def done_future():
    future = create_future()
    future.set_result(1)
    return future


def future_set_by_callback():
    future = create_future()
    call_soon(future.set_result, 1)
    return future


async def two_sleeps():
    await asyncio.sleep(0)
    await asyncio.sleep(-1)


async def group(*coroutines):
    async with asyncio.TaskGroup() as tasks:
        for coroutine in coroutines:
            tasks.create_task(coroutine)


async def limited(seconds, awaitable):
    async with asyncio.timeout(seconds):
        await awaitable


async def in_order(*awaitables):
    for coroutine in asyncio.as_completed(awaitables):
        await coroutine


async def done_task_again():
    task = asyncio.create_task(noop())
    await task
    begin = ticks
    await task
    assert ticks == begin


async def cancel_sleeping():
    global ticks
    task = asyncio.create_task(asyncio.sleep(100))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    ticks = 0
    task.cancel()
    await task


async def cancel_unstarted():
    task = asyncio.create_task(noop())
    task.cancel()
    await task


async def cancel_chain(length):
    global ticks
    task = asyncio.create_task(asyncio.sleep(100))
    for _ in range(length):
        task = asyncio.create_task(awaiting(task))
    for _ in range(length + 2):
        await asyncio.sleep(0)
    ticks = 0
    task.cancel()
    await task


async def turnsAsInCPython(log):
    tick()
    await asyncio.sleep(0)
    rows = [
        noop, lambda: nested(5), lambda: awaiting(done_future()), pause, two_sleeps,
        lambda: awaiting(future_set_by_callback()),
        lambda: asyncio.create_task(noop()), lambda: asyncio.create_task(failing()),
        lambda: asyncio.create_task(pause()), lambda: asyncio.create_task(nested(5)),
        lambda: asyncio.create_task(awaiting(asyncio.create_task(noop()))),
        asyncio.gather, lambda: asyncio.gather(done_future(), done_future()),
        lambda: asyncio.gather(noop(), noop()), lambda: asyncio.gather(noop(), failing()),
        lambda: asyncio.gather(noop(), failing(), return_exceptions=True),
        lambda: asyncio.gather(done_future(), noop()), lambda: asyncio.gather(asyncio.gather(noop())),
        lambda: asyncio.wait([asyncio.create_task(noop())]), lambda: asyncio.wait([done_future()]),
        lambda: asyncio.wait([asyncio.create_task(noop()), create_future()], return_when="FIRST_COMPLETED"),
        lambda: asyncio.wait([create_future()], timeout=0),
        lambda: asyncio.wait_for(noop(), 10), lambda: asyncio.wait_for(pause(), 10),
        lambda: asyncio.wait_for(asyncio.create_task(noop()), 10), lambda: asyncio.wait_for(done_future(), 10),
        lambda: asyncio.wait_for(noop(), 0), lambda: asyncio.wait_for(done_future(), 0),
        lambda: asyncio.wait_for(create_future(), 0), lambda: asyncio.wait_for(noop(), None),
        lambda: asyncio.shield(noop()), lambda: asyncio.shield(done_future()), lambda: asyncio.shield(failing()),
        group, lambda: group(noop()), lambda: group(noop(), noop(), noop()), lambda: group(noop(), failing()),
        lambda: group(pause()), lambda: group(group(noop())),
        lambda: limited(10, noop()), lambda: limited(10, pause()), lambda: limited(0, asyncio.sleep(10)),
        lambda: limited(0, pause()), lambda: limited(0, noop()), lambda: limited(-1, create_future()),
        lambda: limited(None, pause()),
        in_order, lambda: in_order(noop()), lambda: in_order(noop(), failing()), lambda: in_order(done_future()),
        lambda: in_order(noop(), pause()),
    ]

    for row in rows:
        async def body():
            await row()
        log.add(await turns(body))
    log.add("|")
    log.add(await turns(done_task_again))
    log.add(await turns(cancel_unstarted))
    for body in (cancel_sleeping, lambda: cancel_chain(1), lambda: cancel_chain(10)):
        await turns(body)
        log.add(ticks)
