"""The counterpart of Events.java. `events.py <module>` runs every coroutine function of the module that takes `log`
and prints its name and its events."""

import asyncio
import importlib
import inspect
import sys

import virtual_time

JAVA_NAMES = {
    asyncio.InvalidStateError: "InvalidStateException",
    RuntimeError: "IllegalStateException",
    ValueError: "IllegalArgumentException",
    TimeoutError: "TimeoutException",
}


class Log:
    def __init__(self):
        self.events = []

    def add(self, event):
        self.events.append(shown(event))

    def at(self, event):
        self.events.append(f"{shown(event)}@{asyncio.get_running_loop().time():g}")


def shown(value):
    if isinstance(value, BaseException):
        own = isinstance(value, (asyncio.CancelledError, ValueError))
        name = JAVA_NAMES.get(type(value), type(value).__name__)
        return name + (f": {value.args[0]}" if own and value.args and value.args[0] else "")
    return "[" + " ".join(map(shown, value)) + "]" if isinstance(value, list) else str(value)


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
