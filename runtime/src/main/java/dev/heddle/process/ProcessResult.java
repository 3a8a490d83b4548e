// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a process has left behind, as {@link Subprocess#communicate} returns it.
 *
 * @param exitCode the exit code, see {@link Subprocess#exit}
 * @param output the bytes from its standard output; empty if that was no pipe
 * @param errors the bytes from its standard error; empty if that was no pipe
 */
@SuppressWarnings("ArrayRecordComponent") // the caller is the only one to have the arrays
public record ProcessResult(int exitCode, byte[] output, byte[] errors) {

    /** Returns the output as UTF-8 text. */
    public String outputText() {
        return new String(output, StandardCharsets.UTF_8);
    }

    /** Returns the errors as UTF-8 text. */
    public String errorText() {
        return new String(errors, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProcessResult that
                && exitCode == that.exitCode
                && Arrays.equals(output, that.output)
                && Arrays.equals(errors, that.errors);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * exitCode + Arrays.hashCode(output)) + Arrays.hashCode(errors);
    }

    @Override
    public String toString() {
        return "<ProcessResult exit code " + exitCode + ", " + output.length + " bytes of output, " + errors.length
                + " bytes of errors>";
    }
}
