package dev.jandaia.atlas.text;

import java.util.Locale;

/** Large numbers for people. */
public final class Amounts {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E"};
  private static final String[] COUNTS = {"", "K", "M", "B", "T"};

  private Amounts() {}

  /** 1,234,567. */
  public static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Bytes with the binary unit that fits: 1.5 GiB. */
  public static String bytes(double bytes) {
    return scaled(bytes, 1024, BINARY, " ");
  }

  /** With the SI prefix that fits, for instance 3.2 T; the unit is for the caller to add. */
  public static String si(double value) {
    return scaled(value, 1000, DECIMAL, " ");
  }

  /** Parameters as people say them: 1.24B. */
  public static String count(double value) {
    return scaled(value, 1000, COUNTS, "");
  }

  private static String scaled(double value, int step, String[] units, String gap) {
    double rest = value;
    int unit = 0;
    // 999.95 and more would be printed as 1000.0
    while (rest >= step - 0.05 && unit < units.length - 1) {
      rest /= step;
      unit++;
    }
    boolean whole = unit == 0 && rest == Math.rint(rest);
    String digits = whole ? "%.0f" : rest < 10 ? "%.2f" : "%.1f";
    return String.format(Locale.ROOT, digits, rest) + gap + units[unit];
  }
}
