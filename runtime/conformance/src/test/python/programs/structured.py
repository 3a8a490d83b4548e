"""Larger programs built of task groups; StructuredPrograms has the same."""

import asyncio

from events import shown
from programs.common import cleaning, failing
from trace_programs import since, sweep


@since(3, 13)
@sweep
async def fastestOfAGroupWins(log):
    class Won(Exception):
        pass

    async def racing(name, delay):
        winners.append(await cleaning(log, name, delay, 0.25))
        raise Won()

    winners = []
    try:
        async with asyncio.TaskGroup() as group:
            for name, delay in (("a", 1), ("b", 0.5), ("c", 0.5)):
                group.create_task(racing(name, delay))
    except* Won as won:
        log.at(len(won.exceptions))
    return " ".join(winners)


@sweep
async def crawlerWithAGroupAndALimit(log):
    pages = {"/": ["/a", "/b"], "/a": ["/c", "/"], "/b": ["/c", "/d"], "/c": [], "/d": []}

    async def fetch(page):
        async with connections:
            log.at("fetch " + page)
            await asyncio.sleep(2 if page == "/d" else 0.25)
            return pages[page]

    async def visit(group, page):
        try:
            async with asyncio.timeout(0.75):
                links = await fetch(page)
        except TimeoutError as failure:
            log.at(page + " " + shown(failure))
            return
        for link in links:
            if link not in seen:
                seen.append(link)
                group.create_task(visit(group, link))

    connections = asyncio.Semaphore(2)
    seen = ["/"]
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(visit(group, "/"))
    finally:
        log.at([seen, connections.locked()])


@since(3, 13)
@sweep
async def supervisorRestartsWhatFails(log):
    async def service(name, lives):
        for life in range(lives):
            try:
                await failing(log, f"{name}{life}", 0.5)
            except ValueError as failure:
                log.at(failure)
                await asyncio.sleep(0.25 * life)
        raise ValueError(name + " is lost")

    async with asyncio.TaskGroup() as group:
        group.create_task(service("a", 2))
        group.create_task(service("b", 3))
