"""Programs around gather, wait, wait_for and shield; GatheringPrograms has the same."""

import asyncio

from events import attempt, outcome, shown, state
from programs.common import cleaning, failing, step, stubborn
from trace_programs import sweep


async def twoLiner(log):
    log.add(await asyncio.gather(step(log, "a", 1), step(log, "b", 1)))


@sweep
async def gatherCancelledAtEveryTurn(log):
    log.add(await asyncio.gather(step(log, "a", 0), step(log, "b", 1), step(log, "c", 0.5)))


@sweep
async def gatherOfGathersOneOfWhichFails(log):
    left = asyncio.gather(step(log, "a", 0), cleaning(log, "b", 1, 0.5))
    right = asyncio.gather(failing(log, "c", 0.5), step(log, "d", 1))
    try:
        log.add(await asyncio.gather(left, right, step(log, "e", 0.5)))
    except ValueError as failure:
        log.at(failure)
        log.add([outcome(right), state(left)])
        log.add(await left)


@sweep
async def settledGatherOfEveryKind(log):
    tasks = [asyncio.create_task(c) for c in (
        step(log, "a", 0.5), failing(log, "b", 0), cleaning(log, "c", 1, 0), stubborn(log, "d", 0.5))]
    try:
        await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        log.add([outcome(task) if task.done() else state(task) for task in tasks])


async def gatherOfOneTaskThreeTimes(log):
    task = asyncio.create_task(step(log, "a", 1))
    other = asyncio.create_task(failing(log, "b", 2))
    log.add(await asyncio.gather(task, task, asyncio.gather(task)))
    log.at(await attempt(asyncio.gather(other, task, other)))
    both = asyncio.gather(other, other, return_exceptions=True)
    log.add([both.done(), shown(await both)])


@sweep
async def hedgedRequests(log):
    requests = []
    try:
        for name, delay in (("a", 2), ("b", 1), ("c", 0.5)):
            requests.append(asyncio.create_task(step(log, name, delay)))
            done, _ = await asyncio.wait(requests, timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
            if done:
                break
        else:
            done, _ = await asyncio.wait(requests, return_when=asyncio.FIRST_COMPLETED)
        return [request.result() for request in requests if request in done]
    finally:
        log.at([request.cancel("lost") for request in requests])
        if requests:
            await asyncio.wait(requests)
        log.at("all over")


@sweep
async def firstSuccessOfSeveral(log):
    tasks = [asyncio.create_task(c) for c in (
        failing(log, "a", 0), failing(log, "b", 0.5), step(log, "c", 1), stubborn(log, "d", 1.5))]
    pending = set(tasks)
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task in done:
                    log.at(outcome(task))
                    if task.exception() is None:
                        return task.result()
    finally:
        log.add([task.cancel("enough") for task in tasks])


@sweep
async def retryWithBackoff(log):
    async def request(number):
        if number == 0:
            raise ValueError("refused")
        return await step(log, f"request {number}", 2 if number == 1 else 0.5)

    delay = 0.5
    for number in range(4):
        try:
            return await asyncio.wait_for(request(number), 1)
        except (ValueError, TimeoutError) as failure:
            log.at(failure)
            await asyncio.sleep(delay)
            delay *= 2
    raise ValueError("given up")


@sweep
async def timeLimitOfAGather(log):
    slow = asyncio.gather(step(log, "a", 0.5), cleaning(log, "b", 2, 0.5), step(log, "c", 1))
    try:
        log.add(await asyncio.wait_for(slow, 1))
    except TimeoutError as failure:
        log.at(failure)
        log.add(state(slow))


@sweep
async def timeLimitsInEachOther(log):
    async def inner():
        try:
            return await asyncio.wait_for(cleaning(log, "a", 3, 1), 0.5)
        except TimeoutError as failure:
            log.at(failure)
            return await asyncio.wait_for(step(log, "b", 2), 1)

    log.at(await attempt(asyncio.wait_for(inner(), 2)))


@sweep(again=2)
async def timeLimitOfATaskThatIsStubborn(log):
    task = asyncio.create_task(stubborn(log, "a", 1.5))
    try:
        log.at(await asyncio.wait_for(task, 0.5))
    finally:
        log.at(state(task))


@sweep
async def commitIsShielded(log):
    async def commit():
        await step(log, "write", 0.5)
        return await step(log, "sync", 0.5)

    committing = asyncio.create_task(commit())
    try:
        log.at(await asyncio.shield(committing))
    except asyncio.CancelledError:
        log.at("waits for the commit")
        log.at(await committing)
        raise


@sweep(again=1)
async def shieldsInAGather(log):
    inner = asyncio.create_task(failing(log, "a", 0.5))
    try:
        log.add(await asyncio.gather(asyncio.shield(inner), asyncio.shield(step(log, "b", 1)), return_exceptions=True))
    finally:
        log.at(state(inner))
        log.at(await attempt(asyncio.shield(inner)))


@sweep
async def progressOfTasks(log):
    pending = {asyncio.create_task(step(log, name, delay)) for name, delay in (("a", 0.25), ("b", 1.25), ("c", 1.5))}
    while pending:
        done, pending = await asyncio.wait(pending, timeout=0.5)
        log.at(f"{len(done)} done, {len(pending)} to go")


@sweep
async def waitUntilOneFails(log):
    tasks = [asyncio.create_task(c) for c in (
        step(log, "a", 0), failing(log, "b", 1), step(log, "c", 0.5), step(log, "d", 2))]
    tasks[2].add_done_callback(lambda task: log.at("c is " + state(task)))
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    log.at([task in done for task in tasks])
    for task in pending:
        task.cancel()
    done, pending = await asyncio.wait(pending)
    log.at([len(done), len(pending)])
