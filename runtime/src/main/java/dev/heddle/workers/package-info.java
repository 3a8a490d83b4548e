/**
 * Event loops on several threads, for programs that need more than one core or keep very many connections. {@link
 * dev.heddle.workers.Workers} starts the threads; {@link dev.heddle.workers.SharedQueue} hands elements from one loop to another.
 *
 * <p>A coroutine stays on the loop on which it began, so data that only the coroutines of one loop use needs no lock. Data that crosses
 * loops must be immutable or handed over. It can travel through a {@code SharedQueue}, through a {@code CompletableFuture}, which any loop can
 * await, or through {@link dev.heddle.EventLoop#callSoonThreadsafe}. A {@link dev.heddle.Future}, a task, and the locks and queues of {@code
 * dev.heddle.sync} belong to one loop.
 */
@NullMarked
package dev.heddle.workers;

import org.jspecify.annotations.NullMarked;
