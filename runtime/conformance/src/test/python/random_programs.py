"""Makes random programs of tasks and runs them: `random_programs.py <first seed> <how many> [blocks] [eager]` prints each
program, what happened in it line by line, and an empty line; with `blocks` there are task groups, timeouts and
as_completed too, with `eager` all tasks are. RandomProgramsIT runs the same programs."""

import asyncio
import gc
import os
import random
import sys

from random_blocks import BlockGenerator, BlockInterpreter, shown
from virtual_time import VirtualTimeLoop

# Generator -----------------------------------------------------------------------------------------------------------


class Generator(BlockGenerator):
    """A program is a list of statements; a statement is a list of words and lists. What runs under the number n
    awaits only what has a greater number, so that no tasks await each other."""

    def __init__(self, seed, blocks):
        self.blocks = blocks
        self.random = random.Random(seed)
        self.numbers = 0
        self.labels = 0
        self.size = 0

    def label(self):
        self.labels += 1
        return str(self.labels)

    def number(self):
        self.numbers += 1
        return self.numbers

    def program(self):
        tasks = [self.make_spawn(0, 1) for _ in range(self.random.randint(0, 3))]
        attacks = [self.make_attack(0, 0) for _ in range(self.random.randint(0, 2))] if self.blocks else []
        return tasks + attacks + self.block(0, 0, self.random.randint(3, 6))

    def block(self, owner, depth, length=None):
        length = self.random.randint(1, 4) if length is None else length
        return [self.statement(owner, depth) for _ in range(length)]

    def statement(self, owner, depth):
        self.size += 1
        leaves = "log sleep sleep yield yield await await cancel cancel wait return raise future complete complete"
        leaves += " callback soon later fail state selfcancel uncancel timed timed"
        nested = "spawn spawn spawn spawn call gather settle group waitfor waitfor shield try try try repeat"
        if self.blocks:
            leaves += self.LEAVES
            nested += self.NESTED
        words = leaves if depth > 4 or self.size > 60 else leaves + " " + nested
        kind = self.random.choice(words.split())
        if kind in ("return", "raise", "selfcancel") and self.random.random() < 0.5:
            kind = "yield"
        return getattr(self, "make_" + kind)(owner, depth)

    def make_log(self, owner, depth):
        return ["log", self.label()]

    def make_sleep(self, owner, depth):
        return ["sleep", str(self.random.randint(1, 4))]

    def make_yield(self, owner, depth):
        return ["yield", str(self.random.randint(1, 4))]

    def name(self, owner):
        """What may be awaited, mostly something that has been made in the text before."""
        return "n" + str(self.random.randint(owner + 1, max(self.numbers, owner) + 1))

    def anything(self):
        return "n" + str(self.random.randint(0, self.numbers))

    def item(self, owner, depth):
        if depth > 4 or self.random.random() < 0.4:
            return self.name(owner)
        number = self.number()
        return ["n" + str(number)] + self.block(number, depth + 1)

    def items(self, owner, depth):
        return [self.item(owner, depth) for _ in range(self.random.randint(0, 3))]

    def make_spawn(self, owner, depth):
        number = self.number()
        return ["spawn", "n" + str(number)] + self.block(number, depth + 1)

    def make_await(self, owner, depth):
        return ["await", self.name(owner)]

    def make_cancel(self, owner, depth):
        return ["cancel", self.anything(), self.label()]

    def make_call(self, owner, depth):
        return ["call"] + self.block(owner, depth + 1)

    def make_gather(self, owner, depth):
        return ["gather"] + self.items(owner, depth)

    def make_settle(self, owner, depth):
        return ["settle"] + self.items(owner, depth)

    def make_group(self, owner, depth):
        number = self.number()
        return ["group", "n" + str(number)] + self.items(number, depth)

    def make_wait(self, owner, depth):
        condition = self.random.choice(["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"])
        names = [self.name(owner) for _ in range(self.random.randint(0, 3))]
        return ["wait", condition, self.random.choice(["none", "0", "1", "3"])] + names

    def make_waitfor(self, owner, depth):
        return ["waitfor", self.random.choice(["none", "0", "1", "2", "3"]), self.item(owner, depth)]

    def make_shield(self, owner, depth):
        return ["shield", self.item(owner, depth)]

    def make_return(self, owner, depth):
        return ["return", self.label()]

    def make_raise(self, owner, depth):
        return ["raise", self.label()]

    def make_future(self, owner, depth):
        return ["future", "n" + str(self.number())]

    def make_complete(self, owner, depth):
        return ["complete", self.anything(), self.label()]

    def make_fail(self, owner, depth):
        return ["fail", self.anything(), self.label()]

    def make_timed(self, owner, depth):
        """A future that a timer, or the next turn, completes while it is awaited."""
        number = "n" + str(self.number())
        return ["timed", number, str(self.random.randint(0, 3)), self.random.choice(["complete", "fail"]), self.label()]

    def make_callback(self, owner, depth):
        return ["callback", self.anything(), self.label()]

    def make_soon(self, owner, depth):
        return ["soon", self.random.choice(["log", "raise"]), self.label()]

    def make_later(self, owner, depth):
        return ["later", str(self.random.randint(-1, 3)), self.label()]

    def make_state(self, owner, depth):
        return ["state", self.anything()]

    def make_selfcancel(self, owner, depth):
        return ["selfcancel", self.label()]

    def make_uncancel(self, owner, depth):
        return ["uncancel"]

    def make_repeat(self, owner, depth):
        return ["repeat", "2"] + self.block(owner, depth + 1, 2)

    def make_try(self, owner, depth):
        caught = self.random.choice(["nothing", "error", "cancel", "cancel", "any", "any"])
        then = self.random.choice(["swallow", "swallow", "rethrow"])
        body = self.block(owner, depth + 1)
        handler = self.block(owner, depth + 1, self.random.randint(0, 2))
        return ["try", body, [caught, then] + handler, self.block(owner, depth + 1, self.random.randint(0, 2))]


