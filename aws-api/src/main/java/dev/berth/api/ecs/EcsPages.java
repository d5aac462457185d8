package dev.berth.api.ecs;

import dev.berth.control.query.Page;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a request's maxResults and nextToken ask for. */
final class EcsPages {
  private EcsPages() {}

  static Page.Request request(@Nullable Integer maxResults, @Nullable String nextToken) {
    return Page.Request.of(
        maxResults == null ? OptionalInt.empty() : OptionalInt.of(maxResults),
        Optional.ofNullable(nextToken).filter(token -> !token.isEmpty()));
  }
}
