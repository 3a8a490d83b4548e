"""Random programs on locks and queues, which SyncProgramsIT runs too. Prints each program and what happened in it.

`sync_programs.py 1 3000 | gzip -9n` prints those of the resource `sync_programs.txt.gz`: the first seed, and how many.
A program is the tasks, each a list of steps, which `Program.step` explains. After `!` a task goes on when
it is cancelled."""

import asyncio
import random
import sys

NAMES = {
    asyncio.CancelledError: "cancelled",
    asyncio.QueueShutDown: "shutdown",
    asyncio.QueueFull: "full",
    asyncio.QueueEmpty: "empty",
    asyncio.BrokenBarrierError: "broken",
    RuntimeError: "state",
    ValueError: "state",
}
TURNS = 24


class Program:
    def __init__(self, text):
        self.tasks = [task.split() for task in text.split("|")]
        self.running = []
        self.events = []
        self.lock = asyncio.Lock()
        self.semaphore = asyncio.BoundedSemaphore(2)
        self.event = asyncio.Event()
        self.condition = asyncio.Condition()
        self.barrier = asyncio.Barrier(2)
        self.queue = asyncio.Queue(1)

    async def step(self, name):
        kind, number = name[0], int(name[1:] or 0)
        if kind == "y":
            await self.turns(number)
        elif kind == "c":  # cancels a task
            self.running[number % len(self.running)].cancel()
        elif kind in "lskw":  # acquires a lock, a semaphore, a condition; and waits for the condition
            what = {"l": self.lock, "s": self.semaphore, "k": self.condition, "w": self.condition}[kind]
            async with what:
                if kind == "w":
                    await what.wait()
                self.events.append(name + "in")
                await self.turns(number)
        elif kind == "m":
            async with self.condition:
                self.condition.notify(number)
        elif kind == "n":
            self.condition.notify(number)
        elif kind == "r":
            self.semaphore.release()
        elif kind == "e":
            await self.event.wait()
        elif kind == "f":
            self.event.set()
        elif kind == "u":
            self.event.clear()
        elif kind == "b":
            return await self.barrier.wait()
        elif kind == "v":
            await self.barrier.reset()
        elif kind == "a":
            await self.barrier.abort()
        elif kind == "p":
            await self.queue.put(number)
        elif kind == "q":
            self.queue.put_nowait(number)
        elif kind == "g":
            return await self.queue.get()
        elif kind == "h":
            return self.queue.get_nowait()
        elif kind == "d":
            self.queue.task_done()
        elif kind == "j":
            await self.queue.join()
        elif kind == "z":
            self.queue.shutdown(number == 1)
        return ""

    async def turns(self, number):
        for _ in range(number):
            await asyncio.sleep(0)

    async def task(self, index, steps):
        ignores = steps[0] == "!"
        for name in steps[ignores:]:
            before = f"{index}:{name}"
            try:
                self.events.append(before + "=" + str(await self.step(name)))
            except BaseException as failure:
                self.events.append(before + "=" + NAMES[type(failure)])
                if isinstance(failure, asyncio.CancelledError) and not ignores:
                    raise

    async def main(self):
        for index, steps in enumerate(self.tasks):
            self.running.append(asyncio.create_task(self.task(index, steps)))
        for _ in range(TURNS):
            self.events.append(".")
            await asyncio.sleep(0)
        self.state()
        for _ in range(10):
            for task in self.running:
                task.cancel()
            await self.turns(4)
        self.state()

    def state(self):
        states = "".join("p" if not t.done() else "c" if t.cancelled() else "d" for t in self.running)
        flags = [self.lock.locked(), self.semaphore.locked(), self.condition.locked(), self.event.is_set(),
                 self.barrier.broken]
        self.events.append(states + "".join("ft"[flag] for flag in flags) + f"{self.barrier.n_waiting}"
                           + f"{self.queue.qsize()}")


THEMES = ["l0 l1 l2 l0 l1", "s0 s1 s2 s1 r", "k0 k1 w0 w1 w2 m1 m1 m2 n1", "e e f u", "b b b b v a", "p1 p2 g g q3 h d j z0 z1"]


def generate(seed):
    source = random.Random(seed)
    theme = source.choice(THEMES).split()
    tasks = []
    for _ in range(source.randint(2, 6)):
        steps = [source.choice(theme + ["y1", "y2", "c" + str(source.randint(0, 5))])
                 for _ in range(source.randint(1, 8))]
        tasks.append(("! " if source.random() < 0.3 else "") + " ".join(steps))
    return "|".join(tasks)


def main(first, count):
    for seed in range(first, first + count):
        text = generate(seed)

        async def run():
            program = Program(text)
            await program.main()
            return program.events

        print(text + " => " + " ".join(asyncio.run(run())))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
