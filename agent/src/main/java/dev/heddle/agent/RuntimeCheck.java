// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import dev.heddle.weaver.CallingConvention;
import dev.heddle.weaver.RuntimeNames;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reports a class loader whose woven classes will find no runtime, or a runtime for which they were not woven. It reads
 * class files as resources and loads no class.
 */
final class RuntimeCheck {

    private final AgentLog log;
    private final Map<ClassLoader, Boolean> checked = Collections.synchronizedMap(new WeakHashMap<>());

    RuntimeCheck(AgentLog log) {
        this.log = log;
    }

    /**
     * Checks the runtime that {@code loader} finds, once per loader. {@code className} (JVMS 4.2.1) names the class
     * that was woven.
     */
    void check(ClassLoader loader, String className) {
        if (checked.putIfAbsent(loader, true) != null) {
            return;
        }
        @Nullable String problem = null;
        try {
            @Nullable URL convention = find(loader, RuntimeNames.CONVENTION);
            problem = convention == null ? missing(loader, className) : mismatch(convention);
        } catch (RuntimeException | LinkageError failureOfLoader) {
            // The runtime is unknown. Woven classes check it themselves.
        }
        if (problem != null) {
            log.error(className.replace('/', '.') + ": " + problem);
        }
    }

    /**
     * The message for a missing runtime, or null. A loader that does not even find the class that it defines shows no
     * resources at all.
     */
    private static @Nullable String missing(ClassLoader loader, String className) {
        if (find(loader, className) == null) {
            return null;
        }
        String loaderName = loader.getName() == null ? loader.getClass().getName() : loader.getName();
        @Nullable URL api = find(loader, RuntimeNames.COROUTINE);
        if (api == null) {
            return "its class loader, " + loaderName
                    + ", finds no heddle-runtime.jar; put it on the class path, or where this loader looks";
        }
        return "its class loader, " + loaderName + ", finds " + api + " without "
                + RuntimeNames.CONVENTION.replace('/', '.')
                + ", so the runtime is older than this agent, or the loader hides a part of it; use heddle-agent.jar"
                + " and heddle-runtime.jar of one version, and let an OSGi bundle import dev.heddle.woven";
    }

    private static @Nullable String mismatch(URL convention) {
        int version;
        try (InputStream in = convention.openStream()) {
            version = CallingConvention.versionOfRuntime(in.readAllBytes());
        } catch (IOException unreadable) {
            return null;
        }
        if (version == RuntimeNames.CONVENTION_VERSION) {
            return null;
        }
        return "this agent weaves for calling convention " + RuntimeNames.CONVENTION_VERSION + ", and " + convention
                + " states " + version + "; use heddle-agent.jar and heddle-runtime.jar of one version";
    }

    private static @Nullable URL find(ClassLoader loader, String className) {
        return loader.getResource(className + ".class");
    }
}
