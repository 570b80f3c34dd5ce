package dev.jandaia.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubConfigTest {
  @TempDir Path home;

  @Test
  void defaultsAreThoseOfTheHuggingfaceTools() {
    HubConfig config = config();
    assertEquals(URI.create("https://huggingface.co"), config.endpoint());
    assertEquals(home.resolve(".cache/huggingface/hub"), config.cache());
    assertEquals(Optional.empty(), config.token());
    assertFalse(config.offline());
  }

  @Test
  void cacheFollowsTheMostSpecificVariable() {
    assertEquals(home.resolve("x/huggingface/hub"), config("XDG_CACHE_HOME", "~/x").cache());
    assertEquals(Path.of("/h/hub"), config("XDG_CACHE_HOME", "/x", "HF_HOME", "/h").cache());
    assertEquals(Path.of("/c"), config("HF_HOME", "/h", "HF_HUB_CACHE", "/c").cache());
    assertEquals(Path.of("/d"), config("HUGGINGFACE_HUB_CACHE", "/d", "HF_HUB_CACHE", " ").cache());
  }

  @Test
  void tokenComesFromVariablesOrTheFile() throws IOException {
    assertEquals(
        Optional.of("a"), config("HF_TOKEN", " a\n", "HUGGING_FACE_HUB_TOKEN", "b").token());
    assertEquals(Optional.of("b"), config("HUGGING_FACE_HUB_TOKEN", "b").token());
    Files.writeString(home.resolve("token"), "c\n");
    assertEquals(Optional.of("c"), config("HF_HOME", home.toString()).token());
    assertEquals(
        Optional.of("c"), config("HF_TOKEN_PATH", home.resolve("token").toString()).token());
  }

  @Test
  void endpointAndOfflineAreRead() {
    assertEquals(
        URI.create("https://m.example"), config("HF_ENDPOINT", "https://m.example/").endpoint());
    assertTrue(config("HF_HUB_OFFLINE", "yes").offline());
    assertFalse(config("HF_HUB_OFFLINE", "0").offline());
    for (String bad : new String[] {"huggingface.co", "ftp://x", "http://", "ht tp://x"}) {
      assertThrows(JandaiaException.class, () -> config("HF_ENDPOINT", bad), bad);
    }
  }

  @Test
  void tokenIsNeverShown() {
    assertFalse(config("HF_TOKEN", "hf_secret").toString().contains("hf_secret"));
    String message =
        assertThrows(JandaiaException.class, () -> config("HF_TOKEN", "hf_sec\nret")).getMessage();
    assertFalse(message.contains("hf_sec"), message);
  }

  private HubConfig config(String... variables) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return HubConfig.fromEnvironment(environment, home);
  }
}
