// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import java.net.URL;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/**
 * Checks the version of the calling convention between woven code and this runtime. A woven class states the version for which it was woven each time one
 * of its methods is called. This class keeps its name and its members in every version, so that a runtime understands classes woven for any other.
 */
public final class Convention {

    /** The version of this runtime. The agent reads it from the class file, without loading this class. */
    public static final int VERSION = 2;

    private Convention() {}

    /**
     * Checks that the calling class was woven for this runtime.
     *
     * @throws IncompatibleClassChangeError if it was woven for another version of the convention
     */
    public static void require(int version) {
        if (version != VERSION) {
            throw mismatch(version);
        }
    }

    private static Error mismatch(int version) {
        String caller = StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> !name.equals(Convention.class.getName()))
                        .findFirst()
                        .orElse("a class"));
        return new IncompatibleClassChangeError(caller + " was woven for calling convention " + version
                + ", and the runtime" + location() + " has calling convention " + VERSION
                + "; use heddle-agent.jar and heddle-runtime.jar of one version, and compile and weave again what was"
                + " woven at build time");
    }

    private static String location() {
        @Nullable CodeSource source = Convention.class.getProtectionDomain().getCodeSource();
        @Nullable URL url = source == null ? null : source.getLocation();
        return url == null ? "" : " at " + url;
    }
}
