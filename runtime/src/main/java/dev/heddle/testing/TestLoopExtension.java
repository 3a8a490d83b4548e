package dev.heddle.testing;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the methods of a test, {@code @BeforeEach} and {@code @AfterEach} ones too, its {@link TestLoop} and its {@link EventRecorder}, and
 * closes the loop after all of them, which may fail the test.
 */
public final class TestLoopExtension implements ParameterResolver, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(TestLoopExtension.class);

    /** Called by JUnit. */
    public TestLoopExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return (type == TestLoop.class || type == EventRecorder.class)
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = context.getStore(NAMESPACE);
        Class<?> type = parameter.getParameter().getType();
        Object existing = store.get(type);
        if (existing != null) {
            return existing;
        }
        Object made = type == TestLoop.class ? new TestLoop() : new EventRecorder();
        store.put(type, made);
        return made;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        @Nullable TestLoop loop = context.getStore(NAMESPACE).remove(TestLoop.class, TestLoop.class);
        if (loop != null) {
            if (context.getExecutionException().isPresent()) {
                loop.fail();
            }
            loop.close();
        }
    }
}
