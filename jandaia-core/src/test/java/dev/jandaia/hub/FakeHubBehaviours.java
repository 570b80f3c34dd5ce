package dev.jandaia.hub;

import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** Bad manners that several tests share. */
final class FakeHubBehaviours {
  /** The right length with one wrong byte at the end. */
  static final FakeHub.Behaviour CORRUPT =
      (exchange, content, start) -> {
        byte[] wrong = content.clone();
        wrong[wrong.length - 1] ^= 1;
        FakeHub.good(exchange, wrong, start);
      };

  private FakeHubBehaviours() {}

  /** Sends in pieces with pauses between. */
  static FakeHub.Behaviour trickle(int pieces, int pauseMillis) {
    return (exchange, content, start) -> {
      OutputStream out = FakeHub.begin(exchange, content, start, content.length - start);
      int piece = content.length / pieces;
      for (int at = start; at < content.length; at += piece) {
        out.write(content, at, Math.min(piece, content.length - at));
        out.flush();
        pause(pauseMillis);
      }
    };
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
