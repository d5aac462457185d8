package dev.berth.logs.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternParserTest {
  private static final String JSON =
      """
      {"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "user": {"id": 1},
       "arrayKey": ["value", "another value"], "list": [{"name": "a"}, {"name": "b"}], "ok": true,
       "bad": false, "nothing": null, "latency": 1.5e2, "status": "404", "text": "say \\"hi\\""}
      """;

  private static final String COLUMNS =
      "127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 404 1534";

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      value = {
        "ERROR => [ERROR 400] BAD REQUEST => true",
        "ERROR => [error 400] BAD REQUEST => false",
        "ERROR ARGUMENTS => [ERROR 400] ARGUMENTS => true",
        "ERROR ARGUMENTS => [ERROR 400] BAD REQUEST => false",
        "?ERROR ?ARGUMENTS => [WARN] ARGUMENTS => true",
        "?ERROR ?ARGUMENTS => [INFO] nothing => false",
        "ERROR -ARGUMENTS => [ERROR 400] BAD REQUEST => true",
        "ERROR -ARGUMENTS => [ERROR 400] ARGUMENTS => false",
        "INFO ?ERROR => INFO alone => true",
        "-\"BAD REQUEST\" => [ERROR 400] BAD REQUEST => false",
        "\"INTERNAL SERVER ERROR\" => 500 INTERNAL SERVER ERROR => true",
        "\"INTERNAL SERVER ERROR\" => INTERNAL ERROR of a SERVER => false",
        "\"say \\\"hi\\\"\" => they say \"hi\" => true",
        "%AUTHORIZED|AUTH% => [UNAUTH] => true",
        "%^\\d+$% => 123 => true",
        "%^\\d+$% => 12a => false",
      })
  void termsAreLookedForInAMessage(String pattern, String message, boolean matches)
      throws InvalidPattern {
    assertThat(PatternParser.parse(pattern).test(message)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      value = {
        "{ $.eventType = \"UpdateTrail\" } => true",
        "{ $.eventType = UpdateTrail } => true",
        "{ $.eventType = Update* } => true",
        "{ $.eventType = \"*Trail\" } => true",
        "{ $.eventType != \"UpdateTrail\" } => false",
        "{ $.sourceIPAddress != 123.123.* } => true",
        "{ $.sourceIPAddress = 111.111.* } => true",
        "{ $.arrayKey[0] = \"value\" } => true",
        "{ $.arrayKey[1] = \"value\" } => false",
        "{ $.list[*].name = \"b\" } => true",
        "{ $.list[1].name = b } => true",
        "{ $['user']['id'] = 1 } => true",
        "{ $.user.id = 1 } => true",
        "{ $.user.id > 1 } => false",
        "{ $.user.id >= 1 } => true",
        "{ $.latency <= 150 } => true",
        "{ $.latency = 1.5e2 } => true",
        "{ $.status = 404 } => true",
        "{ $.ok IS TRUE } => true",
        "{ $.bad IS FALSE } => true",
        "{ $.ok IS FALSE } => false",
        "{ $.nothing IS NULL } => true",
        "{ $.missing IS NULL } => false",
        "{ $.nothing EXISTS } => true",
        "{ $.missing NOT EXISTS } => true",
        "{ $.eventType NOT EXISTS } => false",
        "{ ($.user.id = 2 && $.ok IS TRUE) || $.status = 4* } => true",
        "{ $.user.id = 2 && ($.ok IS TRUE || $.status = 4*) } => false",
        "{ $.text = \"say \\\"hi\\\"\" } => true",
        "{ $.eventType = %^Up.*l$% } => true",
        "{ $.missing != 1 } => false",
      })
  void aJsonMessageIsAskedForItsMembers(String pattern, boolean matches) throws InvalidPattern {
    assertThat(PatternParser.parse(pattern).test(JSON)).isEqualTo(matches);
    assertThat(PatternParser.parse(pattern).test("no JSON")).isFalse();
    assertThat(PatternParser.parse(pattern).test("{broken")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      value = {
        "[ip, id, user, timestamp, request, status_code, size] => true",
        "[ip, user, timestamp, request, status_code, size] => false",
        "[ip, id, user, timestamp, request, status_code = 4*, size] => true",
        "[ip, id, user, timestamp, request = *html*, status_code = 4*, size] => true",
        "[ip, ..., size > 1000] => true",
        "[..., status_code = 404, size] => true",
        "[..., size < 1000] => false",
        "[ip = 127.0.0.1 || ip = 10.*, ...] => true",
        "[ip, id, user != frank, ...] => false",
        "[ip, id, user = \"frank\" && user != bob, ...] => true",
        "[ip=%127\\.0\\.0\\.[1-9]%, ...] => true",
        "[w1, ...] => true",
      })
  void aMessageOfColumnsIsAskedForThem(String pattern, boolean matches) throws InvalidPattern {
    assertThat(PatternParser.parse(pattern).test(COLUMNS)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      value = {
        "foo-bar => Invalid character(s) in term 'foo-bar'",
        "\"open => a closing \" is missing",
        "{ $.a } => an operator is expected",
        "{ a = 1 } => '$' is expected",
        "{ $.a = 1 => '}' is expected",
        "{ $.a > b } => 'b' is no number",
        "{ $.a IS maybe } => NULL, TRUE or FALSE",
        "[a, ..., b, ...] => more than one ...",
        "[a, b => ']' is expected",
        "%(% => no regular expression",
      })
  void whatIsNoPatternIsRefusedWithAReason(String pattern, String why) {
    assertThatThrownBy(() -> PatternParser.parse(pattern))
        .isInstanceOf(InvalidPattern.class)
        .hasMessageContaining(why);
  }

  @Test
  void theEmptyPatternMatchesEverything() throws InvalidPattern {
    assertThat(PatternParser.parse("  ").test("")).isTrue();
  }

  @Test
  void noPatternTakesForEver() throws InvalidPattern {
    var stars = PatternParser.parse("{ $.a = \"" + "*a".repeat(40) + "*b\" }");
    var nested = PatternParser.parse("%(a+)+$%");
    long began = System.nanoTime();

    assertThat(stars.test("{\"a\": \"" + "a".repeat(10_000) + "\"}")).isFalse();
    assertThat(nested.test("a".repeat(10_000) + "b")).isFalse();
    assertThat(PatternParser.parse("{ $.a > 1 }").test("{\"a\": \"1e999999999\"}")).isFalse();
    assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(10).toNanos());
  }
}
