package dev.heddle.agent;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.WovenClassVerifier;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Weaves one class that names Heddle, and reports on it. */
final class ClassWeaving {

    private ClassWeaving() {}

    /** The woven class file, or null to leave the class as it is. */
    static byte @Nullable [] weave(String name, byte[] classFile, AgentOptions options, AgentLog log)
            throws IOException {
        int version = ClassFileFilter.majorVersion(classFile);
        if (version > Weaver.NEWEST_CLASS_FILE_VERSION) {
            log.error(name + ": class file version " + version + " is newer than this agent knows ("
                    + Weaver.NEWEST_CLASS_FILE_VERSION
                    + "), so the class is not woven; use a newer heddle-agent.jar, or "
                    + "compile it with an older --release");
            return null;
        }
        WeaveResult result = Weaver.weave(classFile);
        for (Refusal refusal : result.refusals()) {
            log.error(refusal.message());
        }
        result.warnings().forEach(log::error);
        byte[] woven = result.classFile();
        if (woven == null) {
            return null;
        }
        if (options.dump() != null) {
            ClassDump.write(options.dump(), name, woven);
        }
        if (options.verify()) {
            WovenClassVerifier.verify(name, woven);
        }
        log.info("woven " + name);
        return woven;
    }
}
