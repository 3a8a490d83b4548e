// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
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

    /** How the names of the runtime's classes begin. They pass awaitables on. */
    private static final String RUNTIME = "dev/heddle/";

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
        if (loader == null) {
            return null;
        }
        if (!ClassFileFilter.namesHeddle(classFile)) {
            check(loader, className, classFile);
            return null;
        }
        if (Linkage.isParsing(loader)) {
            return null;
        }
        if (ClassFileFilter.isWoven(classFile)) {
            return null; // a woven class checks its runtime itself; those of the runtime are woven, too
        }
        String name = binaryName(className);
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

    /** Checks a class that has nothing to weave, but may drop coroutines of others. */
    private void check(ClassLoader loader, @Nullable String className, byte[] classFile) {
        try {
            boolean isOfRuntime = className != null && className.startsWith(RUNTIME);
            if (!isOfRuntime && ClassFileFilter.refersToAwaitables(classFile) && !Linkage.isParsing(loader)) {
                ClassWeaving.check(binaryName(className), classFile, log);
            }
        } catch (Throwable failure) {
            log.error("cannot check " + className, failure);
        }
    }

    private static String binaryName(@Nullable String className) {
        return className == null ? "a class without a name" : className.replace('/', '.');
    }
}
