package dev.berth.control.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.control.command.Refusal;
import dev.berth.control.command.Refused;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A part of a listing, in the order of its sort keys.
 *
 * <p>The token is the last sort key, so that it holds across restarts and changes: what is there
 * all the while is listed once, whatever comes and goes beside it.
 *
 * @param nextToken asks for what follows; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
  public Page {
    items = List.copyOf(items);
  }

  /**
   * What a client asks for.
   *
   * @param sizeMax as asked; the listing's limit when absent
   */
  public record Request(OptionalInt sizeMax, Optional<String> token, boolean descending) {
    /** Ascending. */
    public static Request of(OptionalInt sizeMax, Optional<String> token) {
      return new Request(sizeMax, token, false);
    }
  }

  /**
   * The page that is asked for.
   *
   * @param sortKey differs from item to item
   * @param sizeLimit of this listing
   * @throws Refused if the size is out of bounds or the token is none of ours
   */
  public static <T> Page<T> of(
      Stream<T> all, Function<T, String> sortKey, Request request, int sizeLimit) throws Refused {
    Comparator<String> order =
        request.descending() ? Comparator.reverseOrder() : Comparator.naturalOrder();
    return ofSorted(
        last ->
            all.filter(item -> last.isEmpty() || order.compare(sortKey.apply(item), last.get()) > 0)
                .sorted(Comparator.comparing(sortKey, order)),
        sortKey,
        request,
        sizeLimit);
  }

  /**
   * The page that is asked for, of a listing that is kept in its order: no more of it is read than
   * the page takes.
   *
   * @param after what follows a sort key, or all, in the order that was asked for
   * @throws Refused as {@link #of} does
   */
  static <T> Page<T> ofSorted(
      Function<Optional<String>, Stream<T>> after,
      Function<T, String> sortKey,
      Request request,
      int sizeLimit)
      throws Refused {
    int size = request.sizeMax().orElse(sizeLimit);
    if (size < 1 || size > sizeLimit) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "Invalid maxResults: " + size + ". It must be between 1 and " + sizeLimit + "."));
    }
    Optional<String> last =
        request.token().isPresent()
            ? Optional.of(position(request.token().get()))
            : Optional.empty();
    List<T> rest = after.apply(last).limit(size + 1L).toList();
    List<T> page = rest.subList(0, Math.min(size, rest.size()));
    return new Page<>(
        page,
        rest.size() > size ? Optional.of(token(sortKey.apply(page.getLast()))) : Optional.empty());
  }

  private static String token(String position) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(UTF_8));
  }

  private static String position(String token) throws Refused {
    try {
      return new String(Base64.getUrlDecoder().decode(token), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refused(new Refusal.InvalidParameter("Invalid token."));
    }
  }
}
