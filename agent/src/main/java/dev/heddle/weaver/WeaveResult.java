package dev.heddle.weaver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What weaving one class gave.
 *
 * @param classFile the woven class, or null if there was nothing to weave
 * @param refusals what could not be woven; the class throws these messages in the places concerned
 * @param warnings what is worth telling otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record WeaveResult(byte @Nullable [] classFile, List<Refusal> refusals, List<String> warnings) {}
