package io.github.jpopen.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The page on packaging names the tests that show it, and none that does not exist. */
class PackagingPageTest {
  private static final Pattern NAME = Pattern.compile("`((?:Consumers|Images|Osgi)Test\\.\\w+)`");

  @Test
  void thePageNamesEveryConsumerAndNoOther() throws IOException {
    Set<String> tests =
        Stream.of(ConsumersTest.class, ImagesTest.class, OsgiTest.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(PackagingPageTest::isTest)
            .map(method -> method.getDeclaringClass().getSimpleName() + '.' + method.getName())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> named = new TreeSet<>();
    NAME.matcher(Files.readString(Path.of("..", "docs", "packaging.md")))
        .results()
        .forEach(result -> named.add(result.group(1)));
    assertThat(named).isEqualTo(tests);
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }
}
