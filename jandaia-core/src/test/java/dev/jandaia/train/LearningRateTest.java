package dev.jandaia.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LearningRateTest {
  private static final Map<String, Double> FLOORS =
      Map.of("cosine_with_warmup", 0.0, "cosine_min_lr_rate0.1", 0.1);

  @Test
  void cosineMatchesTheReferenceSchedules() {
    JsonNode root = JsonMapper.shared().readTree(Goldens.file("training/optim/schedules.json"));
    int compared = 0;
    for (JsonNode golden : root.get("cases")) {
      Double floor = FLOORS.get(golden.get("schedule").asString());
      if (floor != null) {
        LearningRate rate =
            LearningRate.cosine(
                golden.get("peak_lr").asDouble(),
                golden.get("warmup").asInt(),
                golden.get("total").asInt(),
                floor);
        // Beyond the last step the reference lets the wave rise again; ours stays at its floor.
        int last = Math.min(golden.get("total").asInt(), golden.get("lr").size() - 1);
        for (int step = 0; step <= last; step++) {
          assertEquals(golden.get("lr").get(step).asDouble(), rate.at(step), 1e-12);
          compared++;
        }
      }
    }
    assertTrue(compared > 100, "rates compared: " + compared);
  }
}
