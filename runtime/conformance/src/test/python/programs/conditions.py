"""Programs of conditions; ConditionsPrograms has the same."""

import asyncio
from collections import deque

from events import attempt, call, message, outcome, state
from programs.common import step
from trace_programs import since, sweep


@sweep
async def publisherAndSubscribers(log):
    async def subscriber(name, count):
        seen = 0
        async with changed:
            while seen < count:
                await changed.wait_for(lambda: len(messages) > seen)
                log.at(f"{name} reads {messages[seen]}")
                seen += 1

    messages = []
    changed = asyncio.Condition()
    subscribers = [asyncio.create_task(subscriber("x", 3)), asyncio.create_task(subscriber("y", 2))]
    try:
        for text in ("a", "b", "c"):
            async with changed:
                messages.append(text)
                changed.notify_all()
            await asyncio.sleep(0.5 if text == "a" else 0)
        for task in subscribers:
            await task
    finally:
        for task in subscribers:
            task.cancel("over")
        log.at([await attempt(task) for task in subscribers])


@sweep
async def bufferOfTwoWithACondition(log):
    async def put(item):
        async with changed:
            while len(buffer) == 2:
                await changed.wait()
            buffer.append(item)
            log.turn("put " + item)
            changed.notify_all()

    async def get():
        async with changed:
            await changed.wait_for(lambda: buffer)
            item = buffer.popleft()
            log.turn("got " + item)
            changed.notify_all()
            return item

    async def produce():
        for item in "abcd":
            await put(item)

    buffer = deque()
    changed = asyncio.Condition()
    producer = asyncio.create_task(produce())
    try:
        log.add("".join([await get() for _ in range(4)]))
    finally:
        log.turn([len(buffer), producer.cancel(), changed.locked()])
        log.add(await attempt(producer))


@since(3, 13)
async def notifiedWaiterThatIsCancelledNotifiesAnother(log):
    async def waiting(name):
        async with condition:
            try:
                await condition.wait()
                log.turn(name + " notified")
            finally:
                log.turn([name, condition.locked()])

    condition = asyncio.Condition()
    tasks = [asyncio.create_task(waiting(name)) for name in "abcd"]
    await asyncio.sleep(0)
    async with condition:
        condition.notify(2)
    tasks[0].cancel("first")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    log.turn([state(task) for task in tasks])
    async with condition:
        condition.notify_all()
    log.add([await attempt(task) for task in tasks])


@since(3, 13)
@sweep(again=2)
async def waiterTakesTheLockBackWhenItIsCancelled(log):
    async def holding():
        async with condition:
            log.turn("other has the lock")
            condition.notify()
            await asyncio.sleep(0.5)
        log.turn("other leaves")

    condition = asyncio.Condition()
    other = asyncio.create_task(holding())
    async with condition:
        try:
            log.turn(await condition.wait())
        finally:
            log.turn([condition.locked(), state(asyncio.current_task())])
    log.turn(state(other))


@since(3, 13)
@sweep
async def waitingForAConditionWithALimit(log):
    async def limited(limit):
        async with condition:
            try:
                return await asyncio.wait_for(condition.wait_for(lambda: ready), limit)
            except TimeoutError:
                return f"not within {limit}, holds the lock {condition.locked()}"

    async def preparing():
        await asyncio.sleep(0.5)
        async with condition:
            await asyncio.sleep(0.5)
            ready.append("ready")
            condition.notify_all()

    ready = []
    condition = asyncio.Condition()
    waiters = [asyncio.create_task(limited(limit)) for limit in (0.25, 0.75, 2.5)]
    try:
        await preparing()
    finally:
        for task in waiters:
            log.at(await attempt(task))


async def conditionsRefuse(log):
    condition = asyncio.Condition()
    log.add([call(condition.notify), call(condition.notify_all), call(condition.release)])
    try:
        await condition.wait()
    except RuntimeError as failure:
        log.add(message(failure))
    try:
        await condition.wait_for(lambda: False)
    except RuntimeError as failure:
        log.add(message(failure))
    lock = asyncio.Lock()
    first, second = asyncio.Condition(lock), asyncio.Condition(lock)
    async with first:
        log.add([lock.locked(), second.locked()])
        second.notify()
    await condition.acquire()
    log.add(condition.locked())


@sweep
async def readersAndAWriter(log):
    async def read(name, delay):
        nonlocal readers
        async with changed:
            await changed.wait_for(lambda: readers >= 0)
            readers += 1
        try:
            return await step(log, name, delay)
        finally:
            async with changed:
                readers -= 1
                changed.notify_all()

    async def write(name, delay):
        nonlocal readers
        async with changed:
            await changed.wait_for(lambda: readers == 0)
            readers = -1
        try:
            return await step(log, name, delay)
        finally:
            async with changed:
                readers = 0
                changed.notify_all()

    readers = 0
    changed = asyncio.Condition()
    others = [asyncio.create_task(read("a", 0.5)), asyncio.create_task(read("b", 0.25))]
    await asyncio.sleep(0)
    try:
        log.at(await write("w", 0.5))
    finally:
        log.at(await read("c", 0))
        log.at([await attempt(task) for task in others])
        log.add([readers, changed.locked()])


@sweep
async def latchOfThree(log):
    async def work(name, delay):
        nonlocal left
        try:
            await step(log, name, delay)
        finally:
            async with latch:
                left -= 1
                if left == 0:
                    latch.notify_all()

    left = 3
    latch = asyncio.Condition()
    tasks = [asyncio.create_task(work(name, delay)) for name, delay in (("a", 0.5), ("b", 0), ("c", 0.5))]
    async with latch:
        await latch.wait_for(lambda: left == 0)
        log.turn([outcome(task) if task.done() else state(task) for task in tasks])
