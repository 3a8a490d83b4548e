// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The embedded web site: an HTTP server on a free local port, with slow, broken and redirecting pages as planned. */
final class Site implements AutoCloseable {

    private static final String HTML = "text/html; charset=utf-8";
    private static final int BACKLOG = 512;

    static {
        // Otherwise small answers wait 40 ms for an acknowledgement (JDK-6968351).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Set<Integer> askedOnce = ConcurrentHashMap.newKeySet();
    private final SitePlan plan;
    private final HttpServer server;
    private final SitePages pages;

    private Site(long seed) throws IOException {
        plan = new SitePlan(seed);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        pages = new SitePages(plan, root());
        server.setExecutor(threads);
        server.createContext(SitePages.ROOT, this::handle);
        server.start();
    }

    static Site start(long seed) throws IOException {
        return new Site(seed);
    }

    /** The URL of the first page. */
    URI root() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + SitePages.ROOT);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        if (path.equals(SitePages.LOOP_ENTRY) || path.equals(SitePages.LOOP_EXIT)) {
            redirect(exchange, path.equals(SitePages.LOOP_ENTRY) ? SitePages.LOOP_EXIT : SitePages.LOOP_ENTRY);
            return;
        }
        int page = SitePages.page(path);
        if (page < 0) {
            send(exchange, 404, HTML, "no such page");
            return;
        }
        int delay = plan.delayMillis(page);
        Executor executor =
                delay == 0 ? Runnable::run : CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS, threads);
        executor.execute(() -> tryToAnswer(exchange, page));
    }

    private void tryToAnswer(HttpExchange exchange, int page) {
        try {
            answer(exchange, page);
        } catch (IOException hungUp) {
            // The crawler has read enough of a huge page, and closed the connection.
        }
    }

    private void answer(HttpExchange exchange, int page) throws IOException {
        switch (plan.kind(page)) {
            case PLAIN, SLOW, HUGE -> send(exchange, 200, HTML, pages.html(page));
            case MISSING -> send(exchange, 404, HTML, "missing");
            case BROKEN -> send(exchange, 500, HTML, "broken");
            case CUT -> cut(exchange, pages.html(page));
            case BUSY -> {
                boolean first = askedOnce.add(page);
                send(exchange, first ? 503 : 200, HTML, first ? "busy" : pages.html(page));
            }
            case MOVED -> redirect(exchange, SitePages.path(SitePlan.parent(page)));
            case IMAGE -> send(exchange, 200, "image/png", "not really an image");
        }
    }

    private static void send(HttpExchange exchange, int status, String contentType, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        try (exchange) {
            exchange.sendResponseHeaders(302, -1);
        }
    }

    private static void cut(HttpExchange exchange, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", HTML);
        try (exchange) {
            exchange.sendResponseHeaders(200, bytes.length);
            OutputStream body = exchange.getResponseBody();
            body.write(bytes, 0, bytes.length / 2);
            body.flush();
        }
    }
}
