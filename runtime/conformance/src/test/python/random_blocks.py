"""The statements of random programs about task groups, timeouts and as_completed."""

import asyncio

# Generator -----------------------------------------------------------------------------------------------------------


class BlockGenerator:
    """What a Generator adds to its words to make blocks."""

    LEAVES = " child child child attack attack reschedule limit uncancel selfcancel"
    NESTED = " taskgroup taskgroup taskgroup taskgroup timeout timeout timeout ordered"

    groups = 0
    limits = 0

    def make_taskgroup(self, owner, depth):
        self.groups += 1
        name = "g" + str(self.groups)
        children = [self.child(name, depth + 1) for _ in range(self.random.randint(0, 3))]
        return ["taskgroup", name] + children + self.block(owner, depth + 1)

    def child(self, group, depth):
        number = self.number()
        return ["child", group, "n" + str(number)] + self.block(number, depth + 1)

    def make_child(self, owner, depth):
        """Any task may make tasks in any group, also in one that is over."""
        return self.child("g" + str(self.random.randint(max(self.groups - 2, 1), max(self.groups, 1))), depth)

    def make_timeout(self, owner, depth):
        self.limits += 1
        delay = self.random.choice(["none", "-1", "0", "0", "1", "2", "3"])
        return ["timeout", "t" + str(self.limits), delay] + self.block(owner, depth + 1)

    def make_reschedule(self, owner, depth):
        return ["reschedule", self.some_limit(), self.random.choice(["none", "-1", "0", "1", "3"])]

    def make_limit(self, owner, depth):
        return ["limit", self.some_limit()]

    def some_limit(self):
        return "t" + str(self.random.randint(1, max(self.limits, 1)))

    def make_ordered(self, owner, depth):
        return ["ordered", self.random.choice(["none", "none", "0", "1", "2"])] + self.items(owner, depth)

    def make_attack(self, owner, depth):
        """A cancellation from outside, some turns or seconds later."""
        delay = self.random.choice(["0", "0", "0", "1", "2"])
        return ["attack", delay, str(self.random.randint(0, 12)), self.anything(), self.label()]


# Interpreter ---------------------------------------------------------------------------------------------------------


class OrderedSet(dict):
    """A set in the order of its making, so that programs run the same way every time."""

    def add(self, item):
        self[item] = None

    def discard(self, item):
        self.pop(item, None)

    remove = discard


class OrderedGroup(asyncio.TaskGroup):
    def __init__(self):
        super().__init__()
        self._tasks = OrderedSet()

    def create_task(self, coroutine):
        """As of 3.14, where the group learns by a callback of an eager task that is done at once, too."""
        if (self._exiting and not self._tasks) or self._aborting:
            coroutine.close()
            raise RuntimeError("refused")
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task


def in_order(awaitables, timeout):
    """as_completed, with callbacks in the order of the arguments."""
    iterator = asyncio.as_completed([])
    loop = asyncio.get_running_loop()
    todo = OrderedSet()
    for awaitable in dict.fromkeys(awaitables):
        todo.add(asyncio.ensure_future(awaitable))
    for future in todo:
        future.add_done_callback(iterator._handle_completion)
    if todo and timeout is not None:
        iterator._timeout_handle = loop.call_later(timeout, iterator._handle_timeout)
    iterator._todo = todo
    iterator._todo_left = len(todo)
    return iterator


class BlockInterpreter:
    """What an Interpreter does with the statements of a BlockGenerator."""

    def __init__(self):
        self.groups = {}
        self.limits = {}

    async def block_taskgroup(self, who, node):
        try:
            async with OrderedGroup() as group:
                self.groups[node[1]] = group
                returned = await self.block(who, node[2:])
                self.log(who, node[1] + " body ends")
                return returned
        finally:
            self.log(who, f"leaves {node[1]} cancelling {asyncio.current_task().cancelling()}")

    async def block_timeout(self, who, node):
        try:
            async with asyncio.timeout(None if node[2] == "none" else int(node[2])) as limit:
                self.limits[node[1]] = limit
                return await self.block(who, node[3:])
        finally:
            self.log(who, f"leaves {node[1]} cancelling {asyncio.current_task().cancelling()}")
            self.do_limit(who, node)

    async def block_ordered(self, who, node):
        for coroutine in in_order(self.items(node[2:]), None if node[1] == "none" else int(node[1])):
            self.log(who, "next " + shown(await coroutine))

    def do_child(self, who, node):
        group = self.groups.get(node[1])
        if group:
            try:
                self.named[node[2]] = group.create_task(self.body(node[2], node[3:]))
            except RuntimeError:
                self.log(who, f"{node[1]} refuses {node[2]}")

    def do_reschedule(self, who, node):
        limit = self.limits.get(node[1])
        if limit:
            try:
                limit.reschedule(None if node[2] == "none" else self.loop.time() + int(node[2]))
            except RuntimeError:
                self.log(who, f"{node[1]} refuses")

    def do_limit(self, who, node):
        limit = self.limits.get(node[1])
        if limit:
            when = "none" if limit.when() is None else str(int(limit.when()))
            self.log(who, f"{node[1]} until {when} {'expired' if limit.expired() else 'not expired'}")

    def do_attack(self, who, node):
        if node[1] == "0":
            self.attack(int(node[2]), node)
        else:
            self.loop.call_later(int(node[1]), self.attack, int(node[2]), node)

    def attack(self, turns, node):
        if turns:
            self.loop.call_soon(self.attack, turns - 1, node)
        else:
            self.do_cancel("attack", ["cancel", node[3], node[4]])


def shown(outcome):
    if isinstance(outcome, asyncio.CancelledError):
        return "cancelled " + str(outcome.args[0]) if outcome.args else "cancelled"
    if isinstance(outcome, list):
        return "[" + " ".join(map(shown, outcome)) + "]"
    if isinstance(outcome, BaseExceptionGroup):
        return "group " + shown(list(outcome.exceptions))
    return "timeout" if isinstance(outcome, TimeoutError) else str(outcome)
