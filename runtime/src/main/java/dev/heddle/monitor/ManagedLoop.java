// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import dev.heddle.internal.loop.LoopMeter;
import dev.heddle.internal.loop.Seconds;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Represents an event loop in the MBean server of the JVM. It refers only to the loop's counts, so the server does not keep the loop alive. This
 * and {@link ManagedProbe} are the only classes that need the module {@code java.management}.
 */
final class ManagedLoop implements LoopMXBean, Runnable {

    private final LoopMeter meter;
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final ObjectName objectName;

    private ManagedLoop(LoopMeter meter, String name) throws JMException {
        this.meter = meter;
        boolean plain = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_');
        this.objectName = new ObjectName("dev.heddle:type=EventLoop,name=" + (plain ? name : ObjectName.quote(name)));
    }

    /** Registers the loop whose work {@code meter} counts, and returns an action that removes it. */
    static Runnable register(LoopMeter meter, String name) {
        try {
            ManagedLoop managed = new ManagedLoop(meter, name);
            managed.server.registerMBean(managed, managed.objectName);
            return managed;
        } catch (InstanceAlreadyExistsException taken) {
            throw new IllegalStateException(
                    "another event loop is registered as " + name + " already; choose another name", taken);
        } catch (JMException refused) {
            throw new IllegalStateException("the event loop cannot be registered as " + name + " for JMX", refused);
        }
    }

    /** Removes the loop from the server. */
    @Override
    public void run() {
        try {
            server.unregisterMBean(objectName);
        } catch (InstanceNotFoundException taken) {
            // A program has removed it already.
        } catch (JMException refused) {
            throw new IllegalStateException(objectName + " cannot be taken out of JMX", refused);
        }
    }

    private LoopStatistics read() {
        return LoopStatistics.of(meter.read());
    }

    private static double seconds(Duration duration) {
        return Seconds.ofNanos(duration.toNanos());
    }

    @Override
    public int getReady() {
        return read().ready();
    }

    @Override
    public int getTasks() {
        return read().tasks();
    }

    @Override
    public int getTimers() {
        return read().timers();
    }

    @Override
    public long getSteps() {
        return read().steps();
    }

    @Override
    public double getBusySeconds() {
        return seconds(read().busy());
    }

    @Override
    public double getIdleSeconds() {
        return seconds(read().idle());
    }

    @Override
    public double getLongestBusySeconds() {
        return seconds(read().longestBusy());
    }

    @Override
    public double getLongestStepSeconds() {
        return seconds(read().longestStep());
    }
}
