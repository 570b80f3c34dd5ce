package dev.jandaia.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a tokenizer file itself says of its {@link Roles}; the configuration beside it may say
 * otherwise.
 *
 * @param prefix ids before a prompt
 * @param suffix ids after a prompt
 */
record RoleDefaults(
    OptionalInt bos,
    OptionalInt eos,
    OptionalInt unknown,
    OptionalInt padding,
    List<Integer> prefix,
    List<Integer> suffix) {

  static final RoleDefaults NONE = of(OptionalInt.empty(), JsonFraming.NONE);

  static RoleDefaults of(OptionalInt unknown, JsonFraming framing) {
    OptionalInt none = OptionalInt.empty();
    return new RoleDefaults(none, none, unknown, none, framing.prefix(), framing.suffix());
  }
}
