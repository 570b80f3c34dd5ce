package dev.jandaia;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.hub.HubCache;
import dev.jandaia.hub.HubConfig;
import dev.jandaia.hub.RepoId;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The front door.
 *
 * <pre>{@code
 * try (TextModel model = Jandaia.load("Qwen/Qwen3-0.6B")) {
 *   Chat chat = model.chat().system("Answer in one sentence.");
 *   chat.say("What is a parakeet?", System.out::print);
 * }
 * }</pre>
 */
public final class Jandaia {
  private static final String EMBEDDED = "embedded/arithmetic.gguf";

  private Jandaia() {}

  /**
   * Loads a model by path, or by its name on the Hugging Face Hub if it has been pulled.
   *
   * @throws JandaiaException if it is not there, damaged or of an unknown architecture
   */
  public static TextModel load(String model) {
    return load(model, Runtime.getRuntime().availableProcessors());
  }

  /** As {@link #load(String)}, to run on {@code threads} threads. */
  public static TextModel load(String model, int threads) {
    return load(locate(model), threads);
  }

  /** Loads a Hugging Face directory or a GGUF file. */
  public static TextModel load(Path path) {
    return load(path, Runtime.getRuntime().availableProcessors());
  }

  /** As {@link #load(Path)}, to run on {@code threads} threads. */
  public static TextModel load(Path path, int threads) {
    if (Files.isDirectory(path)) {
      return new TextModel(ModelFiles.of(path), LoadedModel.open(path, Kernels.fastest()), threads);
    }
    // Kernels take as long to choose as a header to read.
    CompletableFuture<Kernels> kernels = CompletableFuture.supplyAsync(Kernels::fastest);
    return ofGguf(LoadedModel.openFile(path), kernels, threads);
  }

  /** Large vocabularies take as long to read as weights, so both are read at the same time. */
  private static TextModel ofGguf(GgufFile file, CompletableFuture<Kernels> kernels, int threads) {
    CompletableFuture<ModelFiles> files = CompletableFuture.supplyAsync(() -> ModelFiles.of(file));
    LoadedModel model = LoadedModel.openGguf(file, joined(kernels, file::close));
    return new TextModel(joined(files, model::close), model, threads);
  }

  /** What another thread has made; if it failed, {@code undo} is done. */
  private static <T> T joined(CompletableFuture<T> made, Runnable undo) {
    try {
      return made.join();
    } catch (CompletionException e) {
      undo.run();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * The small model inside this library: it adds and subtracts numbers of two digits, writing its
   * working out, and always says the likeliest.
   */
  public static TextModel embedded(int threads) {
    try (InputStream resource = Jandaia.class.getResourceAsStream(EMBEDDED)) {
      GgufFile file = GgufFile.of("the embedded model", resource.readAllBytes());
      ModelFiles files = ModelFiles.of(file).withSampler(SamplerChain.greedy());
      return new TextModel(files, LoadedModel.openGguf(file, Kernels.fastest()), threads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where a model lies: the path itself, or the snapshot of a pulled {@code ORG/NAME}.
   *
   * @throws JandaiaException if it is neither
   */
  public static Path locate(String model) {
    return locate(model, HubConfig::fromEnvironment);
  }

  /** As {@link #locate(String)}, with the hub's settings from elsewhere. */
  public static Path locate(String model, Supplier<HubConfig> hub) {
    Path path = Path.of(model);
    if (Files.exists(path)) {
      return path;
    }
    if (!model.contains("/") || !RepoId.isValid(model)) {
      throw new JandaiaException(model + ": no such file or directory");
    }
    HubCache cache = new HubCache(hub.get().cache());
    String message =
        "%1$s: no such file or directory, and not in %2$s (jandaia pull %1$s fetches it)";
    return cache
        .resolve(model)
        .orElseThrow(() -> new JandaiaException(message.formatted(model, cache.root())));
  }
}
