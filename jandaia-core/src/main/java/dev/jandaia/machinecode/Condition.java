package dev.jandaia.machinecode;

/** Conditions of {@link GeneralAssembler#jump}. */
public enum Condition {
  ZERO(4),
  NOT_ZERO(5),
  LESS(12),
  NOT_LESS(13);

  private final int code;

  Condition(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
