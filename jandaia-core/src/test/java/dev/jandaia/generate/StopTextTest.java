package dev.jandaia.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopTextTest {

  @Test
  void textBeforeAStopIsShownAndNothingAfterIt() {
    StopText stop = new StopText(List.of("END", "\n\n"));
    assertEquals("one ", stop.accept("one EN"));
    assertEquals("ENENtwo", stop.accept("ENtwo"));
    assertFalse(stop.stopped());
    assertEquals(" three", stop.accept(" threeE"));
    assertEquals("", stop.accept("N"));
    assertEquals("", stop.accept("D four"));
    assertTrue(stop.stopped());
    assertEquals("", stop.accept("five"));
  }

  @Test
  void whatOnlyLookedLikeAStopIsLetOutAtTheEnd() {
    StopText stop = new StopText(List.of("END"));
    assertEquals("x", stop.accept("xEN"));
    assertEquals("EN", stop.flush());
  }

  @Test
  void theEarliestOfSeveralStopsCounts() {
    StopText stop = new StopText(List.of("later", "soon"));
    assertEquals("a ", stop.accept("a soon b later"));
    assertTrue(stop.stopped());
  }

  @Test
  void withoutStopsEverythingPasses() {
    StopText stop = new StopText(List.of());
    assertEquals("anything", stop.accept("anything"));
  }
}
