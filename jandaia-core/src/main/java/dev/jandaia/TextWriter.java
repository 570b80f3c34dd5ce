package dev.jandaia;

import dev.jandaia.generate.StopText;
import dev.jandaia.generate.TokenSink.Verdict;
import dev.jandaia.tokenizer.StreamingDecoder;
import dev.jandaia.tokenizer.Tokenizer;
import java.util.List;
import java.util.function.Consumer;

/** Turns tokens into text as they arrive, up to the first stop text. */
final class TextWriter {
  private final StreamingDecoder decoder;
  private final StopText stopText;
  private final Consumer<String> onText;
  private final StringBuilder text = new StringBuilder();

  TextWriter(Tokenizer tokenizer, List<String> stops, Consumer<String> onText) {
    this.decoder = tokenizer.streamingDecoder();
    this.stopText = new StopText(stops);
    this.onText = onText;
  }

  Verdict accept(int token) {
    emit(stopText.accept(decoder.accept(token)));
    if (stopText.stopped()) {
      return Verdict.STOP;
    }
    return Thread.currentThread().isInterrupted() ? Verdict.CANCEL : Verdict.CONTINUE;
  }

  /** Lets out what was held back, and returns the whole text. */
  String finish() {
    if (!stopText.stopped()) {
      emit(stopText.accept(decoder.flush()));
      emit(stopText.flush());
    }
    return text.toString();
  }

  private void emit(String piece) {
    if (!piece.isEmpty()) {
      text.append(piece);
      onText.accept(piece);
    }
  }
}
