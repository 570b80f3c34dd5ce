package dev.jandaia.atlas.notes;

import java.util.List;

/** {@code docs/notes-tables.md}: published tables, reproduced by the counting rules. */
public final class NotesTables {
  private NotesTables() {}

  /** The document. */
  public static String markdown() {
    List<Table> tables =
        List.of(
            CacheTables.latents(),
            CacheTables.groups(),
            CacheTables.windows(),
            CacheTables.both(),
            ModelTables.mixtures(),
            ModelTables.deepseekAndLlama4(),
            ModelTables.qwenAndLlama(),
            TrainingCost.table());
    StringBuilder out =
        new StringBuilder(
            """
            # Tables of the notes, counted anew

            Every number below that is not called published is computed from an architecture by the rules in
            [`spec.count`](../jandaia-core/src/main/java/dev/jandaia/spec/count). This file is written by
            [`NotesTables`](../jandaia-atlas/src/main/java/dev/jandaia/atlas/notes/NotesTables.java); a test compares the two.
            """);
    tables.forEach(out::append);
    return out.toString();
  }
}
