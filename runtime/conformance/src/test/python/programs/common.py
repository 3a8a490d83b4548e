"""Coroutines that many programs need; Steps.java has the same."""

import asyncio


async def step(log, name, delay):
    """Waits, and says when it begins, ends or is cancelled."""
    log.at(name + " begins")
    try:
        await asyncio.sleep(delay)
        log.at(name + " ends")
        return name
    except asyncio.CancelledError as error:
        log.at(name + " cancelled " + str(error))
        raise


async def failing(log, name, delay):
    """A step that fails at its end."""
    await step(log, name, delay)
    raise ValueError(name)


async def cleaning(log, name, delay, cleanup):
    """A step that takes time to clean up after itself."""
    try:
        return await step(log, name, delay)
    finally:
        await asyncio.sleep(cleanup)
        log.at(name + " clean")


async def stubborn(log, name, delay):
    """Waits as long as it likes, whatever is asked of it."""
    end = asyncio.get_running_loop().time() + delay
    while (left := end - asyncio.get_running_loop().time()) > 0:
        try:
            await asyncio.sleep(left)
        except asyncio.CancelledError as error:
            log.at(name + " ignores " + str(error))
    return name
