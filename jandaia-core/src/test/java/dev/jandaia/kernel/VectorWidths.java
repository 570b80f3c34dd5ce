package dev.jandaia.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;

/**
 * The vector kernels of every register width, whatever the machine prefers. The width is a constant
 * of a class, so each one needs the kernel classes loaded anew.
 */
final class VectorWidths {
  private static final String PACKAGE = "dev.jandaia.kernel.";
  private static final List<Kernels> ALL = load(false);

  private VectorWidths() {}

  static List<Kernels> all() {
    return ALL;
  }

  /** Those that may round activations. */
  static List<Kernels> rounding() {
    return load(true);
  }

  /** Those, and the kernels of machine code where the processor has the instructions. */
  static List<Kernels> andMachineCode() {
    return Stream.concat(ALL.stream(), MachineCode.ofThisProcessor()).toList();
  }

  private static List<Kernels> load(boolean rounds) {
    return Stream.of(128, 256, 512).map(bits -> load(bits, rounds)).toList();
  }

  private static Kernels load(int bits, boolean rounds) {
    System.setProperty("jandaia.vectorBits", Integer.toString(bits));
    try {
      FreshKernels fresh = new FreshKernels();
      Class<?> products = fresh.loadClass(PACKAGE + "VectorProducts");
      Field field = products.getDeclaredField(rounds ? "ROUNDED" : "EXACT");
      field.setAccessible(true);
      Constructor<?> constructor =
          fresh.loadClass(PACKAGE + "VectorKernels").getDeclaredConstructor(products);
      constructor.setAccessible(true);
      Kernels kernels = (Kernels) constructor.newInstance(field.get(null));
      if (!kernels.name().equals("vector-" + bits)) {
        throw new IllegalStateException("asked for " + bits + " bits, found " + kernels.name());
      }
      return kernels;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } finally {
      System.clearProperty("jandaia.vectorBits");
    }
  }

  /** Defines the package-private kernel classes again; shares the public interfaces. */
  private static final class FreshKernels extends ClassLoader {
    private static final List<String> SHARED =
        List.of(
            PACKAGE + "CachedRows",
            PACKAGE + "Kernels",
            PACKAGE + "PackedCodes",
            PACKAGE + "WeightMatrix",
            PACKAGE + "Workers",
            PACKAGE + "packed.InputRows");

    FreshKernels() {
      super(VectorWidths.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE) || SHARED.contains(name.split("\\$", -1)[0])) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
