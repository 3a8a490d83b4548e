"""The counterpart of Events.java. `events.py <module>` runs every coroutine function of the module that takes `log`
and prints its name and its events."""

import asyncio
import importlib
import inspect
import re
import sys

import virtual_time

JAVA_NAMES = {
    asyncio.InvalidStateError: "InvalidStateException",
    RuntimeError: "IllegalStateException",
    ValueError: "IllegalArgumentException",
    TimeoutError: "TimeoutException",
    asyncio.BrokenBarrierError: "BrokenBarrierException",
    asyncio.QueueEmpty: "QueueEmptyException",
    asyncio.QueueFull: "QueueFullException",
    LookupError: "NoSuchElementException",
}
if hasattr(asyncio, "QueueShutDown"):
    JAVA_NAMES[asyncio.QueueShutDown] = "QueueShutDownException"

MESSAGES = {
    "Result is not set.": "Result is not ready.",  # the former where futures are written in C
}

CALLED_TOO_OFTEN = {  # value errors in Python, but no value is wrong
    "BoundedSemaphore released too many times",
    "task_done() called too many times",
}


class Log:
    def __init__(self):
        self.events = []
        self.turns = 0  # counted by trace_programs

    def add(self, event):
        self.events.append(shown(event))

    def at(self, event):
        self.events.append(f"{shown(event)}@{asyncio.get_running_loop().time():g}")

    def turn(self, event):
        self.events.append(f"{shown(event)} in turn {self.turns}")


def shown(value):
    if isinstance(value, BaseExceptionGroup):
        return f"ExceptionGroup: {value.message} {shown(list(value.exceptions))}"
    if isinstance(value, BaseException):
        own = isinstance(value, (asyncio.CancelledError, ValueError))
        name = JAVA_NAMES.get(type(value), type(value).__name__)
        return name + (f": {value.args[0]}" if own and value.args and value.args[0] else "")
    return "[" + " ".join(map(shown, value)) + "]" if isinstance(value, list) else str(value)


def message(failure):
    """A failure with the first sentence of its message, where that is part of the contract. Java says more after it."""
    text = re.sub(r"[.:;]( .*)?$", "", MESSAGES.get(str(failure), str(failure)))
    kind = RuntimeError if text in CALLED_TOO_OFTEN else type(failure)
    return JAVA_NAMES.get(kind, kind.__name__) + ": " + text


def call(function, *args):
    """What a plain call gives or throws, with its message."""
    try:
        return shown(function(*args))
    except BaseException as failure:
        return message(failure)


async def attempt(awaitable):
    try:
        return shown(await awaitable)
    except BaseException as failure:
        return shown(failure)


def outcome(future):
    try:
        return shown(future.result())
    except BaseException as failure:
        return shown(failure)


def state(future):
    state = "pending" if not future.done() else "cancelled" if future.cancelled() else "done"
    return state + (f" {future.cancelling()}" if isinstance(future, asyncio.Task) else "")


def create_future():
    return asyncio.get_running_loop().create_future()


def call_soon(callback, *args):
    asyncio.get_running_loop().call_soon(callback, *args)


async def run(program, log):
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: log.add("reported " + shown(context.get("exception"))))
    await program(log)


def main(module):
    for name, program in vars(importlib.import_module(module)).items():
        if inspect.iscoroutinefunction(program) and list(inspect.signature(program).parameters) == ["log"]:
            log = Log()
            virtual_time.run(run(program, log))
            print(f"{name}: {', '.join(log.events)}")


if __name__ == "__main__":
    main(sys.argv[1])
