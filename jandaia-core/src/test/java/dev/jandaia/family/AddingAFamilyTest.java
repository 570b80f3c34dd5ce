package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AddingAFamilyTest {
  @Test
  void documentShowsTheCodeAsItIs() throws IOException {
    String code = Files.readString(Path.of("src/main/java/dev/jandaia/family/Olmo2.java"));
    String document = Files.readString(Path.of("../docs/adding-a-family.md"));
    String shown = code.substring(code.indexOf("/** OLMo 2")).strip();
    assertTrue(document.contains("```java\n" + shown + "\n```"), "docs/adding-a-family.md is old");
  }
}
