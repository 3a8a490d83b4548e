package dev.heddle.weaver.traces;

import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import java.util.ArrayList;
import java.util.List;

/** The places where programs may have to wait, and the exceptions that they throw. */
public final class Pauses {

    /** After so many pauses the choices begin again. */
    static final int CHOICES = 6;

    private static int choices;
    private static int count;

    private Pauses() {}

    /** The exception that programs throw. Each instance is recorded. */
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

    /** Returns an awaitable that suspends or does not, depending on the choices. */
    public static Awaitable<?> pause() {
        boolean suspends = (choices >> count++ % CHOICES & 1) != 0;
        return suspends ? Asyncio.sleep(0) : Coroutine.done();
    }
}
