package dev.jandaia.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  private static final Path KERNEL_SAYS = Path.of("/proc/cpuinfo");

  @Test
  void saysOfItselfWhatTheKernelSaysOfIt() throws Exception {
    assumeTrue(Files.isReadable(KERNEL_SAYS), "NOT RUN: no kernel that lists what there is");
    Set<String> flags = new HashSet<>();
    try (var lines = Files.lines(KERNEL_SAYS)) {
      lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .ifPresent(line -> flags.addAll(Arrays.asList(line.split("\\s+"))));
    }
    assumeTrue(!flags.isEmpty(), "NOT RUN: not an x86 processor");
    boolean avx512 = flags.containsAll(List.of("avx512f", "avx512bw", "avx512dq", "avx512vl"));
    Processor expected =
        new Processor(
            flags.containsAll(List.of("avx2", "fma", "f16c")),
            avx512,
            avx512 && flags.contains("avx512_vnni"),
            avx512 && flags.contains("avx512_bf16"));
    assertEquals(expected, Processor.ask());
  }
}
