// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import java.util.Map;
import java.util.TreeMap;

/** Counts what a server does. */
public final class Statistics {

    private final Map<Integer, Long> responses = new TreeMap<>();
    private long accepted;
    private int open;
    private long requests;
    private long answered;
    private int inProgress;

    void connected() {
        accepted++;
        open++;
    }

    void disconnected() {
        open--;
    }

    void requestBegins() {
        requests++;
        inProgress++;
    }

    void requestAnswered() {
        answered++;
    }

    void requestEnds() {
        inProgress--;
    }

    void responded(Status status) {
        responses.merge(status.code(), 1L, Long::sum);
    }

    /** Returns the number of accepted connections. */
    public long accepted() {
        return accepted;
    }

    /** Returns the number of open connections. */
    public int open() {
        return open;
    }

    /** Returns the number of requests whose head has arrived. */
    public long requests() {
        return requests;
    }

    /** Returns the number of requests whose responses were written to their ends. */
    public long answered() {
        return answered;
    }

    /** Returns the number of requests that are not answered yet. */
    public int inProgress() {
        return inProgress;
    }

    /** Returns the number of responses with each status code. */
    public Map<Integer, Long> responses() {
        return Map.copyOf(responses);
    }
}
