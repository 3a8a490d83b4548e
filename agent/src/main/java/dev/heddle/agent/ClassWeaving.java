// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.UnsupportedClassFile;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.WovenClassVerifier;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Weaves one class that names Heddle, and logs the result. */
final class ClassWeaving {

    private ClassWeaving() {}

    /** Returns the woven class file, or null to leave the class as it is. */
    static byte @Nullable [] weave(
            String name, byte[] classFile, AgentOptions options, @Nullable ClassDump dump, AgentLog log) {
        try {
            return woven(name, classFile, options, dump, log);
        } catch (UnsupportedClassFile tooNew) {
            log.error(name + " " + tooNew.getMessage());
            return null;
        } catch (RuntimeException failure) {
            byte @Nullable [] refused = refused(classFile, failure);
            String problem = refused == null
                    ? name + " is not a well-formed class file (JVMS 4), so it is not woven; compile it again"
                    : "cannot weave " + name;
            log.error(problem, failure);
            return refused;
        }
    }

    /** Logs the awaitables that the class drops. It has nothing to weave. */
    static void check(String name, byte[] classFile, AgentLog log) {
        try {
            Weaver.dropped(classFile).forEach(dropped -> log.warn(dropped.message()));
        } catch (UnsupportedClassFile tooNew) {
            log.warn(name + " " + tooNew.getMessage());
        }
    }

    /**
     * Returns the class with awaits that throw {@code reason}, or null if the class cannot even be parsed. The JVM
     * rejects it then.
     */
    private static byte @Nullable [] refused(byte[] classFile, RuntimeException reason) {
        try {
            return Weaver.refuse(classFile, String.valueOf(reason.getMessage()));
        } catch (RuntimeException malformed) {
            return null;
        }
    }

    private static byte @Nullable [] woven(
            String name, byte[] classFile, AgentOptions options, @Nullable ClassDump dump, AgentLog log) {
        WeaveResult result = Weaver.weave(classFile);
        for (Refusal refusal : result.refusals()) {
            log.error(refusal.message());
        }
        result.dropped().forEach(dropped -> log.warn(dropped.message()));
        result.warnings().forEach(log::warn);
        byte[] woven = result.classFile();
        if (woven == null) {
            return null;
        }
        if (dump != null) {
            write(dump, name, woven, log);
        }
        if (options.verify()) {
            WovenClassVerifier.verify(name, woven);
        }
        log.info("woven " + name);
        return woven;
    }

    private static void write(ClassDump dump, String name, byte[] woven, AgentLog log) {
        try {
            dump.write(name, woven);
        } catch (IOException | RuntimeException failure) {
            log.error("cannot write " + name + " below " + dump, failure); // the class is woven anyway
        }
    }
}
