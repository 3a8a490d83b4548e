package dev.heddle.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.LocalVariable;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.StringReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector.Argument;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.LocatableEvent;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.StepRequest;
import dev.heddle.testkit.Program;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A debugger that uses nothing but JDI, attached to a program of one class. It filters no package and no method. */
final class Debugger implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Process process;
    private final VirtualMachine vm;
    private final ReferenceType type;
    private @Nullable LocatableEvent stopped;

    private Debugger(Process process, VirtualMachine vm, String mainClass) throws InterruptedException {
        this.process = process;
        this.vm = vm;
        ClassPrepareRequest prepared = vm.eventRequestManager().createClassPrepareRequest();
        prepared.addClassFilter(mainClass);
        prepared.enable();
        this.type = ((ClassPrepareEvent) nextStop()).referenceType();
    }

    /** Starts {@code program} and stops it when its class is loaded. */
    static Debugger attach(Program program, String mainClass)
            throws IOException, IllegalConnectorArgumentsException, InterruptedException {
        ListeningConnector connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
                .filter(candidate -> candidate.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Argument> arguments = connector.defaultArguments();
        arguments.get("localAddress").setValue("127.0.0.1");
        arguments.get("port").setValue("0");
        arguments.get("timeout").setValue(String.valueOf(TIMEOUT_MILLIS));
        String address = connector.startListening(arguments);
        String port = address.substring(address.lastIndexOf(':') + 1);
        Process process = program.with(
                        "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=127.0.0.1:" + port)
                .start(mainClass);
        try {
            return new Debugger(process, connector.accept(arguments), mainClass);
        } catch (Throwable failure) {
            process.destroyForcibly();
            throw failure;
        } finally {
            connector.stopListening(arguments);
        }
    }

    /** Stops at {@code line} from now on, each time it is reached. */
    void breakAt(int line) throws AbsentInformationException {
        List<Location> locations = type.locationsOfLine(line);
        assertFalse(locations.isEmpty(), "line " + line + " has code");
        for (Location location : locations) {
            vm.eventRequestManager().createBreakpointRequest(location).enable();
        }
    }

    /** Resumes the program. Returns where it stops, as {@code method:line}, or "end" if it ends. */
    String resume() throws InterruptedException {
        Event event = nextStop();
        stopped = event instanceof LocatableEvent locatable ? locatable : null;
        return stopped == null ? "end" : describe(stopped.location());
    }

    /** Steps over the line, as every debugger does. Returns where the program stops. */
    String stepOver() throws InterruptedException {
        StepRequest step =
                vm.eventRequestManager().createStepRequest(thread(), StepRequest.STEP_LINE, StepRequest.STEP_OVER);
        step.addCountFilter(1);
        step.enable();
        try {
            return resume();
        } finally {
            if (stopped != null) {
                vm.eventRequestManager().deleteEventRequest(step);
            }
        }
    }

    /** Returns the variables in scope where the program has stopped: their names, and their values as text. */
    Map<String, String> locals() throws IncompatibleThreadStateException, AbsentInformationException {
        StackFrame frame = thread().frame(0);
        Map<String, String> values = new TreeMap<>();
        for (LocalVariable variable : frame.visibleVariables()) {
            Value value = frame.getValue(variable);
            values.put(
                    variable.name(), value instanceof StringReference string ? string.value() : String.valueOf(value));
        }
        return values;
    }

    /** The value of a field of {@code this}. */
    String field(String name) throws IncompatibleThreadStateException {
        return String.valueOf(thread().frame(0).thisObject().getValue(type.fieldByName(name)));
    }

    /** Returns the positions of the program's methods on the stack, the innermost first. */
    List<String> stack() throws IncompatibleThreadStateException {
        return thread().frames().stream()
                .map(StackFrame::location)
                .filter(location -> location.declaringType().equals(type) && hasLines(location.method()))
                .map(this::describe)
                .toList();
    }

    /** Whether {@code method} has line numbers. The methods that resume bodies have none. */
    private static boolean hasLines(Method method) {
        try {
            return !method.allLineLocations().isEmpty();
        } catch (AbsentInformationException none) {
            return false;
        }
    }

    /** Removes all breakpoints, waits for the end of the program, and returns its exit code. */
    int finish() throws InterruptedException {
        vm.eventRequestManager().deleteAllBreakpoints();
        assertEquals("end", resume());
        assertTrue(process.waitFor(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS), "the program ends");
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private LocatableEvent event() {
        assertNotNull(stopped, "the program has stopped");
        return stopped;
    }

    private ThreadReference thread() {
        return event().thread();
    }

    private String describe(Location location) {
        String owner = location.declaringType().equals(type)
                ? ""
                : location.declaringType().name() + ".";
        return owner + location.method().name() + ":" + location.lineNumber();
    }

    /** Returns the next event that a debugger would show. The program is suspended until the next call. */
    private Event nextStop() throws InterruptedException {
        while (true) {
            vm.resume();
            EventSet events = vm.eventQueue().remove(TIMEOUT_MILLIS);
            assertNotNull(events, "the program stops in time");
            for (Event event : events) {
                if (event instanceof LocatableEvent
                        || event instanceof ClassPrepareEvent
                        || event instanceof VMDeathEvent
                        || event instanceof VMDisconnectEvent) {
                    return event;
                }
            }
        }
    }
}