def text(node):
    return node if isinstance(node, str) else "(" + " ".join(map(text, node)) + ")"


# Interpreter ---------------------------------------------------------------------------------------------------------


class Returned:
    def __init__(self, value):
        self.value = value


class Interpreter(BlockInterpreter):
    def __init__(self, loop):
        super().__init__()
        self.loop = loop
        self.events = []
        self.named = {}
        self.ticks = 0
        self.over = False

    # A clock that shows in which turn of the loop something happens: it ticks in 8 turns, then sleeps.
    def tick(self):
        self.ticks += 1
        if not self.over:
            if self.ticks % 8:
                self.loop.call_soon(self.tick)
            else:
                self.loop.call_later(1, self.tick)

    def log(self, who, what):
        self.events.append(f"{self.ticks} {who} {what}")

    async def main(self, program):
        self.loop.set_exception_handler(self.reported)
        self.tick()
        self.named["n0"] = asyncio.create_task(self.body("n0", program))
        await asyncio.wait([self.named["n0"]], timeout=30)
        self.log("main", "n0 " + self.state("n0"))
        await asyncio.wait(list(self.named.values()), timeout=30)
        self.over = True
        for name in sorted(self.named, key=lambda name: int(name[1:])):
            self.log("main", name + " " + self.outcome(self.named[name]))

    def reported(self, loop, context):
        if context["message"].startswith("Exception in callback"):
            self.log("handler", shown(context["exception"]))

    async def body(self, who, statements):
        self.log(who, "begins")
        returned = await self.block(who, statements)
        return returned and returned.value

    async def block(self, who, statements):
        for statement in statements:
            returned = await self.statement(who, statement)
            if returned:
                return returned
        return None

    async def statement(self, who, node):
        kind = node[0]
        if kind == "sleep":
            self.log(who, f"slept {await asyncio.sleep(int(node[1]), node[1])}")
        elif kind == "yield":
            for _ in range(int(node[1])):
                await asyncio.sleep(0)
            self.log(who, "yielded")
        elif kind == "call":
            return await self.block(who, node[1:])
        elif kind == "repeat":
            for _ in range(int(node[1])):
                returned = await self.block(who, node[2:])
                if returned:
                    return returned
        elif kind == "try":
            return await self.protected(who, node)
        elif kind == "return":
            return Returned(node[1])
        elif kind == "raise":
            raise ValueError("E" + node[1])
        elif kind in ("taskgroup", "timeout", "ordered"):
            return await getattr(self, "block_" + kind)(who, node)
        elif kind in ("await", "gather", "settle", "wait", "waitfor", "shield", "timed"):
            await getattr(self, "await_" + kind)(who, node)
        else:
            getattr(self, "do_" + kind)(who, node)
        return None

    async def protected(self, who, node):
        kind, then, *handler = node[2]
        try:
            return await self.block(who, node[1])
        except BaseException as failure:
            cancelled = isinstance(failure, asyncio.CancelledError)
            if kind != "any" and kind != ("cancel" if cancelled else "error"):
                raise
            self.log(who, "caught " + shown(failure))
            returned = await self.block(who, handler)
            if then == "rethrow":
                raise
            return returned
        finally:
            self.log(who, "finally")
            await self.block(who, node[3])

    # Statements that await

    def item(self, node):
        return self.named.get(node) if isinstance(node, str) else self.body(node[0], node[1:])

    def items(self, nodes):
        return [item for item in map(self.item, nodes) if item]

    async def await_await(self, who, node):
        awaited = self.named.get(node[1])
        if awaited:
            self.log(who, f"{node[1]} gave {shown(await awaited)}")

    async def await_gather(self, who, node):
        results = await asyncio.gather(*self.items(node[1:]))
        self.log(who, "gathered " + shown(results))

    async def await_settle(self, who, node):
        results = await asyncio.gather(*self.items(node[1:]), return_exceptions=True)
        self.log(who, "settled " + shown([None if isinstance(r, asyncio.CancelledError) else r for r in results]))

    async def await_wait(self, who, node):
        futures = self.items(node[3:])
        if futures:
            timeout = None if node[2] == "none" else int(node[2])
            done, pending = await asyncio.wait(futures, timeout=timeout, return_when=node[1])
            self.log(who, "done " + self.names(done) + " pending " + self.names(pending))

    def names(self, futures):
        return "".join(name for name in self.named if self.named[name] in futures)

    async def await_waitfor(self, who, node):
        awaited = self.item(node[2])
        if awaited:
            timeout = None if node[1] == "none" else int(node[1])
            self.log(who, "in time " + shown(await asyncio.wait_for(awaited, timeout)))

    async def await_shield(self, who, node):
        awaited = self.item(node[1])
        if awaited:
            self.log(who, "shielded " + shown(await asyncio.shield(awaited)))

    async def await_timed(self, who, node):
        name, delay, end, label = node[1:]
        self.named[name] = self.loop.create_future()
        finish = self.do_complete if end == "complete" else self.do_fail
        if delay == "0":
            self.loop.call_soon(finish, who, [end, name, label])
        else:
            self.loop.call_later(int(delay), finish, who, [end, name, label])
        self.log(who, f"{name} gave {await self.named[name]}")

    # Statements that do not

    def do_log(self, who, node):
        self.log(who, node[1])

    def do_spawn(self, who, node):
        self.named[node[1]] = asyncio.create_task(self.body(node[1], node[2:]))

    def do_group(self, who, node):
        self.named[node[1]] = asyncio.gather(*self.items(node[2:]))

    def do_future(self, who, node):
        self.named[node[1]] = self.loop.create_future()

    def do_cancel(self, who, node):
        if node[1] in self.named:
            self.log(who, f"cancels {node[1]} {self.named[node[1]].cancel('M' + node[2])}".lower())

    def do_selfcancel(self, who, node):
        asyncio.current_task().cancel("M" + node[1])

    def do_uncancel(self, who, node):
        self.log(who, f"uncancelled {asyncio.current_task().uncancel()}")

    def do_complete(self, who, node):
        future = self.named.get(node[1])
        if type(future) is asyncio.Future and not future.done():
            future.set_result(node[2])

    def do_fail(self, who, node):
        future = self.named.get(node[1])
        if type(future) is asyncio.Future and not future.done():
            future.set_exception(ValueError("E" + node[2]))

    def do_callback(self, who, node):
        if node[1] in self.named:
            self.named[node[1]].add_done_callback(lambda _: self.log("callback", node[2] + " " + self.state(node[1])))

    def do_soon(self, who, node):
        self.loop.call_soon(self.soon, node[1], node[2])

    def soon(self, kind, label):
        if kind == "raise":
            raise ValueError("E" + label)
        self.log("soon", label)

    def do_later(self, who, node):
        self.loop.call_later(int(node[1]), self.log, "later", node[2])

    def do_state(self, who, node):
        if node[1] in self.named:
            self.log(who, node[1] + " " + self.state(node[1]))

    def state(self, name):
        future = self.named[name]
        state = "pending" if not future.done() else "cancelled" if future.cancelled() else "done"
        return state + (f" cancelling {future.cancelling()}" if isinstance(future, asyncio.Task) else "")

    def outcome(self, future):
        if not future.done():
            return "pending"
        try:
            return "result " + shown(future.result())
        except BaseException as failure:
            return shown(failure)


left = []  # what has not ended must not be collected, or its exception handlers would run


def run(program, eager):
    loop = VirtualTimeLoop()
    if eager:
        loop.set_task_factory(asyncio.eager_task_factory)
    interpreter = Interpreter(loop)
    loop.run_until_complete(interpreter.main(program))
    left.append((interpreter, asyncio.all_tasks(loop)))
    return list(interpreter.events)


def main(first, count, *options):
    for seed in range(int(first), int(first) + int(count)):
        program = Generator(seed, "blocks" in options).program()
        print(text(program), *run(program, "eager" in options), "", sep="\n")


if __name__ == "__main__":
    gc.disable()
    main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)
