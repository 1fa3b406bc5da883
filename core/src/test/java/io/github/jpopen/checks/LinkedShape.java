package io.github.jpopen.checks;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a native call is linked by.
 *
 * @param result the type that it returns, in the words of GraalVM
 * @param parameters the types that it takes
 * @param capturesError whether errno or GetLastError is captured
 * @param firstVariadic the number of arguments before the variadic ones; -1 if none is variadic
 * @param heap whether it may read and write the Java heap
 */
public record LinkedShape(
    String result,
    List<String> parameters,
    boolean capturesError,
    int firstVariadic,
    boolean heap) {
  /** The entry in the file for GraalVM, without an end of line. */
  String json() {
    StringBuilder text = new StringBuilder("{ \"returnType\": \"").append(result);
    text.append("\", \"parameterTypes\": [");
    text.append(
        parameters.stream().map(type -> '"' + type + '"').collect(Collectors.joining(", ")));
    text.append("], \"options\": { \"captureCallState\": ").append(capturesError);
    if (firstVariadic >= 0) {
      text.append(", \"firstVariadicArg\": ").append(firstVariadic);
    }
    if (heap) {
      text.append(", \"critical\": { \"allowHeapAccess\": true }");
    }
    return text.append(" } }").toString();
  }
}
