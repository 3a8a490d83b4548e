"""Programs of queues that lose nothing; QueuesPrograms has the same."""

import asyncio

from events import attempt, outcome, state
from programs.common import step
from trace_programs import sweep


async def putAndGet(log):
    queue = asyncio.Queue()
    await queue.put("a")
    log.turn(await queue.get())


@sweep
async def producerAndConsumer(log):
    async def produce():
        for item in "abcd":
            await queue.put(item)
            log.turn("put " + item)
        await queue.put("end")

    queue = asyncio.Queue(2)
    producer = asyncio.create_task(produce())
    try:
        while (item := await queue.get()) != "end":
            log.turn("got " + item)
            await asyncio.sleep(0 if item == "a" else 0.5)
    finally:
        log.at([queue.qsize(), producer.cancel("over")])
        log.add(await attempt(producer))


@sweep
async def poolOfWorkers(log):
    async def work(name):
        while True:
            item = await queue.get()
            try:
                await step(log, name + item, 0.5)
            finally:
                queue.task_done()

    queue = asyncio.Queue()
    for item in "12345":
        queue.put_nowait(item)
    workers = [asyncio.create_task(work(name)) for name in "ab"]
    try:
        await queue.join()
        log.at("all done")
    finally:
        log.add([task.cancel("no more work") for task in workers])
        await asyncio.gather(*workers, return_exceptions=True)
        log.at([queue.qsize(), queue.empty()])


@sweep
async def pipelineOfThreeStages(log):
    async def stage(name, source, target, delay):
        while (item := await source.get()) != "end":
            await asyncio.sleep(delay)
            log.at(name + item)
            await target.put(item + name)
        await target.put("end")

    queues = [asyncio.Queue(1) for _ in range(3)]
    stages = [asyncio.create_task(stage("x", queues[0], queues[1], 0.5)),
              asyncio.create_task(stage("y", queues[1], queues[2], 0.25))]
    try:
        for item in ("1", "2", "end"):
            await queues[0].put(item)
        while (item := await queues[2].get()) != "end":
            log.at("result " + item)
    finally:
        for task in stages:
            task.cancel("stopped")
        log.add([await attempt(task) for task in stages])
        log.add([queue.qsize() for queue in queues])


@sweep
async def cancelledGetLosesNothing(log):
    async def produce():
        for item in "abc":
            await asyncio.sleep(0.5)
            await queue.put(item)
            log.turn("put " + item)

    queue = asyncio.Queue()
    got = []
    producer = asyncio.create_task(produce())
    other = asyncio.create_task(queue.get())
    try:
        while len(got) < 2:
            got.append(await queue.get())
    finally:
        await producer
        rest = [queue.get_nowait() for _ in range(queue.qsize())]
        log.at([got, rest, outcome(other) if other.done() else state(other)])
        other.cancel()


@sweep
async def cancelledPutLeavesRoomForTheNext(log):
    queue = asyncio.Queue(1)
    queue.put_nowait("first")
    others = [asyncio.create_task(queue.put(item)) for item in ("x", "y")]
    asyncio.get_running_loop().call_later(0.5, lambda: log.turn(queue.get_nowait()))
    asyncio.get_running_loop().call_later(1, lambda: log.turn(queue.get_nowait()))
    try:
        await queue.put("main")
        log.turn("main has put")
    finally:
        log.at(await asyncio.wait_for(queue.get(), 2))
        log.add([state(task) for task in others])


async def wokenGetterFindsTheItemGone(log):
    async def getting(name):
        item = await queue.get()
        log.turn(name + " got " + item)

    queue = asyncio.Queue()
    tasks = [asyncio.create_task(getting(name)) for name in "ab"]
    await asyncio.sleep(0)
    queue.put_nowait("1")
    log.turn("main took " + queue.get_nowait())
    await asyncio.sleep(0)
    queue.put_nowait("2")
    tasks.append(asyncio.create_task(getting("c")))
    await asyncio.sleep(0)
    queue.put_nowait("3")
    queue.put_nowait("4")
    await asyncio.wait(tasks)


@sweep
async def broadcastToBoundedQueues(log):
    async def subscriber(name, delay):
        queue = asyncio.Queue(1)
        subscribers.append(queue)
        try:
            while True:
                log.at(f"{name} reads {await queue.get()}")
                await asyncio.sleep(delay)
        finally:
            subscribers.remove(queue)
            log.at(f"{name} leaves {queue.qsize()}")

    async def publish(item):
        for queue in list(subscribers):
            if queue.full():
                log.at("drops " + queue.get_nowait())
            await queue.put(item)

    subscribers = []
    tasks = [asyncio.create_task(subscriber("slow", 1)), asyncio.create_task(subscriber("fast", 0.25))]
    await asyncio.sleep(0)
    try:
        for item in "abc":
            await publish(item)
            await asyncio.sleep(0.5)
    finally:
        for task in tasks:
            task.cancel("over")
        await asyncio.gather(*tasks, return_exceptions=True)
        log.add(len(subscribers))


@sweep
async def batchesByTimeOrSize(log):
    async def produce():
        for item, delay in (("a", 0), ("b", 0), ("c", 0.5), ("d", 0.75), ("e", 0)):
            await asyncio.sleep(delay)
            queue.put_nowait(item)
        queue.put_nowait("end")

    async def batch():
        items = [await queue.get()]
        while items[-1] != "end" and len(items) < 2:
            try:
                items.append(await asyncio.wait_for(queue.get(), 0.5))
            except TimeoutError:
                break
        return items

    queue = asyncio.Queue()
    producer = asyncio.create_task(produce())
    items = []
    try:
        while "end" not in items:
            items = await batch()
            log.at(items)
    finally:
        log.at([state(producer), queue.qsize()])


async def wokenGetterThatIsCancelledWakesTheNext(log):
    queue = asyncio.Queue()
    tasks = [asyncio.create_task(queue.get()) for _ in range(3)]
    await asyncio.sleep(0)
    queue.put_nowait("1")
    tasks[0].cancel("woken")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    log.add([outcome(task) if task.done() else state(task) for task in tasks])
    queue.put_nowait("2")
    log.turn([await attempt(task) for task in tasks])
    log.add(queue.qsize())
