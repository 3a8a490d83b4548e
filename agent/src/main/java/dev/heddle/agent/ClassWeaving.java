package dev.heddle.agent;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.Refusal;
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
        int version = ClassFileFilter.majorVersion(classFile);
        if (version > Weaver.NEWEST_CLASS_FILE_VERSION) {
            log.error(tooNew(name, version));
            return null;
        }
        try {
            return woven(name, classFile, options, dump, log);
        } catch (RuntimeException failure) {
            log.error("cannot weave " + name, failure);
            return refused(classFile, failure);
        }
    }

    /** Logs the awaitables that the class drops. It has nothing to weave. */
    static void check(byte[] classFile, AgentLog log) {
        if (ClassFileFilter.majorVersion(classFile) <= Weaver.NEWEST_CLASS_FILE_VERSION) {
            Weaver.dropped(classFile).forEach(dropped -> log.warn(dropped.message()));
        }
    }

    /** The message for a class file whose version the parser does not know. */
    static String tooNew(String name, int version) {
        return name + ": class file version " + version + " is newer than this agent knows ("
                + Weaver.NEWEST_CLASS_FILE_VERSION
                + "), so the class is not woven; use a newer heddle-agent.jar, or "
                + "compile it with an older --release";
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
