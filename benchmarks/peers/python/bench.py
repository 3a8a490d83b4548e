"""The rows that asyncio has too. Usage: bench.py ROW quick|full [uvloop | processes | threads]
Row 13 is a server: bench.py 13 tcp|tls [uvloop | streams]

Prints a line "row variant value unit" for each measurement. Everything runs on one thread, but for row 17, whose
workers are processes or threads.
"""

import asyncio
import gc
import multiprocessing
import os
import queue
import subprocess
import sys
import threading
import time

QUICK = sys.argv[2:3] == ["quick"]


def report(row, variant, value, unit):
    print(row, variant, f"{value:.6g}", unit, flush=True)


def run(main):
    if sys.argv[3:4] == ["uvloop"]:
        import uvloop

        loop = uvloop.new_event_loop()
    else:
        loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()


def measure(row, variant, units, main):
    """Times main() once to warm up and then three times, once in a quick run, in nanoseconds a unit."""
    for turn in range(2 if QUICK else 4):
        start = time.perf_counter()
        run(main())
        if turn:
            report(row, variant, (time.perf_counter() - start) / units * 1e9, "ns")


async def fib(n):
    return n if n < 2 else await fib(n - 1) + await fib(n - 2)


def call():
    measure(1, "-", 242_785, lambda: fib(25))


def switch():
    rounds = 20_000

    async def yielding():
        for _ in range(rounds):
            await asyncio.sleep(0)

    async def main():
        await asyncio.gather(yielding(), yielding())

    measure(3, "-", 2 * rounds, main)


def spawn():
    count = 10_000

    async def task(switches):
        for _ in range(switches):
            await asyncio.sleep(0)

    async def main(switches):
        for running in [asyncio.ensure_future(task(switches)) for _ in range(count)]:
            await running

    for switches in (0, 1):
        measure(5, f"switches={switches}", count, lambda: main(switches))


def skynet():
    # A quick run has a tenth of the tasks.
    size = 100_000 if QUICK else 1_000_000
    tasks = sum(size // 10**level for level in range(len(str(size))))

    async def node(number, size):
        if size == 1:
            return number
        part = size // 10
        children = [asyncio.ensure_future(node(number + i * part, part)) for i in range(10)]
        return sum([await child for child in children])

    async def main():
        assert await node(0, size) == size * (size - 1) // 2

    measure(7, "-", tasks, main)


def ring():
    count, hops = 1_000, 100_000

    async def member(own, following):
        while True:
            left = await own.get()
            following.put_nowait(left - 1)
            if left <= 0:
                return

    async def main():
        queues = [asyncio.Queue() for _ in range(count)]
        members = [asyncio.ensure_future(member(queues[i], queues[(i + 1) % count])) for i in range(count)]
        queues[0].put_nowait(hops)
        await asyncio.gather(*members)

    measure(8, "-", hops + count, main)


def queues():
    messages = 20_000

    async def ping_pong():
        there, back = asyncio.Queue(), asyncio.Queue()

        async def answer():
            for _ in range(messages):
                await back.put(await there.get())

        answering = asyncio.ensure_future(answer())
        for i in range(messages):
            await there.put(i)
            await back.get()
        await answering

    async def produce_and_consume(capacity):
        elements = asyncio.Queue(capacity)

        async def produce():
            for i in range(messages):
                await elements.put(i)

        producing = asyncio.ensure_future(produce())
        for _ in range(messages):
            await elements.get()
        await producing

    measure(9, "pingPong", 2 * messages, ping_pong)
    for capacity in (1, 16, 100):
        measure(9, f"queue,capacity={capacity}", messages, lambda: produce_and_consume(capacity))


def gather():
    async def child(switches):
        for _ in range(switches):
            await asyncio.sleep(0)

    async def main(children, switches, times):
        for _ in range(times):
            await asyncio.gather(*[child(switches) for _ in range(children)])

    for children in (10, 1_000):
        for switches in (0, 1):
            times = 20_000 // children
            measure(
                10, f"children={children},switches={switches}", children * times, lambda: main(children, switches, times)
            )


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def sleepers():
    # What the process has in memory: CPython does not tell the bytes of its objects as a whole.
    count = 100_000 if QUICK else 1_000_000

    async def sleeping():
        await asyncio.sleep(86_400)

    async def main():
        await asyncio.sleep(0)
        gc.collect()
        before = resident()
        tasks = [asyncio.ensure_future(sleeping()) for _ in range(count)]
        await asyncio.sleep(0)
        gc.collect()
        report(11, "1M,bytes", (resident() - before) / len(tasks), "B")
        os._exit(0)

    run(main())


URLS, WORKERS, COROUTINES = 10_000, 4, 1_000


def work(number, urls, everything):
    """A worker of the notes' demo: a loop with a thousand coroutines that take URLs from the shared queue."""

    async def visit():
        try:
            while True:
                url = urls.get(timeout=1)
                if url is None:
                    return number
                await asyncio.sleep(1)
                print("worker", number, url)
                if not everything:
                    return number
        except queue.Empty:
            return number

    async def main():
        return await asyncio.gather(*[visit() for _ in range(COROUTINES)])

    run(main())
    sys.stdout.flush()


def demo(kind):
    """Row 17, with the workers as processes or as threads."""
    for variant in ("first", "all"):
        # In a process of its own, whose lines go nowhere, as a terminal would slow it down.
        command = [sys.executable, __file__, "visit", "full", kind, variant]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
        print(done.stderr.strip(), flush=True)


def visit_all(kind, variant):
    if kind == "processes":
        context = multiprocessing.get_context("spawn" if os.name == "nt" else "fork")
        urls, worker = context.Queue(), context.Process
    else:
        urls, worker = queue.Queue(), threading.Thread
    for i in range(URLS):
        urls.put(f"http://example.com/{i + 1}")
    for _ in range(WORKERS * COROUTINES):
        urls.put(None)  # no more will come: nobody has to wait for a second, and to block its loop, to learn that
    start = time.perf_counter()
    workers = [worker(target=work, args=(i + 1, urls, variant == "all")) for i in range(WORKERS)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    print(f"17 {variant} {time.perf_counter() - start:.3f} s", file=sys.stderr)
    if kind == "processes":
        urls.cancel_join_thread()  # some are left, and nobody takes them


ROWS = {
    "1": call,
    "3": switch,
    "5": spawn,
    "7": skynet,
    "8": ring,
    "9": queues,
    "10": gather,
    "11": sleepers,
}

if __name__ == "__main__":
    if sys.argv[1] == "13":
        import echo

        run(echo.serve(sys.argv[2] == "tls", sys.argv[3:4] == ["streams"]))
    elif sys.argv[1] == "17":
        demo(sys.argv[3])
    elif sys.argv[1] == "visit":
        visit_all(*sys.argv[3:5])
    else:
        ROWS[sys.argv[1]]()
