"""Programs of futures and callbacks, and of tasks that cancel themselves; CallbacksPrograms has the same."""

import asyncio

from events import attempt, call, call_soon, create_future, outcome, state
from programs.common import step
from trace_programs import since


async def callbacksAmongTasks(log):
    async def noted(name, turns):
        for _ in range(turns):
            await asyncio.sleep(0)
        log.turn(name)
        return name

    future = create_future()
    tasks = [asyncio.create_task(noted(name, turns)) for name, turns in (("a", 0), ("b", 1), ("c", 0))]
    for task in tasks:
        task.add_done_callback(lambda done: log.turn("callback of " + outcome(done)))
    call_soon(lambda: log.turn("soon"))
    tasks[0].add_done_callback(lambda done: future.set_result(7))
    future.add_done_callback(lambda done: call_soon(lambda: log.turn("soon after " + outcome(done))))
    log.turn(await future)
    await asyncio.wait(tasks)
    log.turn("waited")


async def timersRunInTheOrderOfTheirDeadlines(log):
    loop = asyncio.get_running_loop()
    handles = [loop.call_later(delay, lambda name=name: log.at(name))
               for name, delay in (("a", 1), ("b", 0.5), ("c", 1), ("d", 0), ("e", -1), ("f", 0.5))]
    handles.append(loop.call_at(1, lambda: log.at("g")))
    call_soon(lambda: log.at("soon"))
    loop.call_later(0.5, lambda: log.add([handles[2].cancel() or handles[2].cancelled(), handles[0].cancelled()]))
    await asyncio.sleep(0)
    log.at("slept")
    await asyncio.sleep(1)
    log.at("slept again")


async def callbackThatFailsIsReported(log):
    def failing_callback(name):
        raise ValueError(name)

    loop = asyncio.get_running_loop()
    call_soon(failing_callback, "soon")
    loop.call_later(0.5, failing_callback, "later")
    future = create_future()
    future.add_done_callback(lambda done: failing_callback("first"))
    future.add_done_callback(lambda done: log.turn("second"))
    future.set_result(None)
    await future
    log.turn("goes on")
    await asyncio.sleep(0.5)
    log.turn("and on")


async def cancelledHandleDoesNotRun(log):
    loop = asyncio.get_running_loop()
    first = loop.call_soon(lambda: second.cancel())
    second = loop.call_soon(lambda: log.add("never"))
    third = loop.call_soon(lambda: log.turn("third"))
    await asyncio.sleep(0)
    log.add([first.cancelled(), second.cancelled(), third.cancelled()])


async def setAndCancelledInOneTurn(log):
    async def awaiting(future):
        try:
            log.turn(await future)
        except asyncio.CancelledError as error:
            log.turn(error)
            raise

    for first, second in (("set", "cancel"), ("cancel", "set"), ("set", "cancel future"), ("cancel future", "cancel")):
        future = create_future()
        task = asyncio.create_task(awaiting(future))
        await asyncio.sleep(0)
        actions = {"set": lambda: future.done() or future.set_result("set"),
                   "cancel": lambda: log.add(task.cancel("task")),
                   "cancel future": lambda: log.add(future.cancel("future"))}
        call_soon(actions[first])
        call_soon(actions[second])
        log.add(await attempt(task))
        log.add([state(future), state(task)])


async def cancelsOneself(log):
    async def returning():
        asyncio.current_task().cancel("self")
        return 1

    async def failing_then():
        asyncio.current_task().cancel("self")
        raise ValueError("E")

    async def awaiting_done():
        done = create_future()
        done.set_result("done")
        asyncio.current_task().cancel("self")
        log.add(await done)
        log.add(await asyncio.sleep(0, "not reached"))

    async def awaiting_task():
        child = asyncio.create_task(step(log, "child", 1))
        await asyncio.sleep(0)
        asyncio.current_task().cancel("self")
        try:
            await child
        finally:
            log.add(state(child))

    for coroutine in (returning(), failing_then(), awaiting_done(), awaiting_task()):
        task = asyncio.create_task(coroutine)
        log.turn(await attempt(task))
        log.add(state(task))


@since(3, 13)
async def uncancelTakesBackWhatIsNotDelivered(log):
    async def changing_its_mind(cancels, uncancels):
        task = asyncio.current_task()
        for _ in range(cancels):
            task.cancel("self")
        log.add([task.uncancel() for _ in range(uncancels)])
        await asyncio.sleep(0)
        return "went on"

    for cancels in range(3):
        for uncancels in range(cancels + 2):
            task = asyncio.create_task(changing_its_mind(cancels, uncancels))
            log.add([cancels, uncancels, await attempt(task), state(task)])


async def futuresRefuse(log):
    future = create_future()
    log.add([call(future.result), call(future.exception)])
    future.set_exception(ValueError("E"))
    log.add([call(future.result), call(future.exception), future.cancel()])
    cancelled = create_future()
    log.add([cancelled.cancel("M"), cancelled.cancel("N")])
    log.add([call(cancelled.result), call(cancelled.exception)])
    for done in (future, cancelled):
        try:
            done.set_result(1)
        except asyncio.InvalidStateError as failure:
            log.add(failure)
    task = asyncio.create_task(step(log, "a", 0))
    log.add([call(task.result), call(task.exception)])
    log.add([await task, call(task.result), call(task.exception)])


async def timersThatAreDueWaitForTheNextTurn(log):
    loop = asyncio.get_running_loop()

    def branch(name, depth):
        log.turn(f"{name}{depth}")
        if depth:
            loop.call_later(0, branch, name + "t", depth - 1)
            loop.call_soon(branch, name + "s", depth - 1)

    loop.call_soon(branch, "a", 3)
    loop.call_at(0, branch, "b", 2)
    for _ in range(6):
        log.turn(await asyncio.sleep(0, "slept"))
