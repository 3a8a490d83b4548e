package dev.heddle.agent;

import dev.heddle.weaver.ClassFileFilter;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes as they are loaded. Most classes do not name Heddle: they are not parsed, and the parser is not even
 * loaded for them.
 */
final class WeavingTransformer implements ClassFileTransformer {

    private final AgentOptions options;
    private final @Nullable ClassDump dump;
    private final AgentLog log;
    private final RuntimeCheck runtimes;

    WeavingTransformer(AgentOptions options) {
        this.options = options;
        this.dump = options.dump() == null ? null : new ClassDump(options.dump());
        this.log = new AgentLog(options.log());
        this.runtimes = new RuntimeCheck(log);
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> classBeingRedefined,
            @Nullable ProtectionDomain protectionDomain,
            byte[] classFile) {
        if (loader == null || !ClassFileFilter.namesHeddle(classFile) || Linkage.isParsing(loader)) {
            return null;
        }
        if (ClassFileFilter.isWoven(classFile)) {
            return null; // a woven class checks its runtime itself; those of the runtime are woven, too
        }
        String name = className == null ? "a class without a name" : className.replace('/', '.');
        try {
            byte @Nullable [] woven = ClassWeaving.weave(name, classFile, options, dump, log);
            if (woven != null && className != null) {
                runtimes.check(loader, className);
            }
            return woven;
        } catch (Throwable failure) {
            // The class stays unwoven, and its awaits throw. The JVM would silently ignore an exception thrown here.
            log.error("cannot weave " + name, failure);
            return null;
        }
    }
}
