package dev.jandaia;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The rooms of the house and which room may use which. A room is a package directly below {@code
 * dev.jandaia} with all its sub-packages. A new room, or a new arrow, is added here on purpose.
 */
class ArchitectureTest {
  private static final String HOUSE = "dev.jandaia.";

  /** The package that applications enter by. */
  private static final String FRONT_DOOR = "dev.jandaia";

  /** Every room with the rooms it may use. {@link JandaiaException} is open to all of them. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          entry(
              FRONT_DOOR,
              Set.of(
                  "load",
                  "checkpoint",
                  "hub",
                  "cache",
                  "generate",
                  "tokenizer",
                  "template",
                  "model",
                  "op",
                  "spec",
                  "kernel",
                  "tensor")),
          entry("tensor", Set.of()),
          entry("text", Set.of()),
          entry("machinecode", Set.of()),
          entry("kernel", Set.of("machinecode", "tensor")),
          entry("op", Set.of("cache", "spec", "kernel", "tensor")),
          entry("spec", Set.of()),
          entry("cache", Set.of("spec", "kernel", "tensor")),
          entry("model", Set.of("op", "cache", "spec", "kernel", "tensor")),
          entry("family", Set.of("spec", "tensor")),
          entry("checkpoint", Set.of("tensor", "text")),
          entry(
              "load",
              Set.of(
                  "checkpoint",
                  "family",
                  "model",
                  "op",
                  "cache",
                  "spec",
                  "kernel",
                  "tensor",
                  "tokenizer",
                  "template")),
          entry(
              "convert",
              Set.of(
                  "load",
                  "checkpoint",
                  "family",
                  "model",
                  "cache",
                  "tokenizer",
                  "op",
                  "spec",
                  "kernel",
                  "tensor")),
          entry("tokenizer", Set.of("text")),
          entry("template", Set.of()),
          entry("hub", Set.of()),
          entry(
              "train",
              Set.of(
                  "load",
                  "checkpoint",
                  "family",
                  "generate",
                  "model",
                  "op",
                  "cache",
                  "spec",
                  "kernel",
                  "tensor",
                  "tokenizer",
                  "template")),
          entry("generate", Set.of("model", "op", "cache", "spec", "kernel", "tensor")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.jandaia");

  @Test
  void everyPackageBelongsToAKnownRoom() {
    assertFalse(CLASSES.isEmpty(), "no classes were read");
    Set<String> found = new TreeSet<>();
    CLASSES.forEach(type -> found.add(room(type)));
    found.removeAll(ALLOWED.keySet());

    assertEquals(Set.of(), found, "rooms that are missing from the list above");
  }

  @Test
  void roomsUseOnlyWhatTheyMay() {
    List<String> violations =
        CLASSES.stream()
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(ArchitectureTest::isForbidden)
            .map(Dependency::getDescription)
            .sorted()
            .toList();

    assertEquals(List.of(), violations);
  }

  @Test
  void theListItselfHasNoCycle() {
    Set<String> settled = new TreeSet<>();
    while (settled.size() < ALLOWED.size()) {
      Set<String> next = new TreeSet<>(ALLOWED.keySet());
      next.removeIf(room -> settled.contains(room) || !settled.containsAll(ALLOWED.get(room)));
      assertFalse(next.isEmpty(), () -> "a cycle outside of " + settled);
      settled.addAll(next);
    }
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(HOUSE + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  private static boolean isForbidden(Dependency dependency) {
    JavaClass target = dependency.getTargetClass();
    if (!isOurs(target) || target.isEquivalentTo(JandaiaException.class)) {
      return false;
    }
    String from = room(dependency.getOriginClass());
    return !from.equals(room(target))
        && !ALLOWED.getOrDefault(from, Set.of()).contains(room(target));
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(HOUSE) || type.getPackageName().equals(FRONT_DOOR);
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    if (type.getPackageName().equals(FRONT_DOOR)) {
      return FRONT_DOOR;
    }
    assertTrue(name.startsWith(HOUSE), () -> type.getName() + " lies in no room");
    String inside = name.substring(HOUSE.length());
    return inside.contains(".") ? inside.substring(0, inside.indexOf('.')) : inside;
  }
}
