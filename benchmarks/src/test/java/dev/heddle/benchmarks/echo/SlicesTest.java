package dev.heddle.benchmarks.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SlicesTest {

    @Test
    void aRatioIsThatToTheSlicesBesideIt() {
        Slices slices = new Slices();
        slices.add(10, 20, 10, 0);
        slices.add(30, 60, 30, 0);
        assertEquals(List.of(2.0, 2.0), slices.ratios(2));
        assertEquals(20, slices.floor());
    }

    @Test
    void theNoisierHalfDoesNotCount() {
        Slices slices = new Slices();
        slices.add(10, 90, 10, 0.5); // the server had to wait for a processor
        slices.add(10, 20, 10, 0);
        slices.add(10, 90, 20, 0); // the floor changed
        slices.add(10, 20, 10, 0.01);
        assertEquals(List.of(2.0), slices.ratios(1));
        assertEquals(10, slices.floor());
    }

    @Test
    void eachGroupOfSlicesHasItsMedian() {
        Slices slices = new Slices();
        for (int cost : List.of(10, 20, 30, 40, 50, 60)) {
            slices.add(10, cost, 10, 0);
        }
        assertEquals(List.of(2.0, 5.0), slices.ratios(2));
    }
}
