// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of weaving one class.
 *
 * @param classFile the woven class, or null if there was nothing to weave
 * @param refusals the methods and awaits that could not be woven; there the class throws the messages of the refusals
 * @param dropped the calls whose result is an awaitable that is dropped; they are woven all the same
 * @param warnings other messages for the user
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record WeaveResult(
        byte @Nullable [] classFile, List<Refusal> refusals, List<Refusal> dropped, List<String> warnings) {}
