"""An asyncio loop in virtual time, whose timers with equal deadlines run in the order in which they were made."""

import asyncio
import asyncio.events
import itertools

order = itertools.count()


class FifoTimerHandle(asyncio.TimerHandle):
    __slots__ = ("order",)

    def __init__(self, *args):
        super().__init__(*args)
        self.order = next(order)

    def __lt__(self, other):
        return (self._when, self.order) < (other._when, other.order)


asyncio.events.TimerHandle = FifoTimerHandle


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__()
        self._now = 0.0
        self._clock_resolution = 1e-9
        select = self._selector.select
        self._selector.select = lambda timeout: self._jump(timeout) or select(0)

    def _jump(self, timeout):
        if timeout:
            self._now = self._scheduled[0]._when
        elif timeout is None:
            raise RuntimeError("deadlock")

    def time(self):
        return self._now


def run(main):
    loop = VirtualTimeLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()
