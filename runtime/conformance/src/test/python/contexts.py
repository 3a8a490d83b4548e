"""What ContextIT expects."""

import asyncio
import contextvars

from events import call_soon, create_future

color = contextvars.ContextVar("color", default="none")


async def painting(log, name):
    log.add(name + " " + color.get())
    color.set(name)
    await asyncio.sleep(0)
    log.add(name + " " + color.get())


async def taskRunsInACopy(log):
    color.set("red")
    task = asyncio.create_task(painting(log, "green"))
    color.set("blue")
    await task
    log.add(color.get())
    log.add(task.get_context()[color])


async def awaitedCoroutineSharesTheContext(log):
    color.set("red")
    await painting(log, "green")
    log.add(color.get())


async def tasksInTurnKeepTheirValues(log):
    await asyncio.gather(painting(log, "a"), painting(log, "b"), painting(log, "c"))
    log.add(color.get())


async def givenContextIsUsedAsItIs(log):
    context = contextvars.Context()
    await asyncio.create_task(painting(log, "green"), context=context)
    log.add(context[color])
    log.add(color.get())
    task = asyncio.create_task(painting(log, "blue"), context=context)
    log.add(task.get_context() is context)
    await task
    log.add(context[color])


async def callbackRunsInTheContextOfItsRegistration(log):
    color.set("red")
    call_soon(lambda: log.add("soon " + color.get()))
    asyncio.get_running_loop().call_later(1, lambda: log.add("later " + color.get()))
    asyncio.get_running_loop().call_at(2, lambda: log.add("at " + color.get()))
    asyncio.get_running_loop().call_soon_threadsafe(lambda: log.add("threadsafe " + color.get()))
    color.set("blue")
    await asyncio.sleep(3)


async def callbackSetsInItsOwnCopy(log):
    def paint():
        color.set("green")
        call_soon(lambda: log.add("second " + color.get()))

    color.set("red")
    call_soon(paint)
    call_soon(lambda: log.add("first " + color.get()))
    await asyncio.sleep(1)
    log.add(color.get())


async def callbackRunsInTheContextGiven(log):
    context = contextvars.Context()
    context.run(color.set, "green")
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: log.add("soon " + color.get()), context=context)
    loop.call_later(1, lambda: log.add("later " + color.get()), context=context)
    loop.call_at(2, lambda: log.add("at " + color.get()), context=context)
    loop.call_soon_threadsafe(lambda: color.set("blue"), context=context)
    await asyncio.sleep(3)
    log.add(color.get())


async def doneCallbackRunsInTheContextOfItsRegistration(log):
    future = create_future()
    context = contextvars.Context()
    context.run(color.set, "blue")
    future.add_done_callback(lambda done: log.add("1 " + color.get()))
    color.set("red")
    future.add_done_callback(lambda done: log.add("2 " + color.get()))
    color.set("green")
    future.add_done_callback(lambda done: log.add("3 " + color.get()), context=context)
    future.set_result(None)
    future.add_done_callback(lambda done: log.add("4 " + color.get()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def callbackWithAContextIsRemovedToo(log):
    future = create_future()

    def callback(done):
        log.add("called")

    future.add_done_callback(callback)
    color.set("red")
    future.add_done_callback(callback)
    log.add(future.remove_done_callback(callback))
    future.set_result(None)
    await asyncio.sleep(1)


async def valueIsKeptAcrossAnAwaitThatFails(log):
    async def failing():
        color.set("green")
        await asyncio.sleep(0)
        raise ValueError("failed")

    try:
        await failing()
    except ValueError:
        log.add(color.get())


async def handlerRunsInTheContextOfWhatFailed(log):
    def report(loop, context):
        log.add("reported " + color.get())

    def failing():
        color.set("green")
        raise ValueError("failed")

    asyncio.get_running_loop().set_exception_handler(report)
    color.set("red")
    call_soon(failing)
    await asyncio.sleep(1)
    task = asyncio.create_task(painting(log, "blue"))
    await task
    asyncio.get_running_loop().call_exception_handler({"message": "test", "task": task})


async def threadRunsInACopy(log):
    def paint():
        log.add("thread " + color.get())
        color.set("green")

    color.set("red")
    await asyncio.to_thread(paint)
    log.add(color.get())


async def runInsideATaskEndsWithIt(log):
    context = contextvars.copy_context()
    color.set("red")
    context.run(color.set, "green")
    log.add(color.get())
    log.add(context[color])
    log.add(asyncio.current_task().get_context()[color])
    try:
        asyncio.current_task().get_context().run(print)
    except RuntimeError:
        log.add("refused")
