package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * Penalises tokens seen among the last {@code lastN}. With c the count of the token there, and c
 * &gt; 0:
 *
 * <pre>logit = (logit &gt; 0 ? logit / repeat : logit * repeat) - c * frequency - presence</pre>
 *
 * Sources: repetition, arXiv:1909.05858; frequency and presence, the OpenAI API.
 *
 * @param lastN the window in tokens; -1 is everything accepted so far, 0 is off
 * @param repeat the repetition penalty, above 0; 1 is off
 * @param frequency subtracted once per occurrence; 0 is off
 * @param presence subtracted once; 0 is off
 */
public record Penalties(int lastN, float repeat, float frequency, float presence)
    implements SamplerStep {
  /** Keeps the arithmetic clear of infinity minus infinity. */
  private static final float LARGEST = 1e6f;

  public Penalties {
    Require.atLeast("repeat_last_n", lastN, -1);
    Require.within("repeat_penalty", repeat, 1 / LARGEST, LARGEST);
    Require.within("frequency_penalty", frequency, -LARGEST, LARGEST);
    Require.within("presence_penalty", presence, -LARGEST, LARGEST);
  }

  @Override
  public String name() {
    return "penalties";
  }

  @Override
  public boolean isOff() {
    return lastN == 0 || (repeat == 1f && frequency == 0f && presence == 0f);
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    int window = history.size(lastN);
    for (int i = 0; i < window; i++) {
      int token = history.recent(i);
      candidates.mark(token, candidates.marked(token) + 1);
    }
    for (int i = 0; i < candidates.size; i++) {
      int count = candidates.marks[candidates.ids[i]];
      if (count > 0) {
        float logit = candidates.logits[i];
        float repeated = logit > 0 ? logit / repeat : logit * repeat;
        candidates.set(i, repeated - count * frequency - presence);
      }
    }
    for (int i = 0; i < window; i++) {
      candidates.mark(history.recent(i), 0);
    }
  }
}
