package dev.jandaia.template;

import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Num;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's format specification: {@code
 * [[fill]align][sign][#][0][width][grouping][.precision][type]}.
 *
 * @param align one of {@code < > ^ =}, or a space for the default of the type
 * @param sign {@code + -} or a space
 * @param grouping {@code ,} or {@code _}, or a space for none
 * @param precision -1 if absent
 * @param type a letter, or a space for the default of the value
 */
record FormatSpec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    char grouping,
    int precision,
    char type) {
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?([0-9]{0,8})([,_])?(?:\\.([0-9]{1,8}))?([a-zA-Z%])?",
          Pattern.DOTALL);

  /** No double needs more fraction digits than these. */
  private static final int MAX_PRECISION = 1100;

  static FormatSpec parse(String spec) {
    Matcher parts = SYNTAX.matcher(spec);
    if (!parts.matches()) {
      throw new TemplateError("Invalid format specifier " + Repr.quote(spec));
    }
    boolean zero = parts.group(5) != null;
    char align = letter(parts.group(2), zero ? '=' : ' ');
    String fill = parts.group(1) != null ? parts.group(1) : zero ? "0" : " ";
    return new FormatSpec(
        fill,
        align,
        letter(parts.group(3), '-'),
        parts.group(4) != null,
        parts.group(6).isEmpty() ? 0 : Integer.parseInt(parts.group(6)),
        letter(parts.group(7), ' '),
        parts.group(8) == null ? -1 : Integer.parseInt(parts.group(8)),
        letter(parts.group(9), ' '));
  }

  private static char letter(String group, char absent) {
    return group == null || group.isEmpty() ? absent : group.charAt(0);
  }

  String format(Context context, Value value) {
    return switch (value) {
      case Bool bool when type == ' ' || type == 's' ->
          type == 's' ? text(context, Numbers.repr(bool)) : number(context, bool);
      case Num number -> number(context, number);
      case Str str -> text(context, str.text());
      default -> {
        if (!equals(parse(""))) {
          throw new TemplateError(
              "unsupported format string passed to " + Values.typeName(value) + ".__format__");
        }
        yield Repr.str(value);
      }
    };
  }

  private String text(Context context, String text) {
    if (type != ' ' && type != 's' || align == '=' && !fill.equals("0")) {
      throw new TemplateError("Unknown format code '" + type + "' for object of type 'str'");
    }
    int length = text.codePointCount(0, text.length());
    String cut =
        precision >= 0 && precision < length
            ? text.substring(0, text.offsetByCodePoints(0, precision))
            : text;
    return pad(context, "", cut, align == ' ' || align == '=' ? '<' : align);
  }

  private String number(Context context, Num number) {
    if (number instanceof Bool && type == ' ' && width == 0) {
      return Numbers.repr(number);
    }
    boolean integral = !Numbers.isFloat(number) && "bcdoxXn ".indexOf(type) >= 0;
    String digits =
        integral ? integer(Numbers.integer(number)) : floating(Numbers.floating(number));
    boolean negative = digits.startsWith("-");
    String prefix = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    String magnitude = negative ? digits.substring(1) : digits;
    if (integral && alternate && "boxX".indexOf(type) >= 0) {
      prefix += "0" + type;
    }
    return pad(context, prefix, group(magnitude), align == ' ' ? '>' : align);
  }

  private String integer(BigInteger value) {
    if (precision >= 0) {
      throw new TemplateError("Precision not allowed in integer format specifier");
    }
    return switch (type) {
      case 'b' -> value.toString(2);
      case 'o' -> value.toString(8);
      case 'x' -> value.toString(16);
      case 'X' -> Characters.upper(value.toString(16));
      case 'c' -> character(value);
      default -> value.toString();
    };
  }

  @SuppressWarnings("OrphanedFormatString") // Python's own words
  static String character(BigInteger code) {
    if (code.signum() < 0 || code.bitLength() > 21 || code.intValue() > Character.MAX_CODE_POINT) {
      throw new TemplateError("%c arg not in range(0x110000)");
    }
    return Character.toString(code.intValue());
  }

  private String floating(double value) {
    if (type == ' ' && precision < 0) {
      return Numbers.repr(value);
    }
    int places = precision < 0 ? 6 : precision;
    return switch (type) {
      case 'f', 'F', 'e', 'E', 'g', 'G', 'n' -> floating(value, type, places, alternate);
      case '%' -> floating(value * 100, 'f', places, alternate) + "%";
      case ' ' -> {
        String general = floating(value, 'g', Math.max(1, places), alternate);
        boolean plain = general.matches("-?[0-9]+");
        yield plain ? general + ".0" : general;
      }
      default ->
          throw new TemplateError("Unknown format code '" + type + "' for object of type 'float'");
    };
  }

  /** C's {@code %f}, {@code %e} and {@code %g}: exact, ties to even. */
  static String floating(double value, char type, int precision, boolean alternate) {
    if (!Double.isFinite(value)) {
      String name = Numbers.repr(value);
      return Character.isUpperCase(type) ? Characters.upper(name) : name;
    }
    int places = Math.min(precision, MAX_PRECISION);
    String text =
        switch (Character.toLowerCase(type)) {
          case 'f' -> fixed(value, places);
          case 'e' -> scientific(value, places);
          default -> general(value, Math.max(1, places), alternate);
        };
    return Character.isUpperCase(type) ? Characters.upper(text) : text;
  }

  private static String fixed(double value, int places) {
    return signOf(value)
        + new BigDecimal(Math.abs(value)).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String signOf(double value) {
    return value < 0 || 1 / value < 0 ? "-" : "";
  }

  private static BigDecimal rounded(double value, int digits) {
    return new BigDecimal(Math.abs(value)).round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static int exponent(BigDecimal rounded) {
    return rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
  }

  private static String scientific(double value, int places) {
    BigDecimal rounded = rounded(value, places + 1);
    int exponent = exponent(rounded);
    String digits = rounded.unscaledValue().toString();
    digits += "0".repeat(Math.max(0, places + 1 - digits.length()));
    return signOf(value)
        + digits.charAt(0)
        + (places > 0 ? "." + digits.substring(1, places + 1) : "")
        + "e%c%02d".formatted(exponent < 0 ? '-' : '+', Math.abs(exponent));
  }

  private static String general(double value, int digits, boolean keepZeros) {
    int exponent = exponent(rounded(value, digits));
    boolean plain = exponent >= -4 && exponent < digits;
    String text =
        plain ? fixed(value, Math.max(0, digits - 1 - exponent)) : scientific(value, digits - 1);
    if (keepZeros || !text.contains(".")) {
      return text;
    }
    int e = text.indexOf('e');
    String mantissa = e < 0 ? text : text.substring(0, e);
    return mantissa.replaceAll("\\.?0+$", "") + (e < 0 ? "" : text.substring(e));
  }

  private String group(String magnitude) {
    if (grouping == ' ') {
      return magnitude;
    }
    int size = "boxX".indexOf(type) >= 0 ? 4 : 3;
    int end = 0;
    while (end < magnitude.length()
        && Character.digit(magnitude.charAt(end), 16) >= 0
        && (magnitude.charAt(end) != 'e' || size == 4)) {
      end++;
    }
    StringBuilder grouped = new StringBuilder(magnitude);
    for (int i = end - size; i > 0; i -= size) {
      grouped.insert(i, grouping);
    }
    return grouped.toString();
  }

  private String pad(Context context, String prefix, String body, char alignment) {
    int length = prefix.length() + body.codePointCount(0, body.length());
    int missing = Math.max(0, width - length);
    context.budget().text((long) missing + length);
    int before =
        switch (alignment) {
          case '<' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    String left = fill.repeat(before);
    String right = fill.repeat(missing - before);
    return alignment == '=' ? prefix + left + body : left + prefix + body + right;
  }
}
