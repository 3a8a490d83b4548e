/**
 * Locks and queues for the tasks of one loop: {@link dev.heddle.sync.Lock}, {@link dev.heddle.sync.Event}, {@link
 * dev.heddle.sync.Condition}, {@link dev.heddle.sync.Semaphore}, {@link dev.heddle.sync.Barrier} and {@link dev.heddle.sync.Queue}. They
 * correspond to the primitives of Python's {@code asyncio}.
 *
 * <p>None of them is thread-safe. Each belongs to the loop in which a task first had to wait for it, and is used on the thread of that
 * loop. Waiting for it in another loop throws an {@code IllegalStateException}, and so does changing it on another thread while its loop
 * runs. In both cases nothing has changed. Waiters are served in the order of their arrival. An operation that does not have to wait
 * neither suspends nor allocates.
 *
 * <p>A method that may wait returns a coroutine, which does nothing until it is awaited or becomes a task. The coroutine of a method
 * without arguments can be awaited repeatedly. For example, awaiting the result of {@link dev.heddle.sync.Lock#acquire} twice acquires the
 * lock twice.
 */
@NullMarked
package dev.heddle.sync;

import org.jspecify.annotations.NullMarked;
