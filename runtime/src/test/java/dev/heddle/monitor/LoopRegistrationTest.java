package dev.heddle.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.workers.Workers;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;

/** Loops in JMX: by the MBean server itself, and by a connection as other JVMs have it. */
class LoopRegistrationTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    private static ObjectName objectName(String name) throws Exception {
        return new ObjectName("dev.heddle:type=EventLoop,name=" + name);
    }

    private Set<String> registered() throws Exception {
        Set<String> names = new TreeSet<>();
        server.queryNames(objectName("*"), null).forEach(found -> names.add(found.getKeyProperty("name")));
        return names;
    }

    @Test
    void aLoopIsShownUntilItIsClosed() throws Exception {
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertEquals(Set.of(), registered(), "nobody has asked for one");
            LoopStatistics.register(loop, "main");
            assertEquals(Set.of("main"), registered());
            loop.callLater(3600, () -> {});
            loop.callSoon(() -> {});
            loop.runUntilIdle(Duration.ZERO);
            LoopMXBean bean = JMX.newMXBeanProxy(server, objectName("main"), LoopMXBean.class);
            assertEquals(LoopStatistics.of(loop).ready(), bean.getReady());
            assertEquals(0, bean.getTasks());
            assertEquals(1, bean.getTimers());
            assertEquals(1, bean.getSteps());
            LoopStatistics statistics = LoopStatistics.of(loop);
            assertEquals(statistics.busy().toNanos() / 1e9, bean.getBusySeconds());
            assertEquals(statistics.idle().toNanos() / 1e9, bean.getIdleSeconds());
            assertEquals(statistics.longestBusy().toNanos() / 1e9, bean.getLongestBusySeconds());
            assertEquals(statistics.longestStep().toNanos() / 1e9, bean.getLongestStepSeconds());
            assertTrue(bean.getLongestStepSeconds() > 0);
        }
        assertEquals(Set.of(), registered());
    }

    @Test
    void aLoopIsRegisteredOnceAndUnderANameOfItsOwn() throws Exception {
        EventLoop loop = EventLoop.virtualTime();
        try (loop;
                EventLoop other = EventLoop.virtualTime()) {
            LoopStatistics.register(loop, "a=b, \"c\"");
            assertEquals(Set.of(ObjectName.quote("a=b, \"c\"")), registered());
            assertEquals(
                    "an event loop is registered once, while it is open; this one is registered already, "
                            + "and cannot be registered as again",
                    assertThrows(IllegalStateException.class, () -> LoopStatistics.register(loop, "again"))
                            .getMessage());
            assertEquals(
                    "another event loop is registered as a=b, \"c\" already; choose another name",
                    assertThrows(IllegalStateException.class, () -> LoopStatistics.register(other, "a=b, \"c\""))
                            .getMessage());
            LoopStatistics.register(other, "other");
        }
        assertEquals(Set.of(), registered());
        assertThrows(IllegalStateException.class, () -> LoopStatistics.register(loop, "late"));
    }

    @Test
    void whoHasTakenItOutIsNotInTheWay() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            LoopStatistics.register(loop, "taken");
            server.unregisterMBean(objectName("taken"));
        }
        assertFalse(server.isRegistered(objectName("taken")));
    }

    @Test
    void workersAreShownToOtherJvmsUntilTheyAreShutDown() throws Exception {
        try (Workers workers = Workers.start(2)) {
            workers.register("test");
            JMXConnectorServer remote = JMXConnectorServerFactory.newJMXConnectorServer(
                    new JMXServiceURL("service:jmx:rmi://"), null, server);
            remote.start();
            try (JMXConnector connector = JMXConnectorFactory.connect(remote.getAddress())) {
                MBeanServerConnection connection = connector.getMBeanServerConnection();
                workers.submit(() -> Coroutine.of(1)).join();
                LoopMXBean first = JMX.newMXBeanProxy(connection, objectName("test-0"), LoopMXBean.class);
                assertTrue(first.getSteps() > 0);
                assertEquals(1, connection.getAttribute(objectName("test-1"), "Tasks"), "it waits for its end");
            } finally {
                remote.stop();
            }
        }
        assertEquals(Set.of(), registered());
    }
}
