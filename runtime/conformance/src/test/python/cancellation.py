"""What CancellationIT expects."""

import asyncio

from events import attempt, create_future, outcome, state


async def body(log, awaitable):
    log.add("begins")
    try:
        return await awaitable
    except asyncio.CancelledError as e:
        log.add(e)
        raise
    finally:
        log.add("finally")


async def swallowing(log, awaitable):
    try:
        await awaitable
    except asyncio.CancelledError as e:
        log.add(e)
    log.add(await asyncio.sleep(0, "goes on"))
    return 7


async def started(coroutine):
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    return task


async def taskCancelledBeforeItBeginsNeverRuns(log):
    task = asyncio.create_task(body(log, create_future()))
    log.add(task.cancel("M"))
    log.add(state(task))
    log.add(await attempt(task))
    log.add(state(task))


async def cancelIsDeliveredAtTheAwaitInTheNextTurn(log):
    task = await started(body(log, create_future()))
    log.add(task.cancel("M"))
    log.add(state(task))
    log.add(await attempt(task))
    log.add(state(task))


async def everyCancelCountsUntilTheTaskIsDone(log):
    task = await started(body(log, create_future()))
    log.add([task.cancel("one"), task.cancel("two"), task.cancelling()])
    await attempt(task)
    log.add([task.cancel("three"), task.cancelling()])


async def futureIsCancelledAtOnce(log):
    future = create_future()
    task = await started(body(log, future))
    task.cancel("M")
    log.add(state(future))
    log.add(state(task))
    log.add(await attempt(task))
    log.add(outcome(future))


async def cancelGoesDownToTheInnermostTask(log):
    inner = await started(body(log, create_future()))
    middle = await started(body(log, inner))
    outer = await started(body(log, middle))
    outer.cancel("M")
    log.add([state(inner), state(middle), state(outer)])
    log.add(await attempt(outer))
    log.add([state(inner), state(middle), state(outer)])


async def resultOfADoneFutureIsLost(log):
    future = create_future()
    task = await started(body(log, future))
    future.set_result(1)
    log.add(task.cancel("M"))
    log.add(await attempt(task))
    log.add(outcome(future))


async def failureOfADoneFutureIsReplaced(log):
    future = create_future()
    task = await started(body(log, future))
    future.set_exception(ValueError("lost"))
    log.add(task.cancel("M"))
    log.add(await attempt(task))


async def readyTaskIsCancelled(log):
    task = await started(body(log, asyncio.sleep(0)))
    log.add(task.cancel("M"))
    log.add(await attempt(task))


async def doneTaskIsNotCancelled(log):
    task = await started(body(log, asyncio.sleep(0, 1)))
    await task
    log.add(task.cancel())
    log.add(state(task))
    log.add(outcome(task))


async def self_cancelling(log, *awaitables):
    asyncio.current_task().cancel("self")
    try:
        for awaitable in awaitables:
            log.add(await awaitable)
    except asyncio.CancelledError as e:
        log.add(e)
        raise
    return 12


async def selfCancelIsDeliveredAtTheNextAwaitThatWaits(log):
    done = create_future()
    done.set_result("done")
    task = asyncio.create_task(self_cancelling(log, done, asyncio.sleep(1)))
    log.add(await attempt(task))
    log.at(state(task))


async def selfCancelIsDeliveredAfterAYield(log):
    task = asyncio.create_task(self_cancelling(log, asyncio.sleep(0)))
    log.add(await attempt(task))


async def selfCancelledTaskThatReturnsEndsCancelled(log):
    task = asyncio.create_task(self_cancelling(log))
    log.add(await attempt(task))
    log.add([outcome(task), outcome(task)])


async def selfCancelledTaskThatFailsEndsFailed(log):
    async def failing():
        asyncio.current_task().cancel("self")
        raise ValueError("E")

    task = asyncio.create_task(failing())
    log.add(await attempt(task))
    log.add(state(task))


async def cancellationMayBeSwallowed(log):
    task = await started(swallowing(log, create_future()))
    task.cancel("M")
    log.add(await attempt(task))
    log.add(state(task))


