package dev.jandaia.train.arithmetic;

import java.util.random.RandomGenerator;

/**
 * What people write that is not a sum of two-digit numbers, so that the model learns to say so
 * instead of making something up: sentences, noise, and sums that are too hard for it.
 */
final class OtherTalk {
  /** What the model answers. */
  static final String REPLY = "I only add and subtract numbers of two digits. Try 47+85.";

  private static final String[] SENTENCES = {
    "hi",
    "Hi!",
    "hello",
    "Hello there",
    "hey",
    "good morning",
    "bye",
    "thanks",
    "thank you!",
    "ok",
    "yes",
    "no",
    "why?",
    "help",
    "help me",
    "who are you?",
    "Who are you?",
    "what are you?",
    "what can you do?",
    "What is your name?",
    "how are you?",
    "How old are you?",
    "are you an AI?",
    "tell me a joke",
    "Tell me a story about a bird.",
    "write a poem",
    "Write a Java program.",
    "what is the capital of France?",
    "What is the capital of Brazil?",
    "who wrote Don Quixote?",
    "what is the meaning of life?",
    "translate this to Portuguese",
    "what time is it?",
    "?",
    "!",
    "sing a song",
    "what day is today?",
    "explain quantum physics",
    "do you speak Portuguese?",
    "ol\u00e1, tudo bem?",
    "voc\u00ea fala portugu\u00eas?",
    "bonjour",
    "\u4f60\u597d",
    "what is love?",
    "list three colors",
    "public static void main",
    "a+b",
    "x + y = z",
    "pi",
    "summarize this text",
    "What is a large language model?",
    "can you do math?",
    "can you add?",
    "how many legs does a spider have?",
    "what is the square root of 16?",
    "test",
    "+",
    "-",
    "="
  };
  private static final String[] WORDS = {
    "the",
    "a",
    "what",
    "is",
    "how",
    "many",
    "who",
    "are",
    "you",
    "I",
    "me",
    "my",
    "do",
    "does",
    "can",
    "tell",
    "write",
    "give",
    "explain",
    "please",
    "about",
    "of",
    "in",
    "to",
    "and",
    "for",
    "with",
    "from",
    "number",
    "numbers",
    "add",
    "plus",
    "minus",
    "subtract",
    "sum",
    "name",
    "bird",
    "story",
    "poem",
    "program",
    "Java",
    "code",
    "question",
    "answer",
    "world",
    "country",
    "capital",
    "city",
    "weather",
    "today",
    "tomorrow",
    "house",
    "cat",
    "dog",
    "water",
    "music",
    "game",
    "book",
    "film",
    "red",
    "green",
    "big",
    "small",
    "good",
    "bad",
    "like",
    "love",
    "want",
    "need",
    "know",
    "think",
    "make",
    "find",
    "help",
    "work",
    "people",
    "time",
    "year",
    "day",
    "language",
    "model",
    "computer",
    "science"
  };
  private static final String OPERATORS = "*/^%x:";
  private static final String PUNCTUATION = "....????!!,;";

  private OtherTalk() {}

  /** Something that is no two-digit addition or subtraction. */
  static String say(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> SENTENCES[random.nextInt(SENTENCES.length)];
      case 2, 3 -> sentence(random);
      case 4 -> noise(random);
      case 5 -> tooLong(random);
      case 6 -> otherOperation(random);
      default -> unfinished(random);
    };
  }

  private static String sentence(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int words = 1 + random.nextInt(random.nextInt(8) == 0 ? 24 : 9);
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ");
      int kind = random.nextInt(12);
      if (kind == 0) {
        text.append(random.nextInt(200));
      } else {
        text.append(kind < 4 ? letters(random) : WORDS[random.nextInt(WORDS.length)]);
      }
    }
    if (random.nextInt(2) == 0) {
      text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
    }
    if (random.nextInt(2) == 0) {
      text.append(PUNCTUATION.charAt(random.nextInt(PUNCTUATION.length())));
    }
    // One number alone, or words around a sum, could be meant as a question; letters make it clear.
    return text.chars().anyMatch(Character::isLetter) ? text.toString() : text + " apples";
  }

  private static String letters(RandomGenerator random) {
    StringBuilder word = new StringBuilder();
    for (int i = 2 + random.nextInt(8); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private static String noise(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(20); i > 0; i--) {
      text.append((char) (random.nextInt(16) == 0 ? 0xE9 : '!' + random.nextInt(94)));
    }
    // A letter in front keeps noise from being a sum by accident.
    return letters(random).charAt(0) + text.toString();
  }

  private static String tooLong(RandomGenerator random) {
    String large = Integer.toString(100 + random.nextInt(random.nextInt(2) == 0 ? 900 : 99_900));
    String other = Integer.toString(random.nextInt(random.nextInt(3) == 0 ? 1000 : 100));
    String sign = sign(random);
    return random.nextInt(2) == 0 ? large + sign + other : other + sign + large;
  }

  private static String otherOperation(RandomGenerator random) {
    int a = random.nextInt(100);
    int b = random.nextInt(100);
    int c = random.nextInt(100);
    return switch (random.nextInt(4)) {
      case 0 -> a + sign(random) + b + sign(random) + c;
      case 1 -> "-" + a + sign(random) + b;
      case 2 -> a + "." + random.nextInt(10) + sign(random) + b;
      default -> a + spaced(OPERATORS.charAt(random.nextInt(OPERATORS.length())), random) + b;
    };
  }

  private static String unfinished(RandomGenerator random) {
    int a = random.nextInt(100);
    return switch (random.nextInt(4)) {
      case 0 -> Integer.toString(random.nextInt(random.nextInt(2) == 0 ? 100 : 100_000));
      case 1 -> a + sign(random).stripTrailing();
      case 2 -> sign(random).strip() + a;
      default -> a + " " + random.nextInt(100);
    };
  }

  private static String sign(RandomGenerator random) {
    return spaced(random.nextInt(2) == 0 ? '+' : '-', random);
  }

  private static String spaced(char sign, RandomGenerator random) {
    return random.nextInt(2) == 0 ? "" + sign : " " + sign + " ";
  }
}
