package dev.jandaia;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.generate.sample.SamplerChain;
import dev.jandaia.generate.sample.SamplerOptions;
import dev.jandaia.template.ChatTemplate;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What a model comes with beside its weights.
 *
 * @param name for people
 * @param tokenizer absent where only weights were published
 * @param template of chats; absent for base models
 * @param sampler the publisher's choice, over our defaults
 * @param endTokens after which a completion ends
 */
record ModelFiles(
    String name,
    Optional<Tokenizer> tokenizer,
    Optional<ChatTemplate> template,
    SamplerChain sampler,
    Set<Integer> endTokens) {
  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "tekken.json", "tokenizer.model");

  static ModelFiles of(GgufFile file) {
    Optional<Tokenizer> tokenizer =
        Tokenizers.isInGguf(file.metadata())
            ? Optional.of(Tokenizers.fromGguf(file.metadata()))
            : Optional.empty();
    Object name = file.metadata().getOrDefault("general.name", file.origin());
    return new ModelFiles(
        name.toString(),
        tokenizer,
        template(tokenizer, file.origin()),
        SamplerChain.DEFAULT,
        tokenizer.map(Tokenizer::endOfGeneration).orElse(Set.of()));
  }

  ModelFiles withSampler(SamplerChain other) {
    return new ModelFiles(name, tokenizer, template, other, endTokens);
  }

  /** Of a Hugging Face directory. */
  static ModelFiles of(Path directory) {
    Optional<Tokenizer> tokenizer =
        TOKENIZER_FILES.stream().anyMatch(file -> Files.exists(directory.resolve(file)))
            ? Optional.of(Tokenizers.fromDirectory(directory))
            : Optional.empty();
    JsonNode generation = readIfThere(directory.resolve("generation_config.json"));
    Set<Integer> endTokens =
        new HashSet<>(tokenizer.map(Tokenizer::endOfGeneration).orElse(Set.of()));
    JsonNode eos = generation.path("eos_token_id");
    (eos.isArray() ? eos : List.of(eos))
        .forEach(id -> {
          if (id.isInt()) {
            endTokens.add(id.asInt());
          }
        });
    return new ModelFiles(
        directory.getFileName().toString(),
        tokenizer,
        template(tokenizer, directory.toString()),
        SamplerOptions.fromGenerationConfig(generation, SamplerChain.DEFAULT),
        endTokens);
  }

  private static Optional<ChatTemplate> template(Optional<Tokenizer> tokenizer, String origin) {
    return tokenizer
        .flatMap(Tokenizer::chatTemplate)
        .map(source -> ChatTemplate.parse(origin + ": chat template", source));
  }

  private static JsonNode readIfThere(Path file) {
    if (!Files.exists(file)) {
      return MissingNode.getInstance();
    }
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (IOException | JacksonException e) {
      throw new JandaiaException(
          file + ": expected JSON, found " + e.getMessage().lines().findFirst().orElse("nothing"),
          e);
    }
  }
}
