package dev.jandaia.template;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The system's time in its zone, which is found out when it is asked for: few templates do, and the
 * table of zones takes a start ten milliseconds.
 */
final class LocalClock extends Clock {
  static final LocalClock INSTANCE = new LocalClock();

  private LocalClock() {}

  @Override
  public ZoneId getZone() {
    return ZoneId.systemDefault();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.system(zone);
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }
}
