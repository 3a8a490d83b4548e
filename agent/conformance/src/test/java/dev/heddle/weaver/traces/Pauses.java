package dev.heddle.weaver.traces;

import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import java.util.ArrayList;
import java.util.List;

/** Where programs may have to wait, and the exceptions they throw. */
public final class Pauses {

    /** After so many pauses the choices begin again. */
    static final int CHOICES = 6;

    private static int choices;
    private static int count;

    private Pauses() {}

    /** What a program throws. Every one that is made is remembered. */
    public static class Broken extends Exception {
        private static final long serialVersionUID = 1;

        static final List<Broken> MADE = new ArrayList<>();

        public Broken() {
            MADE.add(this);
        }

        public Broken(String message, Throwable cause) {
            super(message, cause);
            MADE.add(this);
        }
    }

    /** Begins a program whose pauses suspend where the bits of {@code newChoices} are set. */
    static void begin(int newChoices) {
        choices = newChoices;
        count = 0;
        Broken.MADE.clear();
    }

    /** Awaited, lets others run or does not. */
    public static Awaitable<?> pause() {
        boolean suspends = (choices >> count++ % CHOICES & 1) != 0;
        return suspends ? Asyncio.sleep(0) : Coroutine.done();
    }
}
