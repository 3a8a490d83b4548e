"""Programs of time-outs and as_completed; TimeoutsPrograms has the same."""

import asyncio

from events import attempt, message, outcome, state
from programs.common import cleaning, failing, step, stubborn
from trace_programs import since, sweep


async def inTimeAndTooLate(log):
    async with asyncio.timeout(1):
        log.at(await asyncio.sleep(0.5, "in time"))
    try:
        async with asyncio.timeout(1):
            await asyncio.sleep(2)
    except TimeoutError as failure:
        log.at(failure)


@sweep
async def timeoutCancelledAtEveryTurn(log):
    try:
        async with asyncio.timeout(1) as limit:
            log.add(await cleaning(log, "a", 2, 0.5))
    except TimeoutError as failure:
        log.at(failure)
    finally:
        log.add([limit.expired(), state(asyncio.current_task())])
    log.add(await asyncio.sleep(0, "goes on"))


@sweep
async def timeoutsInEachOther(log):
    async def limited(name, seconds, inner):
        try:
            async with asyncio.timeout(seconds):
                return await inner
        except TimeoutError as failure:
            log.at([name, failure])
            raise
        finally:
            log.at(name + " leaves")

    log.at(await attempt(limited("outer", 1, limited("inner", 0.5, cleaning(log, "a", 2, 0.25)))))
    log.at(await attempt(limited("outer", 0.5, limited("inner", 1, cleaning(log, "b", 2, 0.25)))))
    log.at(await attempt(limited("outer", 0.5, limited("inner", 0.5, step(log, "c", 2)))))
    log.at(state(asyncio.current_task()))


async def limitIsMoved(log):
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(1) as limit:
            log.add([limit.when(), limit.expired()])
            await asyncio.sleep(0.5)
            limit.reschedule(loop.time() + 1)
            log.at(limit.when())
            await asyncio.sleep(0.75)
            limit.reschedule(None)
            log.at(limit.when())
            await asyncio.sleep(5)
            limit.reschedule(loop.time() - 1)
            log.at("in the past")
            await asyncio.sleep(1)
    except TimeoutError as failure:
        log.at(failure)
    log.add(limit.expired())
    try:
        limit.reschedule(loop.time() + 1)
    except RuntimeError as failure:
        log.add(message(failure))


async def limitsOfZero(log):
    async def limited(delay, turns):
        async with asyncio.timeout(delay) as limit:
            for _ in range(turns):
                await asyncio.sleep(0)
        return limit.expired()

    for delay in (0, -1):
        for turns in range(4):
            log.turn(await attempt(limited(delay, turns)))


@sweep
async def bodySwallowsTheTimeout(log):
    async with asyncio.timeout(0.5) as limit:
        try:
            await step(log, "a", 1)
        except asyncio.CancelledError as error:
            log.at("swallowed " + str(error))
            log.add(state(asyncio.current_task()))
    log.at([limit.expired(), state(asyncio.current_task())])
    await asyncio.sleep(0.5)


@sweep
async def bodyFailsAtTheTimeout(log):
    try:
        async with asyncio.timeout(0.5):
            try:
                await step(log, "a", 1)
            finally:
                await asyncio.sleep(0.25)
                raise ValueError("instead")
    except ValueError as failure:
        log.at(failure)
    log.add(state(asyncio.current_task()))
    await asyncio.sleep(0)


@sweep
async def timeoutAroundAGroup(log):
    try:
        async with asyncio.timeout(1):
            async with asyncio.TaskGroup() as group:
                group.create_task(cleaning(log, "a", 2, 0.5))
                group.create_task(step(log, "b", 0.5))
                await step(log, "body", 2)
    except TimeoutError as failure:
        log.at(failure)
    log.add(state(asyncio.current_task()))


@since(3, 13)
@sweep
async def timeoutsInAGroup(log):
    async def limited(name, seconds):
        async with asyncio.timeout(seconds):
            await cleaning(log, name, 1, 0.25)

    try:
        async with asyncio.timeout(3), asyncio.TaskGroup() as group:
            tasks = [group.create_task(limited(name, seconds)) for name, seconds in (("a", 2), ("b", 0.5), ("c", 0.75))]
    except ExceptionGroup as failures:
        log.at(failures)
        log.add([outcome(task) for task in tasks])


async def groupFailsAtTheTimeout(log):
    async def failing_when_cancelled():
        try:
            await asyncio.sleep(5)
        finally:
            raise ValueError("E")

    async def limited():
        async with asyncio.timeout(1) as limit:
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(failing_when_cancelled())
            finally:
                log.at([limit.expired(), state(asyncio.current_task())])

    log.at(await attempt(limited()))
    log.at(state(asyncio.current_task()))


@sweep
async def resultsInTheOrderOfCompletion(log):
    tasks = [asyncio.create_task(step(log, name, delay)) for name, delay in (("a", 1), ("b", 0), ("c", 0.5))]
    for earliest in asyncio.as_completed(tasks):
        log.at(await earliest)
    log.at("all")


@sweep
async def asCompletedWithFailuresAndALimit(log):
    tasks = [asyncio.create_task(c) for c in (
        failing(log, "a", 0.5), step(log, "b", 0.25), step(log, "c", 2), stubborn(log, "d", 1))]
    tasks[1].add_done_callback(lambda task: log.at("b is " + state(task)))
    try:
        for earliest in asyncio.as_completed(tasks, timeout=1.5):
            try:
                log.at(await earliest)
            except ValueError as failure:
                log.at(failure)
    except TimeoutError as failure:
        log.at(failure)
    finally:
        log.add([state(task) for task in tasks])
        for task in tasks:
            task.cancel("enough")
