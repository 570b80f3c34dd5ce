package dev.jandaia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java program in the README compiles as it is printed, and answers. */
class ReadmeTest {
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void theProgramRuns(@TempDir Path directory) throws Exception {
    Path model = directory.resolve("model.gguf");
    try (InputStream embedded = Jandaia.class.getResourceAsStream("embedded/arithmetic.gguf")) {
      Files.copy(embedded, model);
    }
    Matcher program = PROGRAM.matcher(Files.readString(Path.of("../README.md")));
    assertTrue(program.find(), "no Java program in the README");
    Path source = directory.resolve("Hello.java");
    String path = model.toString().replace('\\', '/');
    Files.writeString(source, program.group(1).replace("model.gguf", path));

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath = System.getProperty("java.class.path");
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        compiler.run(
            null,
            messages,
            messages,
            "-cp",
            classPath,
            "-d",
            directory.toString(),
            source.toString());
    assertEquals(0, status, messages.toString(StandardCharsets.UTF_8));

    assertEquals("7+5=12 carry 1; 4+8+1=13; 132", outputOfMain(directory));
  }

  private static String outputOfMain(Path directory) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
      var main = loader.loadClass("Hello").getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return output.toString(StandardCharsets.UTF_8);
  }
}
