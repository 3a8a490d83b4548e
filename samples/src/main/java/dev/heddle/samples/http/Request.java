// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

/**
 * A request that a server has received.
 *
 * @param method in capitals, for example {@code GET}
 * @param target the path and the query
 * @param body the body, which arrives while the handler reads it
 */
public record Request(String method, String target, Headers headers, Body body) {

    /** Returns the target without the query. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
