"""What EagerTasksIT expects. Eager tasks are made as by create_task(..., eager_start=True) of CPython 3.14."""

import asyncio

from events import attempt, create_future, outcome, state
from turns import turns, tick


def eager(coro):
    return asyncio.eager_task_factory(asyncio.get_running_loop(), coro)


async def value(result):
    return result


async def failing(message):
    raise ValueError(message)


async def speaking(log, name, awaitable=None):
    log.add(name + " begins")
    if awaitable is not None:
        await awaitable
    log.add(name + " ends")
    return name


async def eagerTaskBeginsInsideTheCall(log):
    task = eager(speaking(log, "a", asyncio.sleep(0)))
    log.add(state(task))
    log.add(await task)


async def eagerTaskThatDoesNotWaitIsDone(log):
    task = eager(value(7))
    log.add(state(task))
    log.add(task in asyncio.all_tasks())
    log.add(await task)


async def failureOfTheFirstStepIsStored(log):
    task = eager(failing("at once"))
    log.add(state(task))
    log.add(await attempt(task))


async def failureOfTheFirstStepIsReportedIfNobodyLooks(log):
    eager(failing("lost"))
    await asyncio.sleep(5)


async def currentTaskIsTheEagerOneAndThenTheOuter(log):
    outer = asyncio.current_task()

    async def inner():
        self = asyncio.current_task()
        log.add(self is not outer)
        eager(value(1))
        log.add(asyncio.current_task() is self)
        log.add(self in asyncio.all_tasks())
        await asyncio.sleep(0)
        log.add(asyncio.current_task() is self)

    task = eager(inner())
    log.add(asyncio.current_task() is outer)
    await task
    log.add(asyncio.current_task() is outer)


async def eagerTasksNest(log):
    async def nested(depth):
        log.add(f"begin {depth}")
        if depth:
            task = eager(nested(depth - 1))
            await asyncio.sleep(0)
            await task
        else:
            await asyncio.sleep(0)
        log.add(f"end {depth}")

    await eager(nested(3))


async def outerSuspendsWhereItIsAfterAnEagerTaskDid(log):
    async def inner():
        await asyncio.sleep(2)
        log.at("inner")

    async def outer():
        await asyncio.sleep(0)
        task = eager(inner())
        await asyncio.sleep(1)
        log.at("outer")
        await task
        return "done"

    async def outermost():
        return await outer()

    log.at(await outermost())


async def cancelledInTheFirstStepIsCancelledAtTheFirstWait(log):
    async def body():
        asyncio.current_task().cancel("M")
        log.add("goes on")
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError as error:
            log.add(error)
            raise

    task = eager(body())
    log.add(state(task))
    log.at(await attempt(task))
    log.add(state(task))


async def cancelledInTheFirstStepAndReturningIsCancelled(log):
    async def body():
        asyncio.current_task().cancel("M")
        return 7

    task = eager(body())
    log.add(state(task))
    log.add(await attempt(task))


async def creatorIsCancelledByItsEagerChild(log):
    outer = asyncio.current_task()

    async def body():
        outer.cancel("M")
        return 7

    task = eager(body())
    log.add(outcome(task))
    log.add(await attempt(asyncio.sleep(5)))
    outer.uncancel()


async def gatherOfEagerTasks(log):
    future = asyncio.gather(eager(speaking(log, "a")), eager(speaking(log, "b", asyncio.sleep(1))), speaking(log, "c"))
    log.add(state(future))
    log.at(await future)


async def gatherOfDoneEagerTasksIsDone(log):
    future = asyncio.gather(eager(value(1)), eager(value(2)))
    log.add(state(future))
    log.add(await future)


async def gatherWithAFailedEagerTask(log):
    slow = eager(speaking(log, "slow", asyncio.sleep(1)))
    log.add(await attempt(asyncio.gather(slow, eager(failing("eager")))))
    log.add(await slow)


async def waitForEagerTasks(log):
    tasks = [eager(value(1)), eager(speaking(log, "b", asyncio.sleep(1)))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    log.at([state(task) for task in tasks])
    log.add(len(done))
    await asyncio.wait(tasks)
    log.at([state(task) for task in tasks])


async def waitForWithAnEagerTask(log):
    log.at(await asyncio.wait_for(eager(value(1)), 1))
    log.at(await attempt(asyncio.wait_for(eager(speaking(log, "b", asyncio.sleep(5))), 1)))
    log.at(await asyncio.wait_for(eager(value(3)), 0))


async def shieldOfAnEagerTask(log):
    done = eager(value(1))
    log.add(asyncio.shield(done) is done)
    inner = eager(speaking(log, "b", asyncio.sleep(1)))
    outer = asyncio.shield(inner)
    outer.cancel()
    log.add(await attempt(outer))
    log.at(await inner)


async def eagerTaskCompletesAFutureOfItsCreator(log):
    future = create_future()

    async def body():
        future.set_result("set")

    eager(body())
    log.add(await future)


async def factoryMakesTheTasksOfCombinators(log):
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    future = asyncio.gather(speaking(log, "a"), speaking(log, "b", asyncio.sleep(0)))
    log.add("gathered")
    log.add(await future)
    log.add(await asyncio.shield(speaking(log, "c")))


async def turnsOfEagerTasks(log):
    tick()
    log.add(await turns(lambda: eager(value(1))))
    log.add(await turns(lambda: eager(speaking(log, "a", asyncio.sleep(0)))))
    log.add(await turns(lambda: asyncio.gather(eager(value(1)), eager(value(2)))))
