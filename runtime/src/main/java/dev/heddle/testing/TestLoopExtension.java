// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Provides each test with a {@link TestLoop} and an {@link EventRecorder}. Its {@code @BeforeEach}, test and {@code @AfterEach} methods
 * receive the same two objects as parameters. After all of them the loop is closed, which fails the test if it left something behind; see
 * {@link TestLoop#close}.
 */
public final class TestLoopExtension implements ParameterResolver, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(TestLoopExtension.class);

    /** Called by JUnit. */
    public TestLoopExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TestFixture.provides(parameter.getParameter().getType())
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = context.getStore(NAMESPACE);
        TestFixture fixture = store.get(TestFixture.class, TestFixture.class);
        if (fixture == null) {
            fixture = new TestFixture();
            store.put(TestFixture.class, fixture);
        }
        return fixture.get(parameter.getParameter().getType());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        @Nullable TestFixture fixture = context.getStore(NAMESPACE).remove(TestFixture.class, TestFixture.class);
        if (fixture != null) {
            fixture.close(context.getExecutionException().isPresent());
        }
    }
}
