package io.github.jpopen.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/**
 * When bytes may be taken past a decoder: if they are the next characters, whatever their source
 * does with the line feed of a carriage return.
 */
class BetweenCharactersTest {
  private final char[] into = new char[1];

  private static TextDecoder decoder(ErrorPolicy errors) {
    return new TextMode(UTF_8, errors).newDecoder();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  @Test
  void bytesThatWereHandedOutAreConsumedFirst() {
    TextDecoder decoder = decoder(ErrorPolicy.STRICT);
    assertThat(decoder.isBetweenCharacters()).isTrue();
    assertThat(decoder.decode(bytes("a"), into, 0, 1)).isEqualTo(1);
    assertThat(decoder.isBetweenCharacters()).isFalse();
    assertThat(decoder.settle()).isEqualTo(1);
    assertThat(decoder.isBetweenCharacters()).isTrue();
  }

  @Test
  void aLineFeedAfterACarriageReturnIsNoCharacter() {
    TextDecoder decoder = decoder(ErrorPolicy.STRICT);
    assertThat(decoder.decode(bytes("\r"), into, 0, 1)).isEqualTo(1);
    assertThat(decoder.settle()).isEqualTo(1);
    assertThat(decoder.isBetweenCharacters()).isFalse();
    assertThat(decoder.decode(bytes("b"), into, 0, 1)).isEqualTo(1);
    assertThat(decoder.settle()).isEqualTo(1);
    assertThat(decoder.isBetweenCharacters()).isTrue();
  }

  @Test
  void whatWasDecodedAheadComesFirst() throws Exception {
    TextDecoder decoder = decoder(ErrorPolicy.BACKSLASH_REPLACE);
    assertThat(decoder.decodeAhead(bytes("\u00ff"), false, false)).isTrue();
    assertThat(decoder.drain(into, 0, 1)).isEqualTo(1);
    int _ = decoder.settle();
    assertThat(decoder.isBetweenCharacters()).isFalse();
  }
}