async def cancellationIsDeliveredOncePerCall(log):
    async def stubborn():
        await swallowing(log, create_future())
        return await swallowing(log, create_future())

    task = await started(stubborn())
    task.cancel("one")
    for _ in range(3):
        await asyncio.sleep(0)
    log.add(state(task))
    task.cancel("two")
    log.add(await attempt(task))
    log.add(state(task))


async def failureDuringCancellationIsTheOutcome(log):
    async def failing():
        try:
            await create_future()
        finally:
            raise ValueError("E")

    task = await started(failing())
    task.cancel("M")
    log.add(await attempt(task))
    log.add(state(task))


async def finallyMayAwaitDuringCancellation(log):
    async def cleaning():
        try:
            await create_future()
        finally:
            await asyncio.sleep(2)
            log.at("cleaned")

    task = await started(cleaning())
    task.cancel("M")
    log.add(await attempt(task))
    log.at(state(task))


async def secondCancelEndsTheCleanup(log):
    async def cleaning():
        try:
            await create_future()
        finally:
            await body(log, asyncio.sleep(2))

    task = await started(cleaning())
    task.cancel("one")
    await asyncio.sleep(1)
    task.cancel("two")
    log.add(await attempt(task))
    log.at(state(task))


async def uncancelTakesOneRequestBack(log):
    task = await started(swallowing(log, create_future()))
    task.cancel()
    task.cancel()
    log.add([task.uncancel(), task.uncancel(), task.uncancel(), task.cancelling()])
    log.add(await attempt(task))


async def uncancelToZeroDropsAnUndeliveredRequest(log):
    async def changing_its_mind():
        asyncio.current_task().cancel("self")
        log.add(asyncio.current_task().uncancel())
        return await asyncio.sleep(0, 12)

    task = asyncio.create_task(changing_its_mind())
    log.add(await attempt(task))
    log.add(state(task))


async def uncancelAboveZeroKeepsTheRequest(log):
    async def changing_its_mind():
        asyncio.current_task().cancel("one")
        asyncio.current_task().cancel("two")
        log.add(asyncio.current_task().uncancel())
        return await asyncio.sleep(0, 12)

    task = asyncio.create_task(changing_its_mind())
    log.add(await attempt(task))
    log.add(state(task))


async def originalErrorComesFirstThenFreshOnes(log):
    task = await started(body(log, create_future()))
    task.cancel("M")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    log.add([await attempt(task), await attempt(task), outcome(task)])


async def messageOfAPlainFutureStays(log):
    future = create_future()
    log.add([future.cancel("M"), future.cancel("N")])
    log.add([outcome(future), outcome(future), await attempt(future)])


async def raisingTheErrorCancelsWithoutACancel(log):
    async def raising():
        raise asyncio.CancelledError("own")

    task = asyncio.create_task(raising())
    log.add(await attempt(task))
    log.add(state(task))


async def errorOfAnAwaitedTaskCancelsTheAwaiting(log):
    inner = await started(body(log, create_future()))
    outer = await started(body(log, inner))
    inner.cancel("M")
    log.add(await attempt(outer))
    log.add([state(inner), state(outer)])


async def errorOfAnAwaitedTaskMayBeCaught(log):
    inner = await started(body(log, create_future()))
    outer = await started(swallowing(log, inner))
    inner.cancel("M")
    log.add(await attempt(outer))
    log.add(state(outer))


async def innerTaskThatSwallowsKeepsTheOuterAlive(log):
    inner = await started(swallowing(log, create_future()))
    outer = await started(body(log, inner))
    outer.cancel("M")
    log.add(await attempt(outer))
    log.add([state(inner), state(outer)])


async def sharedTaskIsCancelledForEveryAwaiter(log):
    inner = await started(body(log, create_future()))
    first = await started(body(log, inner))
    second = await started(body(log, inner))
    first.cancel("M")
    log.add(await attempt(second))
    log.add(await attempt(first))


async def cancelInADoneCallbackOfTheAwaitedFuture(log):
    future = create_future()
    future.add_done_callback(lambda _: log.add(task.cancel("M")))
    task = await started(body(log, future))
    future.set_result(1)
    log.add(await attempt(task))


async def cancelledSleepsLeaveNoTimer(log):
    task = await started(body(log, asyncio.sleep(1000)))
    await asyncio.sleep(1)
    task.cancel("M")
    log.add(await attempt(task))
    log.at("end")
