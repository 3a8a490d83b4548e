/**
 * Event loops on several threads: {@link dev.heddle.workers.Workers}, and {@link dev.heddle.workers.SharedQueue}, which hands elements
 * from one to another. For programs that compute more than one core can, or that keep very many connections.
 *
 * <p>A coroutine stays on the loop it began on, so that what only the coroutines of one loop touch needs no lock. What goes from loop to loop
 * is immutable, or given away, and goes through a {@code SharedQueue}, through a {@code CompletableFuture}, which can be awaited anywhere, or
 * by {@link dev.heddle.EventLoop#callSoonThreadsafe}. A {@link dev.heddle.Future}, a task, and the locks and queues of {@code
 * dev.heddle.sync} belong to one loop.
 */
@NullMarked
package dev.heddle.workers;

import org.jspecify.annotations.NullMarked;
