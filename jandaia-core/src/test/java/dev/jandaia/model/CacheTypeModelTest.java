package dev.jandaia.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.SpecZoo.Named;
import dev.jandaia.op.Compute;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LightningAttention;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mechanism with caches of every element type. */
class CacheTypeModelTest {
  private static final int LENGTH = 140;
  private static final int FORKED_AT = 100;

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void finerTypesAreCloserToTheExactCache(Named named) {
    try (Workers workers = Workers.of(2)) {
      LanguageModel model = RandomModel.of(named.spec(), Kernels.best());
      Compute compute = new Compute(Kernels.best(), workers);
      float[][] exact = decode(model, compute, CacheType.F32);
      double half = error(exact, decode(model, compute, CacheType.of("f16")));
      double bytes = error(exact, decode(model, compute, CacheType.of("q8_0")));
      double fine = error(exact, decode(model, compute, CacheType.of("tq4")));
      double coarse = error(exact, decode(model, compute, CacheType.of("tq1")));
      String found = "f16 %s, q8_0 %s, tq4 %s, tq1 %s".formatted(half, bytes, fine, coarse);
      assertTrue(half < 5e-3, found);
      assertTrue(bytes < 0.1, found);
      // Compressed attention keeps half precision under every type: see SequenceCache.
      boolean rounds = coarse > half;
      boolean mayNot = named.spec().blocks().stream().allMatch(CacheTypeModelTest::keepsHalves);
      assertTrue(rounds || coarse == 0 || mayNot, found);
      assertTrue(!rounds || (half < fine && bytes < fine && fine < coarse), found);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void aForkGoesOnAsItsOriginalDoes(Named named) {
    try (Workers workers = Workers.of(1)) {
      LanguageModel model = RandomModel.of(named.spec(), Kernels.best());
      Compute compute = new Compute(Kernels.best(), workers);
      int[] ids = RandomModel.ids(LENGTH, 1);
      for (CacheType type : CacheType.all()) {
        SequenceCache one = model.newSequence(type);
        RandomModel.logits(model, compute, one, ids, 0, FORKED_AT);
        SequenceCache other = one.fork();
        for (int t = FORKED_AT; t < LENGTH; t++) {
          assertArrayEquals(
              RandomModel.logits(model, compute, one, ids, t, 1),
              RandomModel.logits(model, compute, other, ids, t, 1),
              type.label());
        }
      }
    }
  }

  private static boolean keepsHalves(BlockSpec block) {
    return switch (block.mixer()) {
      case CompressedAttention _, GatedDeltaNet _, KimiDeltaAttention _, LightningAttention _ ->
          true;
      case GroupedQueryAttention _, LatentAttention _ -> false;
    };
  }

  private static float[][] decode(LanguageModel model, Compute compute, CacheType type) {
    int[] ids = RandomModel.ids(LENGTH, 1);
    SequenceCache cache = model.newSequence(type);
    float[][] logits = new float[LENGTH][];
    for (int t = 0; t < LENGTH; t++) {
      logits[t] = RandomModel.logits(model, compute, cache, ids, t, 1);
    }
    return logits;
  }

  /**
   * The median over tokens of the relative error: routers and indexers choose otherwise now and
   * then, after which a token has nothing to do with the exact one.
   */
  private static double error(float[][] exact, float[][] found) {
    double[] errors = new double[exact.length];
    for (int t = 0; t < exact.length; t++) {
      double difference = 0;
      double size = 0;
      for (int i = 0; i < exact[t].length; i++) {
        difference += Math.pow(exact[t][i] - found[t][i], 2);
        size += Math.pow(exact[t][i], 2);
      }
      errors[t] = Math.sqrt(difference / size);
    }
    Arrays.sort(errors);
    return errors[errors.length / 2];
  }
}
