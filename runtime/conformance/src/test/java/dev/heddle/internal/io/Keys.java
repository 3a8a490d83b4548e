package dev.heddle.internal.io;

import dev.heddle.EventLoop;
import dev.heddle.internal.loop.LoopAccess;
import java.lang.reflect.Field;
import java.nio.channels.Selector;

/** Counts the channels that the selector of a loop knows. */
public final class Keys {

    private Keys() {}

    public static int count(EventLoop loop) {
        ChannelWatch watch = LoopAccess.core(loop).resource(ChannelWatch.class);
        try {
            Field selector = LoopSelector.class.getDeclaredField("selector");
            selector.setAccessible(true);
            return ((Selector) selector.get(watch)).keys().size();
        } catch (ReflectiveOperationException changed) {
            throw new LinkageError("the class has changed", changed);
        }
    }
}
