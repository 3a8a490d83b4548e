"""Runs the programs of `programs/<theme>.py` and prints their events, which TraceEqualityIT compares with what the
programs of the same names do in Java: `trace_programs.py <theme>...`. Redirected to <theme>.txt in the resources, in the
package of the theme's Java class, the output is what Java is compared with where there is no CPython.

A line `== <theme>.<program>` begins each program. A program that needs a newer CPython has the line `needs 3.13`."""

import asyncio
import gc
import importlib
import inspect
import math
import os
import sys

import events
import virtual_time

BURST = 12  # turns that are counted after each half second
LIMIT = 1000.0  # seconds after which turns are not counted, so that a deadlock is seen


class OrderedSet(dict):
    """A set of tasks in the order in which they were added. That of a set is the order of addresses."""

    def add(self, element):
        self[element] = None

    def discard(self, element):
        self.pop(element, None)


class OrderedTaskGroup(asyncio.TaskGroup):
    """A group that cancels its tasks in the order in which they were made."""

    def __init__(self):
        super().__init__()
        self._tasks = OrderedSet()


asyncio.TaskGroup = OrderedTaskGroup


class Turns:
    """Counts the turns of the loop into a log: a number of them, then after the next half second as many again, for
    no time passes while something is ready. In some turns the program is cancelled."""

    def __init__(self, log, cancels):
        self.log = log
        self.cancels = cancels
        self.task = None
        self.cancelled = False
        self.over = False

    def tick(self):
        loop = asyncio.get_running_loop()
        self.log.turns += 1
        if self.log.turns in self.cancels:
            self.cancelled |= self.task.cancel(self.cancels[self.log.turns])
        if self.over or loop.time() >= LIMIT:
            return
        if self.log.turns % BURST:
            loop.call_soon(self.tick)
        else:
            loop.call_at(math.floor(loop.time() * 2 + 1) / 2, self.tick)


async def main(log, program, turns):
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: reported(log, context))
    loop.call_soon(turns.tick)
    turns.task = asyncio.create_task(program(log), name="main")
    await asyncio.wait([turns.task])
    turns.over = True
    log.at(f"ends: {events.outcome(turns.task)}, {events.state(turns.task)}")
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        _, pending = await asyncio.wait(left, timeout=100)
        log.at(f"left: {len(left)}, {len(pending)} pending")


def reported(log, context):
    """Failures nobody has looked at are reported by both, at different times: see the deviations in runtime/README.md."""
    if context["message"].startswith("Exception in callback"):
        log.add("reported " + events.shown(context["exception"]))


kept = []  # what has not ended must not be collected, or its finally clauses would run


def trace(program, cancels):
    """The events of one run, and whether it was not done when it was to be cancelled."""
    log = events.Log()
    turns = Turns(log, cancels)
    loop = virtual_time.VirtualTimeLoop()
    try:
        loop.run_until_complete(main(log, program, turns))
    except RuntimeError as failure:
        log.add(str(failure))
    kept.append(asyncio.all_tasks(loop))
    loop.close()
    return log.events, turns.cancelled


def swept(program, again):
    """The events of runs cancelled in the first turn, in the second and so on up to the end; runs that do the same
    one after the other are shown once."""
    first, turn = 1, 1
    before, cancelled = trace(program, cancels(turn, again))
    while cancelled:
        assert turn < 2000, f"{program.__name__} does not end"
        turn += 1
        now, cancelled = trace(program, cancels(turn, again))
        if now != before or not cancelled:
            yield f"cancelled in turns {first} to {turn - 1}:"
            yield from before
            first, before = turn, now
    yield "not cancelled:"
    yield from before


def cancels(turn, again):
    return {turn: "M", turn + again: "N"} if again else {turn: "M"}


def sweep(program=None, *, again=0):
    """Marks a program to be run once for each turn in which it can be cancelled, and cancelled a second time `again`
    turns later."""
    def mark(function):
        function.sweep = again
        return function
    return mark(program) if program else mark


def since(*version):
    """Marks a program that does what it should in this version of CPython and in newer ones."""
    def mark(function):
        function.since = version
        return function
    return mark


def run(program):
    version = getattr(program, "since", ())
    if sys.version_info < version:
        return [f"needs {'.'.join(map(str, version))}"]
    if hasattr(program, "sweep"):
        return swept(program, program.sweep)
    return trace(program, {})[0]


def programs(theme):
    module = importlib.import_module("programs." + theme)
    return [(name, program) for name, program in vars(module).items()
            if inspect.iscoroutinefunction(program) and program.__module__ == module.__name__
            and list(inspect.signature(program).parameters) == ["log"]]


if __name__ == "__main__":
    # Programs import the decorators from here, and must not get a second copy of this module.
    sys.modules["trace_programs"] = sys.modules["__main__"]
    gc.disable()
    for theme in sys.argv[1:]:
        for name, program in programs(theme):
            print(f"== {theme}.{name}")
            for event in run(program):
                print(event)
    sys.stdout.flush()
    os._exit(0)
