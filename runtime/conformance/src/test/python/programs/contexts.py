"""Programs with context variables; ContextsPrograms has the same."""

import asyncio
import contextvars

from events import attempt, call_soon, create_future, state
from trace_programs import sweep

request = contextvars.ContextVar("request", default="none")


@sweep
async def requestIdsInTheirTasks(log):
    async def query(text):
        try:
            await asyncio.sleep(0.5)
            log.at(f"{request.get()} {text}")
        except asyncio.CancelledError:
            log.at(f"{request.get()} {text} cancelled")
            raise

    async def handle(name):
        request.set(name)
        await asyncio.gather(query("user"), query("cart"))
        token = request.set(name + "+")
        try:
            await asyncio.wait_for(query("price"), 0.25)
        except TimeoutError:
            log.at(request.get() + " too slow")
        request.reset(token)
        await asyncio.shield(query("log"))
        log.at(request.get() + " handled")

    try:
        await asyncio.gather(handle("r1"), handle("r2"))
    finally:
        log.at(request.get())


async def callbacksKeepTheContextOfTheirRegistration(log):
    loop = asyncio.get_running_loop()
    future = create_future()
    for name in ("a", "b"):
        request.set(name)
        call_soon(lambda: log.turn("soon " + request.get()))
        loop.call_later(0.5, lambda: log.at("later " + request.get()))
        future.add_done_callback(lambda done: log.turn("done " + request.get()))
    request.set("main")

    def completing():
        request.set("callback")
        future.set_result(None)

    call_soon(completing)
    await future
    log.turn(request.get())
    await asyncio.sleep(1)


@sweep
async def contextOfOneWorkerForManyJobs(log):
    async def worker():
        while True:
            context, name, done = await jobs.get()
            task = asyncio.create_task(job(name), context=context)
            task.add_done_callback(lambda task, done=done: done.done() or done.set_result(state(task)))

    async def job(name):
        request.set(request.get() + name)
        await asyncio.sleep(0.5)
        log.at(request.get())

    jobs = asyncio.Queue()
    working = asyncio.create_task(worker())
    shared = contextvars.copy_context()
    try:
        for name in "ab":
            done = create_future()
            await jobs.put((shared, name, done))
            log.at(await done)
        log.add([shared[request], request.get()])
    finally:
        working.cancel()
        log.add(await attempt(working))
