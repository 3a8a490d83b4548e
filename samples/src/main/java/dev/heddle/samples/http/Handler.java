// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import dev.heddle.Coroutine;

/** Answers requests. */
@FunctionalInterface
public interface Handler {

    /** Returns the response to {@code request}. A failure becomes a response with the status 500. */
    Coroutine<Response> handle(Request request) throws Exception;
}
