package dev.jandaia.template;

import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.Locale;

/** C's {@code strftime} in the C locale, for {@code strftime_now}. */
final class Strftime {
  private final ZonedDateTime time;
  private final StringBuilder out = new StringBuilder();

  private Strftime(ZonedDateTime time) {
    this.time = time;
  }

  static String format(ZonedDateTime time, String format) {
    Strftime run = new Strftime(time);
    run.expand(format);
    return run.out.toString();
  }

  private void expand(String format) {
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char flag = format.charAt(++i);
      boolean flagged = "-_0^#".indexOf(flag) >= 0 && i + 1 < format.length();
      directive(flagged ? flag : ' ', flagged ? format.charAt(++i) : flag);
    }
  }

  private void directive(char flag, char directive) {
    switch (directive) {
      case 'Y' -> out.append(time.getYear());
      case 'C' -> number(flag, time.getYear() / 100, 2, '0');
      case 'y' -> number(flag, time.getYear() % 100, 2, '0');
      case 'G' -> out.append(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> number(flag, time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0');
      case 'V' -> field(flag, IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2);
      case 'm' -> number(flag, time.getMonthValue(), 2, '0');
      case 'd' -> number(flag, time.getDayOfMonth(), 2, '0');
      case 'e' -> number(flag, time.getDayOfMonth(), 2, ' ');
      case 'j' -> number(flag, time.getDayOfYear(), 3, '0');
      case 'H' -> number(flag, time.getHour(), 2, '0');
      case 'k' -> number(flag, time.getHour(), 2, ' ');
      case 'I' -> field(flag, ChronoField.CLOCK_HOUR_OF_AMPM, 2);
      case 'l' -> number(flag, time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, ' ');
      case 'M' -> number(flag, time.getMinute(), 2, '0');
      case 'S' -> number(flag, time.getSecond(), 2, '0');
      case 'f' -> number(flag, time.getNano() / 1000, 6, '0');
      case 's' -> out.append(time.toEpochSecond());
      case 'u' -> out.append(time.getDayOfWeek().getValue());
      case 'w' -> out.append(time.getDayOfWeek().getValue() % 7);
      case 'U' -> week(flag, time.getDayOfWeek().getValue() % 7);
      case 'W' -> week(flag, time.getDayOfWeek().getValue() - 1);
      case 'a' -> name(flag, time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
      case 'A' -> name(flag, time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
      case 'b', 'h' ->
          name(
              flag, time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3));
      case 'B' -> name(flag, time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
      case 'p' -> name(flag, time.getHour() < 12 ? "AM" : "PM");
      case 'P' -> out.append(time.getHour() < 12 ? "am" : "pm");
      case 'c' -> expand("%a %b %e %H:%M:%S %Y");
      case 'x', 'D' -> expand("%m/%d/%y");
      case 'X', 'T' -> expand("%H:%M:%S");
      case 'R' -> expand("%H:%M");
      case 'r' -> expand("%I:%M:%S %p");
      case 'F' -> expand("%Y-%m-%d");
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case '%' -> out.append('%');
      // datetime.now() has no time zone.
      case 'z', 'Z' -> {}
      default -> out.append('%').append(flag == ' ' ? "" : flag).append(directive);
    }
  }

  private void field(char flag, TemporalField field, int width) {
    number(flag, time.get(field), width, '0');
  }

  /** Week of the year, where the first one starts on the first Sunday or Monday. */
  private void week(char flag, int daysIntoWeek) {
    number(flag, (time.getDayOfYear() + 6 - daysIntoWeek) / 7, 2, '0');
  }

  private void number(char flag, int value, int width, char padding) {
    String digits = Integer.toString(value);
    char filler = flag == '_' ? ' ' : flag == '0' ? '0' : padding;
    out.repeat(filler, flag == '-' ? 0 : Math.max(0, width - digits.length())).append(digits);
  }

  private void name(char flag, String name) {
    out.append(flag == '^' ? Characters.upper(name) : name);
  }
}
