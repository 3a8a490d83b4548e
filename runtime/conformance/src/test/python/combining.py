"""What GatherIT, WaitIT, WaitForIT and ShieldIT expect."""

import asyncio

from cancellation import body, started, swallowing
from events import attempt, call_soon, create_future, outcome, state


async def after(delay, outcome):
    await asyncio.sleep(delay)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def task_after(delay, outcome):
    return asyncio.create_task(after(delay, outcome))


# gather


async def gatherGivesResultsInArgumentOrder(log):
    log.at(await asyncio.gather(after(3, "a"), after(1, "b"), after(2, "c")))


async def gatherStartsInArgumentOrder(log):
    def begun(name):
        async def child():
            log.add(name)
        return child()

    log.add("before")
    future = asyncio.gather(begun("a"), begun("b"))
    log.add("made")
    await future


async def gatherOfTheSameTwiceRunsItOnce(log):
    task = asyncio.create_task(body(log, asyncio.sleep(1, "a")))
    log.at(await asyncio.gather(task, task))


async def gatherFailsWithTheFirstFailureAndTheOthersRunOn(log):
    slow = asyncio.create_task(body(log, asyncio.sleep(3, "slow")))
    log.add(await attempt(asyncio.gather(slow, after(2, ValueError("second")), after(1, ValueError("first")))))
    log.at(state(slow))
    log.add(await slow)


async def childCancelledFailsTheGather(log):
    task = task_after(5, "a")
    outer = asyncio.gather(task, after(1, "b"))
    await asyncio.sleep(0)
    task.cancel("M")
    log.add(await attempt(outer))
    log.add(state(outer))
    log.add(outer.exception())


async def cancelledGatherCancelsAllChildren(log):
    first = asyncio.create_task(body(log, create_future()))
    second = asyncio.create_task(body(log, create_future()))
    outer = asyncio.gather(first, second)
    await asyncio.sleep(0)
    log.add(outer.cancel("M"))
    log.add([state(outer), state(first)])
    log.add(await attempt(outer))
    log.add([state(outer), state(first), state(second)])


async def cancelledGatherEndsCancelledThoughChildrenSwallow(log):
    child = asyncio.create_task(swallowing(log, create_future()))
    outer = asyncio.gather(child, return_exceptions=True)
    await asyncio.sleep(0)
    outer.cancel()
    log.add(await attempt(outer))
    log.add([state(outer), outcome(child)])


async def awaitingTaskCancelsTheGather(log):
    async def gathering():
        return await asyncio.gather(body(log, create_future()), body(log, create_future()))

    task = await started(gathering())
    await asyncio.sleep(0)
    task.cancel("M")
    log.add(await attempt(task))
    log.add(state(task))


async def doneGatherIsNotCancelled(log):
    slow = task_after(2, "slow")
    outer = asyncio.gather(slow, after(1, ValueError("E")))
    log.add(await attempt(outer))
    log.add(outer.cancel())
    log.add(await slow)


async def settledGatherKeepsEveryOutcome(log):
    cancelled = task_after(5, "c")
    future = asyncio.gather(after(1, "a"), after(2, ValueError("E")), cancelled, return_exceptions=True)
    await asyncio.sleep(0)
    cancelled.cancel()
    log.at([x if isinstance(x, BaseException) else x for x in await future])


async def cancelledGatherTakesTheMessageOfItsLastChild(log):
    async def changing_its_mind():
        task.cancel("M")
        asyncio.current_task().uncancel()

    async def gathering():
        await asyncio.gather(asyncio.sleep(1), changing_its_mind())

    task = asyncio.create_task(gathering())
    log.add(await attempt(task))


# wait


def show(log, named, result):
    done, pending = result
    log.at("done " + "".join(n for n in named if named[n] in done)
           + " pending " + "".join(n for n in named if named[n] in pending))


async def waitForAll(log):
    tasks = {"a": task_after(2, 1), "b": task_after(1, ValueError("E")), "c": task_after(3, 2)}
    show(log, tasks, await asyncio.wait(tasks.values()))
    log.add([outcome(task) for task in tasks.values()])


async def waitForTheFirst(log):
    tasks = {"a": task_after(2, 1), "b": task_after(1, 2), "c": task_after(1, 3), "d": task_after(3, 4)}
    show(log, tasks, await asyncio.wait(tasks.values(), return_when="FIRST_COMPLETED"))


async def waitForTheFirstFailure(log):
    tasks = {"a": task_after(1, 1), "b": task_after(2, ValueError("E")), "c": task_after(3, 2)}
    show(log, tasks, await asyncio.wait(tasks.values(), return_when="FIRST_EXCEPTION"))
    log.add(outcome(tasks["b"]))


async def cancelledTaskIsNoFailureForWait(log):
    tasks = {"a": task_after(4, 1), "b": task_after(2, 2)}
    await asyncio.sleep(0)
    tasks["a"].cancel()
    show(log, tasks, await asyncio.wait(tasks.values(), return_when="FIRST_EXCEPTION"))


async def waitWithoutFailureWaitsForAll(log):
    tasks = {"a": task_after(4, 1), "b": task_after(2, 2)}
    show(log, tasks, await asyncio.wait(tasks.values(), return_when="FIRST_EXCEPTION"))


async def waitGivesUpWithoutCancelling(log):
    tasks = {"a": task_after(1, 1), "b": task_after(4, 2)}
    show(log, tasks, await asyncio.wait(tasks.values(), timeout=2))
    log.at(await tasks["b"])


