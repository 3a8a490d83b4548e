// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A chart of one platform: for each case a bar for each peer, from 1, which is Heddle, to the peer's ratio to it, on a
 * logarithmic scale, with a whisker over its range. It has no background, and colours that can be read on light and dark.
 */
final class SvgChart {

    private static final int WIDTH = 960;
    private static final int LEFT = 200;
    private static final int RIGHT = 880;
    private static final int TOP = 92;
    private static final int BAR = 20;
    private static final int HEAD = 30;

    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #3b424a; }
              .title { font-size: 18px; font-weight: 600; } .head { font-weight: 600; } .end { text-anchor: end; }
              .middle { text-anchor: middle; } .grid { stroke: #8b949e; stroke-opacity: 0.3; }
              .one { stroke: #7d8590; stroke-width: 2; } .whisker { stroke: #6e7781; stroke-width: 1.5; }
              .slower { fill: #4c8dd6; } .faster { fill: #e07b39; } .floor { fill: #9aa4af; } .own { fill: #2da36b; }
              @media (prefers-color-scheme: dark) { text { fill: #d0d7de; } .whisker { stroke: #b1bac4; } }
            </style>
            """;

    private final Results results;
    private final String platform;
    private final StringBuilder body = new StringBuilder();
    private int y = TOP;
    private int lowest;
    private int highest;

    SvgChart(Results results, Jdk jdk) {
        this.results = results;
        this.platform = jdk.label();
    }

    /** A bar: a ratio, and the range of ratios. */
    private record Bar(String peer, Spread ratio) {}

    /** The whole file; empty if there is nothing to compare. */
    Optional<String> draw(String caption) {
        List<Case> cases = results.cases().stream()
                .filter(subject -> !bars(subject).isEmpty())
                .toList();
        if (cases.isEmpty()) {
            return Optional.empty();
        }
        scale(cases);
        cases.forEach(this::group);
        int height = y + 16;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">%n",
                        WIDTH, height, WIDTH, height))
                .append(STYLE)
                .append(text(16, 26, "title", "Time in multiples of Heddle’s, " + platform))
                .append(text(16, 46, "", caption))
                .append(
                        text(
                                16,
                                64,
                                "",
                                "Right of the line: takes longer than Heddle (blue). Left: faster (orange). Grey: plain Java, the floor."));
        scale(svg);
        return Optional.of(svg.append(body).append("</svg>\n").toString());
    }

    private List<Bar> bars(Case subject) {
        Optional<Spread> own = results.value(subject, platform, subject.row().subject());
        Map<String, Spread> others = results.others(subject, platform);
        List<Bar> bars = new ArrayList<>();
        if (own.isPresent() && own.get().median() > 0 && !others.isEmpty()) {
            double unit = own.get().median();
            bars.add(new Bar(subject.row().subject(), own.get().dividedBy(unit)));
            others.forEach((peer, spread) -> {
                if (spread.min() > 0) {
                    bars.add(new Bar(peer, spread.dividedBy(unit)));
                }
            });
        }
        return bars.size() > 1 ? bars : List.of();
    }

    private void scale(List<Case> cases) {
        double least = 0.5;
        double most = 2;
        for (Case subject : cases) {
            for (Bar bar : bars(subject)) {
                least = Math.min(least, bar.ratio().median());
                most = Math.max(most, bar.ratio().median());
            }
        }
        lowest = (int) Math.floor(Math.log10(least));
        highest = (int) Math.ceil(Math.log10(most));
    }

    private void group(Case subject) {
        y += HEAD;
        Spread own = results.value(subject, platform, subject.row().subject()).orElseThrow();
        String label = subject.label();
        body.append(text(
                16,
                y - 8,
                "head",
                subject.row().number() + "  " + subject.row().workload() + (label.isEmpty() ? "" : ": " + label)
                        + " — Heddle " + Figures.of(own.median()) + " " + results.unit(subject)));
        List<Bar> bars = bars(subject);
        grid(BAR * bars.size());
        for (Bar bar : bars) {
            bar(bar, bar.peer().equals(subject.row().subject()));
        }
    }

    private void bar(Bar bar, boolean own) {
        double ratio = bar.ratio().median();
        double from = Math.min(x(1), x(ratio));
        double to = Math.max(x(1), x(ratio));
        double low = x(bar.ratio().min());
        double high = x(bar.ratio().max());
        int middle = y + BAR / 2;
        body.append(text(LEFT - 10, middle + 4, "end", bar.peer()));
        if (own) {
            body.append(String.format(
                    Locale.ROOT, "<circle class=\"own\" cx=\"%.1f\" cy=\"%d\" r=\"5\"/>%n", x(1), middle));
        } else {
            String style = !Peers.isRival(bar.peer()) ? "floor" : ratio < 1 ? "faster" : "slower";
            body.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                    style,
                    from,
                    y + 3,
                    Math.max(1, to - from),
                    BAR - 6));
        }
        body.append(line("whisker", low, middle, high, middle))
                .append(line("whisker", low, middle - 4, low, middle + 4))
                .append(line("whisker", high, middle - 4, high, middle + 4))
                .append(text(Math.max(to, high) + 8, middle + 4, "", own ? "1" : Figures.of(ratio) + " ×"));
        y += BAR;
    }

    /** The scale, once at the top. */
    private void scale(StringBuilder svg) {
        for (int power = lowest; power <= highest; power++) {
            svg.append(text(x(Math.pow(10, power)), TOP, "middle", Figures.plain(Math.pow(10, power))));
        }
    }

    /** Its lines, behind the bars of a case and not through what is written above them. */
    private void grid(int height) {
        for (int power = lowest; power <= highest; power++) {
            double x = x(Math.pow(10, power));
            body.append(line(power == 0 ? "one" : "grid", x, y, x, y + height));
        }
    }

    private double x(double ratio) {
        double power = Math.max(lowest, Math.min(highest, Math.log10(ratio)));
        return LEFT + (RIGHT - LEFT) * (power - lowest) / (highest - lowest);
    }

    private static String line(String style, double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                style,
                x1,
                y1,
                x2,
                y2);
    }

    private static String text(double x, double y, String style, String words) {
        String escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n", style, x, y, escaped);
    }
}
