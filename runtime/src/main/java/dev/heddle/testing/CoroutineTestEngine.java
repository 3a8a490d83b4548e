// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.discovery.EngineDiscoveryRequestResolver;

/**
 * Runs the test methods that return a {@link dev.heddle.Coroutine}. JUnit Jupiter skips them because it runs only methods that return
 * {@code void}. The JUnit Platform discovers this engine by itself. {@link CoroutineTest} lists the supported features; a test that this
 * engine cannot run fails with a message that gives the reason.
 */
public final class CoroutineTestEngine implements TestEngine {

    private static final EngineDiscoveryRequestResolver<EngineDescriptor> RESOLVER =
            EngineDiscoveryRequestResolver.<EngineDescriptor>builder()
                    .addClassContainerSelectorResolver(CoroutineTestMethods::areInTopLevel)
                    .addSelectorResolver(new CoroutineTestResolver())
                    .build();

    /** Called by JUnit. */
    public CoroutineTestEngine() {}

    @Override
    public String getId() {
        return "heddle";
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId uniqueId) {
        EngineDescriptor engine = new EngineDescriptor(uniqueId, "Heddle");
        RESOLVER.resolve(request, engine);
        return engine;
    }

    @Override
    public void execute(ExecutionRequest request) {
        TestDescriptor engine = request.getRootTestDescriptor();
        EngineExecutionListener listener = request.getEngineExecutionListener();
        listener.executionStarted(engine);
        for (TestDescriptor child : engine.getChildren()) {
            new CoroutineTestRun(((CoroutineTestDescriptor) child).type(), listener).run(child);
        }
        listener.executionFinished(engine, TestExecutionResult.successful());
    }
}
