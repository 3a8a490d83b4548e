"""Programs of queues in other orders, and of what queues refuse; ShutdownsPrograms has the same."""

import asyncio

from events import attempt, call, shown, state
from trace_programs import since, sweep


def taken(queue):
    try:
        return queue.get_nowait()
    except Exception as failure:
        return shown(failure)


def put(queue, item):
    try:
        queue.put_nowait(item)
        return "put"
    except Exception as failure:
        return shown(failure)


async def orderOfPriorityAndStack(log):
    priority, stack = asyncio.PriorityQueue(), asyncio.LifoQueue(3)
    for number in (5, 1, 4, 1, 3):
        priority.put_nowait(number)
    for number in (1, 2, 3):
        stack.put_nowait(number)
    log.add([priority.qsize(), priority.full(), stack.full()])
    adding = asyncio.create_task(stack.put(4))
    await asyncio.sleep(0)
    log.add([await priority.get(), await stack.get(), await priority.get(), await stack.get()])
    priority.put_nowait(0)
    log.add([await priority.get(), await stack.get(), await priority.get()])
    await adding
    log.add([await stack.get(), stack.empty(), priority.qsize()])


async def queuesRefuse(log):
    queue = asyncio.Queue(1)
    log.add([taken(queue), call(queue.task_done)])
    log.add([put(queue, "a"), put(queue, "b"), queue.full(), queue.maxsize])
    queue.task_done()
    log.add([call(queue.task_done), queue.qsize()])
    await queue.join()
    unbounded = asyncio.Queue(-1)
    unbounded.put_nowait("a")
    log.add([unbounded.full(), unbounded.qsize(), unbounded.empty()])


@since(3, 13)
@sweep
async def queueIsShutDownAndDrained(log):
    async def consume(name):
        try:
            while True:
                log.turn(f"{name} got {await queue.get()}")
                queue.task_done()
                await asyncio.sleep(0.5)
        except asyncio.QueueShutDown as failure:
            log.turn([name, failure])

    queue = asyncio.Queue(2)
    consumers = [asyncio.create_task(consume(name)) for name in "xy"]
    try:
        for item in "abcdef":
            await queue.put(item)
    finally:
        queue.shutdown()
        log.at(await attempt(queue.put("late")))
        await queue.join()
        log.at([await attempt(task) for task in consumers])


@since(3, 13)
async def queueIsShutDownAtOnce(log):
    queue = asyncio.Queue(1)
    queue.put_nowait("a")
    putting = [asyncio.create_task(queue.put(item)) for item in "bc"]
    joining = asyncio.create_task(queue.join())
    await asyncio.sleep(0)
    queue.shutdown(immediate=True)
    queue.shutdown()
    log.turn([queue.qsize(), queue.empty(), state(joining)])
    log.turn([await attempt(task) for task in putting])
    log.turn(await attempt(joining))
    log.add([taken(queue), put(queue, "d")])
    empty = asyncio.Queue()
    getting = [asyncio.create_task(empty.get()) for _ in range(2)]
    await asyncio.sleep(0)
    empty.shutdown()
    log.turn([await attempt(task) for task in getting])
