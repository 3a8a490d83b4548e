"""Programs of task groups; GroupsPrograms has the same."""

import asyncio
import re

from events import attempt, create_future, outcome, state
from programs.common import cleaning, failing, step, stubborn
from trace_programs import since, sweep


async def groupOfTwo(log):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(step(log, name, 1)) for name in "ab"]
    log.at([task.result() for task in tasks])


@sweep
async def groupCancelledAtEveryTurn(log):
    async with asyncio.TaskGroup() as group:
        group.create_task(step(log, "a", 0))
        group.create_task(cleaning(log, "b", 1, 0.5))
        log.at(await asyncio.sleep(0.5, "body goes on"))
        group.create_task(step(log, "c", 0.5))
        log.at("body ends")
    log.at("group ends")


@since(3, 13)
@sweep
async def groupWithATaskThatFails(log):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(cleaning(log, "a", 1, 0.5))
            group.create_task(failing(log, "b", 0.5))
            try:
                await step(log, "body", 2)
            finally:
                log.at("body leaves " + state(asyncio.current_task()))
    except ExceptionGroup as failures:
        log.at(failures)
    log.add(state(asyncio.current_task()))
    log.at(await asyncio.sleep(0.5, "goes on"))


@since(3, 13)
async def tasksThatFailInOneTurn(log):
    async def both(delay):
        async with asyncio.TaskGroup() as group:
            group.create_task(failing(log, "a", delay))
            group.create_task(failing(log, "b", delay))
            group.create_task(step(log, "c", delay))

    for delay in (0, 1):
        log.at(await attempt(both(delay)))


async def bodyFailsAfterItsTasks(log):
    async def body(awaiting):
        async with asyncio.TaskGroup() as group:
            group.create_task(failing(log, "a", 0))
            waiting = group.create_task(stubborn(log, "b", 1))
            try:
                await asyncio.sleep(awaiting)
            finally:
                log.at("leaves " + state(waiting))
                raise ValueError("body")

    log.at(await attempt(body(0)))
    log.at(await attempt(body(2)))


@since(3, 13)
@sweep
async def groupInAGroup(log):
    async def inner():
        async with asyncio.TaskGroup() as group:
            group.create_task(cleaning(log, "a", 0.5, 0.5))
            group.create_task(failing(log, "b", 1))
            await step(log, "inner", 0.25)

    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(inner())
            group.create_task(step(log, "c", 2))
            await inner()
    except ExceptionGroup as failures:
        log.at(failures)
        log.add(outcome(task) if task.done() else state(task))
        raise


@sweep(again=2)
async def groupWithAStubbornTask(log):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(stubborn(log, "a", 1)), group.create_task(step(log, "b", 0.5))]
    log.at([state(task) for task in tasks])
    await asyncio.sleep(0)
    log.add("not reached if cancelled")


@since(3, 13)
@sweep
async def groupFailsWhileItIsCancelled(log):
    async def failing_when_cancelled(name):
        try:
            await step(log, name, 1)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            raise ValueError(name)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(failing_when_cancelled("a"))
            group.create_task(step(log, "b", 0.5))
    except ExceptionGroup as failures:
        log.at(failures)
        log.add(state(asyncio.current_task()))
        await asyncio.sleep(0)
        log.add("not cancelled again")


@since(3, 13)
async def groupRefusesTasks(log):
    async def refused(group):
        coroutine = step(log, "refused", 0)
        try:
            group.create_task(coroutine)
        except RuntimeError as failure:
            coroutine.close()
            log.add(re.search("is [a-z ]+", str(failure)).group())

    async def late(group):
        await asyncio.sleep(1)
        group.create_task(step(log, "late", 1))

    async def cleaning_up(group):
        try:
            await create_future()
        finally:
            await refused(group)

    async with asyncio.TaskGroup() as group:
        group.create_task(late(group))
    log.at("ends")
    await refused(group)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(cleaning_up(group))
            group.create_task(failing(log, "a", 0))
    except ExceptionGroup as failures:
        log.at(failures)
    await refused(group)


async def cancelledTaskDoesNotHarmTheGroup(log):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(step(log, name, 1)) for name in "abc"]
        tasks[0].cancel("unstarted")
        await asyncio.sleep(0)
        tasks[1].cancel("started")
        log.add(await attempt(tasks[1]))
    log.at([outcome(task) for task in tasks])


@since(3, 13)
async def taskMadeInTheTurnInWhichTheGroupFails(log):
    async def making(group, turns):
        for _ in range(turns):
            await asyncio.sleep(0)
        group.create_task(step(log, f"made after {turns}", 0))
        log.turn("made")

    async def group_of_three(turns, first):
        async with asyncio.TaskGroup() as group:
            if first:
                group.create_task(making(group, turns))
            group.create_task(failing(log, "a", 0))
            if not first:
                group.create_task(making(group, turns))

    for turns in range(4):
        for first in (True, False):
            log.turn(await attempt(group_of_three(turns, first)))


@sweep
async def bodySwallowsTheCancellation(log):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(step(log, "a", 1))
        try:
            await asyncio.sleep(0.5)
        except asyncio.CancelledError as error:
            log.at(error)
            log.add(state(task))
    log.at([outcome(task), state(asyncio.current_task())])
