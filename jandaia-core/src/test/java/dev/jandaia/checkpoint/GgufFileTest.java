package dev.jandaia.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GgufFileTest {
  @Test
  void opensEveryGoldenFileWithItsMetadataAndTensors() {
    for (Path path : Goldens.ggufCases()) {
      try (GgufFile gguf = GgufFile.open(path);
          SafetensorsFile golden = SafetensorsFile.open(Goldens.goldenOf(path))) {
        String architecture = (String) gguf.metadata().get("general.architecture");
        long vocab = golden.tensor("logits").shape().dim(-1);
        long hidden = (Long) gguf.metadata().get(architecture + ".embedding_length");
        assertEquals(Shape.of(vocab, hidden), gguf.tensor("token_embd.weight").shape());
        assertEquals(DType.F32, gguf.tensor("output_norm.weight").dtype());
      }
    }
  }
}
