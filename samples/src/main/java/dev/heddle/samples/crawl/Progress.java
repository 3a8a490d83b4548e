// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/** Shows the progress of a crawl: in one line that is rewritten on a terminal, in a line per second elsewhere. */
final class Progress {

    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final Stats stats;
    private final Frontier frontier;

    Progress(PrintStream out, Stats stats, Frontier frontier) {
        this.out = out;
        this.stats = stats;
        this.frontier = frontier;
    }

    /** Shows the progress until the task is cancelled. */
    @Async
    Coroutine<Void> show() {
        boolean terminal = isTerminal();
        try {
            while (true) {
                await(sleep(terminal ? 0.1 : 1));
                out.print(terminal ? ERASE_LINE + line() : line() + System.lineSeparator());
                out.flush();
            }
        } finally {
            out.print(terminal ? ERASE_LINE : "");
        }
    }

    private String line() {
        double elapsed = stats.elapsed();
        return String.format(
                Locale.ROOT,
                "%5.1f s  %d pages  %d failed  %d queued  %d in flight  %.0f pages/s",
                elapsed,
                stats.pages(),
                stats.failed(),
                frontier.size(),
                stats.inFlight(),
                stats.pages() / elapsed);
    }

    /**
     * Whether standard output is a terminal. Up to JDK 21 only a terminal has a console; later consoles have
     * {@code isTerminal}.
     */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJdk) {
            return true;
        } catch (ReflectiveOperationException broken) {
            return false;
        }
    }
}
