"""What FuturesIT, RunningIT and TracesIT expect."""

import asyncio
from collections import deque

from events import attempt, call_soon, create_future, outcome, state

# Futures


async def callbacksRunInOrderAmongOtherCallbacks(log):
    future = create_future()
    future.add_done_callback(lambda f: log.add("first " + outcome(f)))
    future.add_done_callback(lambda f: log.add("second"))
    call_soon(log.add, "before")
    future.set_result(1)
    call_soon(log.add, "after")
    log.add("set")
    await asyncio.sleep(0)
    log.add("resumed")


async def callbackOfADoneFutureRunsInTheNextTurn(log):
    future = create_future()
    future.set_result(1)
    call_soon(log.add, "before")
    future.add_done_callback(lambda f: log.add("callback"))
    log.add("added")
    await asyncio.sleep(0)


async def awaitingTaskIsOneAmongTheCallbacks(log):
    async def awaiting():
        log.add(await future)

    future = create_future()
    future.add_done_callback(lambda f: log.add("first"))
    task = asyncio.create_task(awaiting())
    await asyncio.sleep(0)
    future.add_done_callback(lambda f: log.add("last"))
    future.set_result("resumed")
    await task


async def callbackAddedTwiceRunsTwiceAndIsRemovedTwice(log):
    def callback(f):
        log.add("called")

    future = create_future()
    future.add_done_callback(callback)
    future.add_done_callback(callback)
    future.add_done_callback(lambda f: log.add("other"))
    log.add([future.remove_done_callback(callback), future.remove_done_callback(callback)])
    future.add_done_callback(callback)
    future.add_done_callback(callback)
    future.set_result(1)
    log.add(future.remove_done_callback(callback))
    await asyncio.sleep(0)


async def failingCallbackIsReportedAndTheOthersRun(log):
    def failing(f):
        raise ValueError("E")

    future = create_future()
    future.add_done_callback(failing)
    future.add_done_callback(lambda f: log.add("other"))
    future.cancel()
    await asyncio.sleep(0)
    log.add("goes on")


async def callbacksOfATaskRunWhenItIsDone(log):
    async def child():
        log.add("runs")
        return 7

    task = asyncio.create_task(child())
    task.add_done_callback(lambda t: log.add("callback " + state(t) + " " + outcome(t)))
    log.add(await task)


async def taskSetByAnotherTaskResumesInItsOrder(log):
    async def awaiting(name, future):
        log.add(name + " " + await future)

    future = create_future()
    tasks = [asyncio.create_task(awaiting(name, future)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    future.set_result("resumed")
    call_soon(log.add, "soon")
    await asyncio.wait(tasks)


# Traces


async def fiveTasks(log):
    async def work(i):
        log.at(f"{i} starts")
        await asyncio.sleep(i % 3 + 1)
        log.at(f"{i} ends")
        return i

    tasks = [asyncio.ensure_future(work(i)) for i in range(5)]
    await asyncio.wait(tasks)
    log.add([task.result() for task in tasks])


async def gatherOfFour(log):
    async def work(i):
        log.at(f"{i} starts")
        await asyncio.sleep(4 - i)
        log.at(f"{i} ends")
        return i * i

    log.at(await asyncio.gather(work(0), work(1), work(2), work(3)))


async def fourTasksAndWait(log):
    async def work(i):
        await asyncio.sleep(i)
        return i

    tasks = [asyncio.create_task(work(i)) for i in range(1, 5)]
    done, pending = await asyncio.wait(tasks, timeout=2.5)
    log.at(sorted(task.result() for task in done))
    log.at(len(pending))


async def aThousandTasks(log):
    async def work(i):
        await asyncio.sleep(i % 10 + 1)
        return i

    tasks = [asyncio.create_task(work(i)) for i in range(1000)]
    await asyncio.wait(tasks)
    log.at(sum(task.result() for task in tasks))


async def producersAndConsumers(log):
    items, waiting = deque(), deque()

    async def producer(name, count):
        for i in range(count):
            await asyncio.sleep(2)
            items.append(name + str(i))
            log.at("put " + name + str(i))
            while waiting:
                future = waiting.popleft()
                if not future.done():
                    future.set_result(None)
                    break

    async def consumer(name):
        while True:
            while not items:
                waiting.append(create_future())
                await waiting[-1]
            item = items.popleft()
            log.at(name + " got " + item)
            await asyncio.sleep(3)

    consumers = [asyncio.create_task(consumer(name)) for name in ("x", "y")]
    await asyncio.gather(producer("a", 3), producer("b", 2))
    await asyncio.sleep(4)
    for task in consumers:
        log.at(task.cancel("over"))
    log.add([await attempt(task) for task in consumers])


async def pingPong(log):
    balls = {"ping": create_future(), "pong": create_future()}

    async def player(name, other, rounds):
        for _ in range(rounds):
            ball = await balls[name]
            balls[name] = create_future()
            log.add(name + str(ball))
            if ball < 5:
                balls[other].set_result(ball + 1)
        log.add(name + " ends")

    players = asyncio.gather(player("ping", "pong", 3), player("pong", "ping", 3))
    balls["ping"].set_result(0)
    await players


async def treeOfTasks(log):
    async def node(name, height):
        log.at(name)
        if height == 0:
            await asyncio.sleep(len(name) + name.count("b"))
            return 1
        left = asyncio.create_task(node(name + "a", height - 1))
        await asyncio.sleep(0)
        right = asyncio.create_task(node(name + "b", height - 1))
        total = await left + await right
        log.at(f"{name} {total}")
        return total

    log.at(await node("r", 3))


# Running


async def tasksOfTheLoop(log):
    async def child():
        log.add(asyncio.current_task().get_name())
        await asyncio.sleep(1)

    tasks = [asyncio.create_task(child(), name="a"), asyncio.create_task(child(), name="b")]
    log.add(len(asyncio.all_tasks()))
    await tasks[0]
    await tasks[1]
    log.add(asyncio.all_tasks() == {asyncio.current_task()})


async def noTaskInACallback(log):
    call_soon(lambda: log.add(asyncio.current_task()))
    await asyncio.sleep(0)
    log.add(asyncio.current_task() is not None)


async def awaitedCoroutineRunsInTheSameTask(log):
    async def task():
        await asyncio.sleep(1)
        return asyncio.current_task()

    log.add(await task() is asyncio.current_task())
    log.add(await asyncio.create_task(task()) is asyncio.current_task())


async def ensureFutureKeepsFutures(log):
    async def child():
        return 1

    future = create_future()
    log.add(asyncio.ensure_future(future) is future)
    task = asyncio.create_task(child())
    log.add(asyncio.ensure_future(task) is task)
    log.add(await asyncio.ensure_future(child()))


async def sleepGivesItsResult(log):
    log.at(await asyncio.sleep(1.5, "a"))
    log.at(await asyncio.sleep(0, "b"))
    log.at(await asyncio.sleep(-3))


async def tasksBeginInTheOrderInWhichTheyWereMade(log):
    async def child(name):
        log.add(name)

    call_soon(log.add, "soon")
    tasks = [asyncio.create_task(child(name)) for name in ("a", "b")]
    call_soon(log.add, "later")
    log.add("made")
    await asyncio.wait(tasks)
