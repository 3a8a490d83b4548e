// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Serves a page with live statistics over HTTP, for a browser, curl or wrk. The argument is the port, 8080 if there is none. Ctrl-C answers the
 * requests that are in progress and ends the program.
 */
public final class Http {

    private static final String USAGE = """
            usage: http [PORT]
            Serves HTTP/1.1 at http://localhost:PORT/ (default 8080; 0 chooses a free one) until Ctrl-C:
              /            a page with live statistics of the server
              /statistics  the numbers of the page, as JSON
              /text        a short text, for wrk
              /echo        sends the body of a POST back""";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Http() {}

    public static void main(String[] args) {
        int exitCode = execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Runs the program and returns its exit code. */
    static int execute(String... args) {
        String port = args.length == 0 ? "8080" : args[0];
        if (port.equals("--help") || port.equals("-h")) {
            System.out.println(USAGE);
            return 0;
        }
        if (args.length > 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 0xffff) {
            System.err.println(
                    "http: the argument is a port, a number from 0 to 65535" + System.lineSeparator() + USAGE);
            return 2;
        }
        try {
            run(serve(Integer.parseInt(port)));
        } catch (IOException inUse) {
            System.err.println("http: cannot listen at port " + port + ": " + inUse.getMessage());
            return 1;
        }
        return 0;
    }

    @Async
    private static Coroutine<Void> serve(int port) throws IOException {
        HttpServer server = await(start(port));
        System.out.println("Serving at http://localhost:" + server.port() + "/ (Ctrl-C ends it)");
        try {
            await(getRunningLoop().createFuture()); // until the task is cancelled
        } finally {
            System.out.println("Stopping; " + server.statistics().inProgress() + " requests are in progress");
            await(server.stop(PATIENCE));
            System.out.println("Answered " + server.statistics().answered() + " requests");
        }
        return Coroutine.done();
    }

    /** Starts the server of the sample. */
    @Async
    static Coroutine<HttpServer> start(int port) throws IOException {
        Statistics statistics = new Statistics();
        Handler handler = new StatusPage(statistics).router();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return HttpServer.start(address, handler, statistics, Limits.DEFAULT, TimeOuts.DEFAULT);
    }
}
