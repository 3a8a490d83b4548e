package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ReportTest {

    private static final Jdk OLD = new Jdk(17, "17.0.1", Path.of("old"));
    private static final Jdk NEW = new Jdk(25, "25.0.1", Path.of("new"));

    private final Results results = new Results();

    @BeforeEach
    void measure() {
        results.add("JDK 17", "heddle", List.of(ns(20)));
        results.add("JDK 25", "heddle", List.of(ns(9), ns(10), ns(12), new Line(Row.SWITCH, "-", 8, Line.ALLOCATION)));
        results.add("JDK 25", "plain", List.of(ns(5)));
        results.add("JDK 25", "virtualThreads", List.of(ns(250)));
        results.add(Jdk.NONE, "go", List.of(ns(8)));
        results.note("uvloop: no Python has it");
    }

    @Test
    void aLineForEachJdkWithRatiosTargetsAndLosses() {
        List<String> lines =
                table().lines().filter(line -> line.startsWith("|")).toList();
        assertEquals(
                List.of(
                        "| 3 | two tasks take turns with sleep(0) | ns a switch | 17 | 20.0 |  | go 0.40 **lost** | ≤ 12 ns | **no**: 20.0 ns |",
                        "|  |  |  | 25 | 10.0 (9.00..12.0) | 8.00 | go 0.80 **lost**, plain 0.50, virtualThreads 25.0 | ≤ 12 ns | yes |"),
                lines.subList(2, 4));
    }

    @Test
    void namesWhatIsMissingAndHowItWasMeasured() {
        String table = table();
        assertTrue(table.contains("- uvloop: no Python has it\n"), table);
        assertTrue(table.contains("- date: today\n"), table);
        assertTrue(table.contains("**Rough**"), table);
    }

    @Test
    void theChartIsXmlWithABarForEachPeer() throws Exception {
        String svg = new SvgChart(results, NEW).draw("a < b & c").orElseThrow();
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertEquals("svg", document.getDocumentElement().getTagName());
        assertEquals(3, document.getElementsByTagName("rect").getLength());
    }

    @Test
    void noChartWithoutPeers() {
        assertEquals(Optional.empty(), new SvgChart(new Results(), NEW).draw(""));
    }

    @Test
    void aPeerWithoutHeddleKeepsItsFigure() {
        results.add(Jdk.NONE, "tokio", List.of(new Line(Row.RING, "-", 50, "ns")));
        assertTrue(table().contains("| not measured |  | tokio 50.0 ns a hop |"), table());
    }

    private String table() {
        List<Target> targets = List.of(Target.parse("3 * heddle <= 12"));
        return new MarkdownReport(results, List.of(OLD, NEW), targets).write(true, List.of(), Map.of("date", "today"));
    }

    private static Line ns(double value) {
        return new Line(Row.SWITCH, "-", value, "ns");
    }
}
