package dev.heddle.workers;

import dev.heddle.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those of one loop whose turn has come at a channel, and of whom the loop is going to hear with one message. From when the message is
 * sent until the loop reads it more can be added, for nothing. Guarded by the channel's lock.
 */
final class Wakeups implements Runnable {

    final EventLoop loop;
    final List<Party<?>> parties = new ArrayList<>();

    /** Another of which the message is to be sent, too. */
    @Nullable
    Wakeups next;

    private final Channel<?> channel;

    Wakeups(Channel<?> channel, EventLoop loop, @Nullable Wakeups next) {
        this.channel = channel;
        this.loop = loop;
        this.next = next;
    }

    /** Called on the loop's thread. */
    @Override
    public void run() {
        channel.close(this);
        parties.forEach(Party::wake);
    }

    @Override
    public String toString() {
        return "wake-ups of " + channel;
    }
}
