package io.github.jpopen.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The child of the tour on a system without such programs; does not use the library. */
final class Tool {
  private static final Set<String> MADE = Set.of("target", ".git", "tools");

  private Tool() {}

  /** The argument is what to do with stdin and stdout. */
  public static void main(String[] args)
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    try (InputStream in = new PlainInput();
        OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      switch (args[0]) {
        case "list" -> list(out);
        case "zip" -> zip(in, out);
        case "gzip" -> {
          try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
            in.transferTo(zipped);
          }
        }
        case "gunzip" -> new GZIPInputStream(in).transferTo(out);
        case "sha256" -> {
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
          out.write((HexFormat.of().formatHex(digest) + " -\n").getBytes(StandardCharsets.UTF_8));
        }
        case "slow" -> slow(in, out);
        case "deaf" -> Thread.sleep(60_000);
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
  }

  // The sources, without what is built from them.
  private static void list(OutputStream out) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return MADE.contains(String.valueOf(folder.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            out.write((root.relativize(file) + "\0").getBytes(StandardCharsets.UTF_8));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void zip(InputStream in, OutputStream out) throws IOException {
    String names = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    try (ZipOutputStream archive = new ZipOutputStream(out)) {
      archive.setLevel(Deflater.NO_COMPRESSION);
      for (String name : names.split("\0", -1)) {
        archive.putNextEntry(new ZipEntry(name.replace('\\', '/')));
        Files.copy(Path.of(name), archive);
        archive.closeEntry();
      }
    }
  }

  private static void slow(InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        Thread.sleep(300);
      }
      out.write(b);
    }
  }

  /** Only reads: a pipe may have neither a size nor a position. */
  private static final class PlainInput extends FilterInputStream {
    PlainInput() {
      super(new FileInputStream(FileDescriptor.in));
    }
  }
}
