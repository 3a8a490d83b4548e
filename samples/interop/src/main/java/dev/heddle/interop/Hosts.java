// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import dev.heddle.Host;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.swing.SwingUtilities;
import javax.swing.Timer;

/** The event loops of other libraries as hosts. A program copies the one it needs. */
public final class Hosts {

    private Hosts() {}

    /** A thread of Netty. */
    public static Host netty(EventLoop eventLoop) {
        return new Host() {

            @Override
            public void execute(Runnable turn) {
                eventLoop.execute(turn);
            }

            @Override
            public Runnable executeLater(long nanos, Runnable turn) {
                Future<?> scheduled = eventLoop.schedule(turn, nanos, TimeUnit.NANOSECONDS);
                return () -> scheduled.cancel(false);
            }
        };
    }

    /** A context of Vert.x. */
    public static Host vertx(Vertx vertx, Context context) {
        return new Host() {

            @Override
            public void execute(Runnable turn) {
                context.runOnContext(nothing -> turn.run());
            }

            @Override
            public Runnable executeLater(long nanos, Runnable turn) {
                long millis = TimeUnit.NANOSECONDS.toMillis(nanos) + 1; // timers of Vert.x have milliseconds, from 1 on
                long timer = vertx.setTimer(millis, fired -> turn.run());
                return () -> vertx.cancelTimer(timer);
            }
        };
    }

    /** The event thread of Swing. */
    public static Host swing() {
        return new Host() {

            @Override
            public void execute(Runnable turn) {
                SwingUtilities.invokeLater(turn);
            }

            @Override
            public Runnable executeLater(long nanos, Runnable turn) {
                long millis = Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
                Timer timer = new Timer((int) millis, fired -> turn.run());
                timer.setRepeats(false);
                timer.start();
                return timer::stop;
            }
        };
    }
}
