package dev.berth.control.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.control.command.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PageTest {
  @Test
  void pagesTogetherAreTheWholeInOrder() throws Refused {
    for (boolean descending : new boolean[] {false, true}) {
      var seen = new ArrayList<String>();
      Optional<String> token = Optional.empty();
      do {
        Page<String> page = page(List.of("c", "a", "e", "b", "d"), 2, token, descending);
        assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
        seen.addAll(page.items());
        token = page.nextToken();
      } while (token.isPresent());
      assertThat(seen)
          .isEqualTo(
              descending ? List.of("e", "d", "c", "b", "a") : List.of("a", "b", "c", "d", "e"));
    }
  }

  @Test
  void aTokenHoldsThoughTheLastItemIsGone() throws Refused {
    Optional<String> token = page(List.of("a", "b", "c"), 2, Optional.empty(), false).nextToken();

    assertThat(page(List.of("a", "c"), 2, token, false).items()).containsExactly("c");
  }

  @Test
  void aWrongSizeOrTokenIsRefused() {
    assertThatThrownBy(() -> page(List.of("a"), 0, Optional.empty(), false))
        .hasMessage("Invalid maxResults: 0. It must be between 1 and 10.");
    assertThatThrownBy(() -> page(List.of("a"), 11, Optional.empty(), false))
        .isInstanceOf(Refused.class);
    assertThatThrownBy(() -> page(List.of("a"), 1, Optional.of("%%"), false))
        .hasMessage("Invalid token.");
  }

  private static Page<String> page(
      List<String> all, int size, Optional<String> token, boolean descending) throws Refused {
    var request = new Page.Request(OptionalInt.of(size), token, descending);
    return Page.of(all.stream(), item -> item, request, 10);
  }
}
