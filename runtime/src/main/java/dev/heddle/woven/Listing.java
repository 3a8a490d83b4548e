package dev.heddle.woven;

import dev.heddle.Coroutine;

/**
 * A list of coroutines that somebody goes through once, to see whether one is there twice: each frame is marked in its state
 * meanwhile, which takes no table. Nothing may run between the first {@link #enter} and the last {@link #leave}.
 */
public final class Listing {

    private Listing() {}

    /** Marks {@code coroutine}; false if it is marked already, or cannot be, as it has begun or is no frame. */
    public static boolean enter(Coroutine<?> coroutine) {
        if (coroutine instanceof Frame<?> frame && frame.state == Frame.CREATED) {
            frame.state = Frame.LISTED;
            return true;
        }
        return false;
    }

    /** Takes the mark off {@code coroutine}, if it has one. */
    public static void leave(Coroutine<?> coroutine) {
        if (coroutine instanceof Frame<?> frame && frame.state == Frame.LISTED) {
            frame.state = Frame.CREATED;
        }
    }
}
