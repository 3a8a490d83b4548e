/**
 * Locks and queues for the tasks of one loop, those of Python's {@code asyncio}: {@link dev.heddle.sync.Lock}, {@link
 * dev.heddle.sync.Event}, {@link dev.heddle.sync.Condition}, {@link dev.heddle.sync.Semaphore}, {@link
 * dev.heddle.sync.Barrier} and {@link dev.heddle.sync.Queue}.
 *
 * <p>None is safe for threads. Each is used on the thread of one loop: the one in which a task first had to wait for it. Waiting for it
 * in another is an error, and so is changing it on another thread while that loop runs: an {@code IllegalStateException}, and nothing has changed. The first waiter goes on first. An operation that need not wait neither suspends nor allocates.
 *
 * <p>A method that may wait returns a coroutine, which does nothing until it is awaited or made a task. The coroutine of a method without
 * arguments can be awaited again and again: {@code await} the result of {@link dev.heddle.sync.Lock#acquire} twice and the lock is acquired twice.
 */
@NullMarked
package dev.heddle.sync;

import org.jspecify.annotations.NullMarked;
