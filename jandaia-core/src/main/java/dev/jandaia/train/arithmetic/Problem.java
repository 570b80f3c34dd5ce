package dev.jandaia.train.arithmetic;

/**
 * An addition or a subtraction of two numbers from 0 to 99, and its solution as the model is to
 * write it: units first, then tens, then the answer. A subtraction first finds out, digit by digit,
 * which number is larger; what a model must see at a glance, two whole numbers, it gets wrong where
 * they are close.
 *
 * <pre>
 *   47+85  →  7+5=12 carry 1; 4+8+1=13; 132
 *   85-47  →  8&gt;4; 15-7=8 borrow 1; 8-4-1=3; 38
 *   47-85  →  4&lt;8: 85-47; 15-7=8 borrow 1; 8-4-1=3; -38
 *   38-36  →  3=3 8&gt;6; 8-6=2; 3-3=0; 2
 * </pre>
 */
public record Problem(int a, Operation operation, int b) {
  /** Numbers are below this. */
  public static final int LIMIT = 100;

  /** What to do with the two numbers. */
  public enum Operation {
    ADD('+', "plus"),
    SUBTRACT('-', "minus");

    private final char sign;
    private final String word;

    Operation(char sign, String word) {
      this.sign = sign;
      this.word = word;
    }

    char sign() {
      return sign;
    }

    String word() {
      return word;
    }
  }

  public Problem {
    if (a < 0 || a >= LIMIT || b < 0 || b >= LIMIT) {
      throw new IllegalArgumentException("expected two numbers of two digits: " + a + ", " + b);
    }
  }

  /** As one types it: {@code 47+85}. */
  public String question() {
    return "" + a + operation.sign() + b;
  }

  /** The result, −99 to 198. */
  public int answer() {
    return operation == Operation.ADD ? a + b : a - b;
  }

  /** The working and the answer. */
  public String solution() {
    return switch (operation) {
      case ADD -> addition() + answer();
      case SUBTRACT ->
          a < b
              ? comparison() + ": %d-%d; ".formatted(b, a) + subtraction(b, a) + answer()
              : comparison() + "; " + subtraction(a, b) + answer();
    };
  }

  private String addition() {
    int units = a % 10 + b % 10;
    String carry = units < 10 ? "" : " carry 1";
    String carried = units < 10 ? "" : "+1";
    int tens = a / 10 + b / 10 + units / 10;
    return "%d+%d=%d%s; ".formatted(a % 10, b % 10, units, carry)
        + "%d+%d%s=%d; ".formatted(a / 10, b / 10, carried, tens);
  }

  private String comparison() {
    String tens = compare(a / 10, b / 10);
    return a / 10 == b / 10 ? tens + " " + compare(a % 10, b % 10) : tens;
  }

  private static String compare(int left, int right) {
    char sign = left < right ? '<' : left > right ? '>' : '=';
    return "" + left + sign + right;
  }

  private static String subtraction(int large, int small) {
    boolean borrows = large % 10 < small % 10;
    int units = large % 10 + (borrows ? 10 : 0);
    int tens = large / 10 - small / 10 - (borrows ? 1 : 0);
    String borrow = borrows ? " borrow 1" : "";
    String borrowed = borrows ? "-1" : "";
    return "%d-%d=%d%s; ".formatted(units, small % 10, units - small % 10, borrow)
        + "%d-%d%s=%d; ".formatted(large / 10, small / 10, borrowed, tens);
  }
}
