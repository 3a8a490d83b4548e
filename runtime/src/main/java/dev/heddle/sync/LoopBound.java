package dev.heddle.sync;

import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import org.jspecify.annotations.Nullable;

/** What belongs to one loop: that in which a task first had to wait for it. */
abstract class LoopBound {

    /** Null until somebody has waited. */
    private @Nullable EventLoop loop;

    /** Binds this to the running loop, unless it is bound. */
    final void bind() {
        EventLoop running = Asyncio.getRunningLoop();
        EventLoop bound = loop;
        if (bound == null) {
            loop = running;
        } else if (bound != running) {
            throw new IllegalStateException(this + " is bound to a different event loop: a task of " + bound
                    + " waited for it before, so no task of " + running + " can; make one for each loop");
        }
    }
}
