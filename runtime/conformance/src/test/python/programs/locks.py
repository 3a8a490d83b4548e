"""Programs of locks and semaphores; LocksPrograms has the same."""

import asyncio

from events import attempt, call, call_soon, outcome, state
from programs.common import step
from trace_programs import sweep


async def critical(log, lock, name, delay):
    async with lock:
        return await step(log, name, delay)


async def lockAndRelease(log):
    lock = asyncio.Lock()
    async with lock:
        log.turn(lock.locked())
    log.turn(lock.locked())


@sweep
async def lockIsHandedOnInOrder(log):
    lock = asyncio.Lock()
    log.at(await asyncio.gather(*(critical(log, lock, name, 0.5) for name in "abc")))


@sweep
async def waiterOfALockIsCancelled(log):
    lock = asyncio.Lock()
    first = asyncio.create_task(critical(log, lock, "first", 0.5))
    last = None
    try:
        await asyncio.sleep(0)
        call_soon(lambda: log.turn("soon"))
        acquiring = asyncio.create_task(critical(log, lock, "last", 0))
        acquiring.add_done_callback(lambda task: log.turn("last is " + state(task)))
        await critical(log, lock, "main", 0)
        last = acquiring
    finally:
        log.turn([lock.locked(), first.done(), last is not None])


async def newcomerQueuesBehindTheOneThatWasWoken(log):
    async def holding(name):
        async with lock:
            log.turn(name + " in")

    lock = asyncio.Lock()
    await lock.acquire()
    woken = asyncio.create_task(holding("woken"))
    await asyncio.sleep(0)
    lock.release()
    log.turn(lock.locked())
    newcomer = asyncio.create_task(holding("newcomer"))
    async with lock:
        log.turn("main in")
    await newcomer
    log.add([state(woken), lock.locked()])


async def wokenWaiterThatIsCancelledWakesTheNext(log):
    lock = asyncio.Lock()
    await lock.acquire()
    waiters = [asyncio.create_task(critical(log, lock, name, 0.5)) for name in "abc"]
    await asyncio.sleep(0)
    lock.release()
    waiters[0].cancel("woken")
    waiters[1].cancel("waiting")
    log.add([await attempt(task) for task in waiters])
    log.add(lock.locked())


@sweep(again=2)
async def lockIsWaitedForWithALimit(log):
    lock = asyncio.Lock()
    holder = asyncio.create_task(critical(log, lock, "holder", 1.5))
    await asyncio.sleep(0)
    for number in range(4):
        try:
            await asyncio.wait_for(lock.acquire(), 0.5)
        except TimeoutError as failure:
            log.at(failure)
            continue
        try:
            return await step(log, f"attempt {number}", 0.5)
        finally:
            lock.release()
    log.add(state(holder))


async def locksTakenInOppositeOrders(log):
    async def taking(name, first, second):
        async with first:
            log.at(name + " has one")
            await asyncio.sleep(0.5)
            async with second:
                log.at(name + " has both")

    one, two = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(taking("a", one, two), taking("b", two, one))


async def locksRefuse(log):
    lock, semaphore, bounded = asyncio.Lock(), asyncio.Semaphore(0), asyncio.BoundedSemaphore(1)
    log.add([call(lock.release), lock.locked(), call(lambda: asyncio.Semaphore(-1) and None)])
    log.add([semaphore.locked(), call(semaphore.release), semaphore.locked()])
    log.add([call(bounded.release), bounded.locked()])
    await bounded.acquire()
    log.add([bounded.locked(), call(bounded.release), bounded.locked()])
    log.add(call(lambda: asyncio.Barrier(0) and None))


@sweep
async def poolOfTwoConnections(log):
    pool = asyncio.Semaphore(2)
    clients = [asyncio.create_task(critical(log, pool, name, delay))
               for name, delay in (("a", 1), ("b", 0.5), ("c", 0.5), ("d", 0.5), ("e", 0))]
    await asyncio.sleep(0)
    clients[2].cancel("impatient")
    try:
        await asyncio.gather(*clients, return_exceptions=True)
    finally:
        log.add([outcome(task) if task.done() else state(task) for task in clients])
        log.add(pool.locked())


@sweep
async def waiterOfASemaphoreIsCancelled(log):
    async def releasing():
        await asyncio.sleep(0.5)
        semaphore.release()
        log.turn("released one")
        await asyncio.sleep(0)
        semaphore.release()
        log.turn("released two")

    semaphore = asyncio.Semaphore(0)
    others = [asyncio.create_task(critical(log, semaphore, name, 0)) for name in "ab"]
    release = asyncio.create_task(releasing())
    await asyncio.sleep(0)
    try:
        await critical(log, semaphore, "main", 0)
    finally:
        semaphore.release()
        log.turn([semaphore.locked(), release.done(), others[0].done()])


@sweep
async def rateLimiter(log):
    async def request(name):
        await permits.acquire()
        asyncio.get_running_loop().call_later(1, permits.release)
        return await step(log, name, 0.25)

    permits = asyncio.BoundedSemaphore(2)
    log.at(await asyncio.gather(*(request(name) for name in "abcde")))


async def semaphoreIsHandedOnAndNotTaken(log):
    semaphore = asyncio.Semaphore(1)
    await semaphore.acquire()
    waiter = asyncio.create_task(critical(log, semaphore, "waiter", 0))
    await asyncio.sleep(0)
    semaphore.release()
    log.turn([semaphore.locked(), state(waiter)])
    await critical(log, semaphore, "main", 0)
    log.turn([semaphore.locked(), state(waiter)])
