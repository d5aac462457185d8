package dev.berth.control.environment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentFileTest {
  @Test
  void aLineIsAVariableAndEverythingBehindTheFirstEqualsSignIsItsValue() throws Exception {
    assertThat(variables("PLAIN=word\nQUOTED=\"a b\"\nSPACES= a  \nEQUALS=a=b=c\nEMPTY=\nLAST=x"))
        .containsExactly(
            entry("PLAIN", "word"),
            entry("QUOTED", "\"a b\""),
            entry("SPACES", " a  "),
            entry("EQUALS", "a=b=c"),
            entry("EMPTY", ""),
            entry("LAST", "x"));
  }

  @Test
  void commentsBlankLinesAndLinesWithoutAnEqualsSignSayNothing() throws Exception {
    assertThat(variables("# A=1\n\n   \n  # B=2\nFROM_THE_HOST\nC=3 # of three\n"))
        .containsExactly(entry("C", "3 # of three"));
  }

  @Test
  void theEndsOfLinesOfOtherSystemsAndAByteOrderMarkAreNoPartOfAValue() throws Exception {
    assertThat(variables("\uFEFFA=1\r\nB=2\r\n")).containsExactly(entry("A", "1"), entry("B", "2"));
  }

  @Test
  void ofAVariableThatIsSetTwiceTheFirstValueCounts() throws Exception {
    assertThat(variables("A=1\nA=2")).containsExactly(entry("A", "1"));
  }

  @Test
  void nothingIsExpanded() throws Exception {
    assertThat(variables("A=$HOME\\n${X}`id`")).containsExactly(entry("A", "$HOME\\n${X}`id`"));
  }

  @Test
  void whatDockerWouldNotTakeIsRefusedByItsLineAndNothingOfItIsShown() {
    assertMalformed("A=1\nexport B=secret".getBytes(UTF_8), "line 2 has white space");
    assertMalformed("=secret".getBytes(UTF_8), "line 1 names no variable");
    assertMalformed("A=sec\0ret".getBytes(UTF_8), "zero byte");
    assertMalformed(new byte[] {'A', '=', (byte) 0xff}, "not UTF-8");
  }

  private static void assertMalformed(byte[] bytes, String why) {
    assertThatThrownBy(() -> EnvironmentFile.variables(bytes))
        .isInstanceOf(EnvironmentFile.Malformed.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("secret");
  }

  private static Map<String, String> variables(String text) throws EnvironmentFile.Malformed {
    return EnvironmentFile.variables(text.getBytes(UTF_8));
  }
}
