/** What an event loop is made of and no program sees: queues, clocks, the way to block. */
@NullMarked
package dev.heddle.internal;

import org.jspecify.annotations.NullMarked;
