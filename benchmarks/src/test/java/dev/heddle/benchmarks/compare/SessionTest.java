package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTest {

    private static final Duration MOMENT = Duration.ofMillis(1);

    private final List<String> events = new ArrayList<>();
    private final Results results = new Results();

    @Test
    void aQuickRunBeginsWithHeddleAndEndsWithTheOlderJdk() throws Exception {
        session(Duration.ofDays(1))
                .run(List.of(
                        job("tascalate", "JDK 25", 1),
                        job("plain", "JDK 25", 1),
                        job("heddle", "JDK 17", 1),
                        job("heddle", "JDK 25", 1)));
        assertEquals(List.of("heddle JDK 25", "plain JDK 25", "tascalate JDK 25", "heddle JDK 17"), events);
    }

    @Test
    void whatFailsIsNotedAndAShortfall() throws Exception {
        Session session = session(Duration.ofDays(1));
        session.run(List.of(job("tascalate", "JDK 25", -1), job("heddle", "JDK 25", 1)));
        assertEquals(List.of("heddle JDK 25", "tascalate JDK 25"), events);
        assertEquals(List.of("row 1 call: tascalate, JDK 25 failed: broken"), results.notes());
        assertEquals(List.of("row 1 call: tascalate, JDK 25 failed"), session.shortfalls());
    }

    @Test
    void onlyHeddleOnTheNewestJdkHasToHaveTime() throws Exception {
        Session session = session(Duration.ZERO);
        session.run(List.of(job("tascalate", "JDK 25", 1), job("heddle", "JDK 25", 1), job("heddle", "JDK 17", 1)));
        assertEquals(List.of(), events);
        assertEquals(List.of("3 of 3 measurements, for which a quick run of 0 s has no time"), results.notes());
        assertEquals(List.of("row 1 call: heddle, JDK 25 had no time"), session.shortfalls());
    }

    private Session session(Duration limit) {
        PrintStream err = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Effort effort = new Effort(Effort.Extent.ROUGH, 1, 1, MOMENT, 1, MOMENT, limit);
        return new Session(effort, results, err, System.nanoTime());
    }

    /** A job that fails if {@code value} is negative. */
    private Job job(String peer, String platform, double value) {
        int urgency = Urgency.of(Row.CALL, peer, platform.equals("JDK 25"));
        return new Job(Row.CALL, Line.ONLY, peer, platform, urgency, MOMENT, () -> {
            events.add(peer + " " + platform);
            if (value < 0) {
                throw new JobException("broken");
            }
            return List.of(new Line(Row.CALL, Line.ONLY, value, "ns"));
        });
    }
}
