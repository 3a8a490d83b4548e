// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** Counts requests, pages and failures of a crawl. */
final class Stats {

    /** A page and the time its request took. */
    record Timing(URI uri, double seconds) {}

    private final DoubleSupplier clock;
    private final double started;
    private final Map<String, List<URI>> failures = new TreeMap<>();
    private final List<Timing> timings = new ArrayList<>();
    private double seconds;
    private long bytes;
    private int truncated;
    private int notHtml;
    private int redirects;
    private int requests;
    private int retries;
    private int inFlight;
    private int mostInFlight;
    private double requestSeconds;
    private double averageInFlight;

    /** Starts to count now; {@code clock} returns seconds. */
    Stats(DoubleSupplier clock) {
        this.clock = clock;
        this.started = clock.getAsDouble();
    }

    /** Counts a request and returns the time, for {@link #secondsSince}. */
    double requestStarts() {
        requests++;
        inFlight++;
        mostInFlight = Math.max(mostInFlight, inFlight);
        double now = clock.getAsDouble();
        requestSeconds -= now;
        return now;
    }

    void requestEnds() {
        inFlight--;
        requestSeconds += clock.getAsDouble();
    }

    double secondsSince(double time) {
        return clock.getAsDouble() - time;
    }

    void retried() {
        retries++;
    }

    void visited(Page page) {
        timings.add(new Timing(page.uri(), page.seconds()));
        bytes += page.body().size();
        truncated += page.body().truncated() ? 1 : 0;
        notHtml += page.isHtml() ? 0 : 1;
    }

    void redirected() {
        redirects++;
    }

    void failed(URI uri, String cause) {
        failures.computeIfAbsent(cause, key -> new ArrayList<>()).add(uri);
    }

    /** Stops the clock of the crawl. Requests in flight count up to now. */
    void end() {
        double now = clock.getAsDouble();
        seconds = now - started;
        averageInFlight = (requestSeconds + inFlight * now) / seconds;
    }

    double elapsed() {
        return secondsSince(started);
    }

    double seconds() {
        return seconds;
    }

    int pages() {
        return timings.size();
    }

    long bytes() {
        return bytes;
    }

    int truncated() {
        return truncated;
    }

    int notHtml() {
        return notHtml;
    }

    int redirects() {
        return redirects;
    }

    int requests() {
        return requests;
    }

    int retries() {
        return retries;
    }

    int inFlight() {
        return inFlight;
    }

    int mostInFlight() {
        return mostInFlight;
    }

    double averageInFlight() {
        return averageInFlight;
    }

    /** The URLs that could not be fetched, by cause. */
    Map<String, List<URI>> failures() {
        return Collections.unmodifiableMap(failures);
    }

    int failed() {
        return failures.values().stream().mapToInt(Collection::size).sum();
    }

    /** The {@code count} pages that took the longest time, slowest first. */
    List<Timing> slowest(int count) {
        return timings.stream()
                .sorted(Comparator.comparingDouble(Timing::seconds).reversed())
                .limit(count)
                .toList();
    }
}