async def cancelledWaitLeavesTheTasksAlone(log):
    async def waiting():
        await asyncio.wait([child])

    child = asyncio.create_task(body(log, asyncio.sleep(2, 1)))
    task = await started(waiting())
    task.cancel("M")
    log.add(await attempt(task))
    log.add(state(child))
    log.at(await child)


async def waitForNothingIsRefused(log):
    try:
        await asyncio.wait([])
    except ValueError as e:
        log.add(e)


# wait_for


async def inTime(log):
    log.at(await asyncio.wait_for(body(log, asyncio.sleep(1, "a")), 2))


async def tooLate(log):
    log.at(await attempt(asyncio.wait_for(body(log, asyncio.sleep(3, "a")), 2)))


async def failureInTime(log):
    log.at(await attempt(asyncio.wait_for(after(1, ValueError("E")), 2)))


async def limitedCoroutineRunsInTheSameTask(log):
    async def task():
        return asyncio.current_task()

    log.add(await asyncio.wait_for(task(), 1) is asyncio.current_task())


async def expiredTaskIsCancelled(log):
    task = asyncio.create_task(body(log, create_future()))
    log.at(await attempt(asyncio.wait_for(task, 2)))
    log.add(state(task))


async def innerThatSwallowsTheExpiryGivesItsResult(log):
    log.at(await attempt(asyncio.wait_for(swallowing(log, create_future()), 2)))


async def innerThatFailsAtTheExpiryFails(log):
    async def failing():
        try:
            await create_future()
        finally:
            raise ValueError("E")

    log.at(await attempt(asyncio.wait_for(failing(), 2)))


async def innerMayCleanUpAfterTheExpiry(log):
    async def cleaning():
        try:
            await create_future()
        finally:
            await asyncio.sleep(2)
            log.at("cleaned")

    log.at(await attempt(asyncio.wait_for(cleaning(), 1)))


async def outerCancelIsNoTimeout(log):
    async def limited():
        await asyncio.wait_for(body(log, create_future()), 5)

    task = await started(limited())
    task.cancel("M")
    log.add(await attempt(task))
    log.at(state(task))


async def outerCancelAfterTheExpiryWins(log):
    async def limited():
        async def cleaning():
            try:
                await create_future()
            finally:
                await asyncio.sleep(5)
        await asyncio.wait_for(cleaning(), 1)

    task = await started(limited())
    await asyncio.sleep(2)
    task.cancel("M")
    log.add(await attempt(task))
    log.at(state(task))


async def resultAndExpiryAtTheSameTime(log):
    log.at(await attempt(asyncio.wait_for(after(2, "a"), 2)))
    log.at(await attempt(asyncio.wait_for(task_after(2, "b"), 2)))
    future = create_future()
    asyncio.get_running_loop().call_later(2, future.set_result, "c")
    log.at(await attempt(asyncio.wait_for(future, 2)))


async def limitedCoroutineNeverBeginsWithoutTime(log):
    log.add(await attempt(asyncio.wait_for(body(log, create_future()), 0)))
    log.at(await attempt(asyncio.wait_for(body(log, create_future()), -1)))


async def doneTaskNeedsNoTime(log):
    task = task_after(0, "a")
    await task
    log.add(await asyncio.wait_for(task, 0))
    failed = task_after(0, ValueError("E"))
    await attempt(failed)
    log.add(await attempt(asyncio.wait_for(failed, 0)))


async def taskThatSwallowsWithoutTimeGivesItsResult(log):
    task = await started(swallowing(log, create_future()))
    log.add(await attempt(asyncio.wait_for(task, 0)))


async def nestedLimits(log):
    log.at(await attempt(asyncio.wait_for(asyncio.wait_for(body(log, create_future()), 3), 1)))
    log.at(await attempt(asyncio.wait_for(asyncio.wait_for(body(log, create_future()), 1), 3)))


async def limitInATaskThatWasCancelledBefore(log):
    async def stubborn():
        await swallowing(log, create_future())
        return await attempt(asyncio.wait_for(create_future(), 1))

    task = await started(stubborn())
    task.cancel("M")
    log.at(await attempt(task))
    log.add(state(task))


async def limitLeavesNoCancelRequest(log):
    await attempt(asyncio.wait_for(create_future(), 1))
    log.add(state(asyncio.current_task()).split()[1])
    log.at(await asyncio.sleep(1, "goes on"))


# shield


async def cancelledShieldLeavesTheInnerAlone(log):
    inner = await started(body(log, asyncio.sleep(2, "a")))
    outer = asyncio.shield(inner)
    log.add(outer.cancel("M"))
    log.add([state(inner), outcome(outer)])
    log.at(await inner)


async def awaitingTaskIsCancelledBehindAShield(log):
    async def shielding():
        return await asyncio.shield(inner)

    inner = await started(body(log, asyncio.sleep(2, "a")))
    task = await started(shielding())
    task.cancel("M")
    log.at(await attempt(task))
    log.at(await inner)


async def shieldPassesTheOutcomeOn(log):
    log.at(await attempt(asyncio.shield(after(1, "a"))))
    log.at(await attempt(asyncio.shield(after(1, ValueError("E")))))


async def cancelledInnerCancelsTheShield(log):
    inner = await started(body(log, create_future()))
    outer = asyncio.shield(inner)
    inner.cancel("M")
    log.add(await attempt(outer))
    log.add([state(inner), state(outer)])


async def shieldOfADoneFutureIsThatFuture(log):
    future = create_future()
    future.set_result(1)
    log.add(asyncio.shield(future) is future)


async def shieldedCoroutineRunsOnAfterATimeout(log):
    inner = asyncio.create_task(body(log, asyncio.sleep(3, "a")))
    log.at(await attempt(asyncio.wait_for(asyncio.shield(inner), 1)))
    log.at(await inner)
