package dev.berth.control.command.vpc;

import dev.berth.control.state.Kind;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.EniId;
import dev.berth.model.network.RealmResource;
import dev.berth.model.network.ResourceTags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tags of all that networks are made of, by the resources' ids. */
public final class ResourceTagCommands {
  private static final List<Kind<?, ?>> TAGGED =
      List.of(
          NetworkKind.VPC,
          NetworkKind.SUBNET,
          NetworkKind.INTERNET_GATEWAY,
          NetworkKind.EGRESS_ONLY_GATEWAY,
          NetworkKind.ROUTE_TABLE,
          NetworkKind.NAT_GATEWAY,
          NetworkKind.VPC_ENDPOINT,
          NetworkKind.ELASTIC_ADDRESS,
          NetworkKind.SECURITY_GROUP,
          NetworkKind.PREFIX_LIST);

  private final Networks networks;

  public ResourceTagCommands(Networks networks) {
    this.networks = networks;
  }

  /** Adds tags to each of the resources, or to none if one of them is not there. */
  public void tag(Realm realm, List<String> resources, Map<String, String> tags)
      throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          for (String resource : resources) {
            if (!isThere(draft.state(), realm, resource)) {
              throw new NetworkRefused(
                  NetworkError.INVALID_ID, "The ID '%s' is not valid".formatted(resource));
            }
            Networks.tag(draft, realm, resource, tags);
          }
          return realm;
        });
  }

  /**
   * Takes tags away; one that is not there is no failure.
   *
   * @param keys each with the value that it must have to be taken, if that is asked for; none means
   *     all
   */
  public void untag(Realm realm, List<String> resources, Map<String, Optional<String>> keys)
      throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          for (String resource : resources) {
            Optional<ResourceTags> known =
                draft
                    .find(NetworkKind.RESOURCE_TAGS, resource)
                    .filter(it -> it.realm().equals(realm));
            if (known.isPresent()) {
              var rest = new HashMap<>(known.get().tags());
              rest.entrySet()
                  .removeIf(tag -> keys.isEmpty() || isMeant(keys, tag.getKey(), tag.getValue()));
              if (rest.isEmpty()) {
                draft.remove(NetworkKind.RESOURCE_TAGS, resource);
              } else {
                draft.put(NetworkKind.RESOURCE_TAGS, new ResourceTags(resource, realm, rest));
              }
            }
          }
          return realm;
        });
  }

  private static boolean isMeant(Map<String, Optional<String>> keys, String key, String value) {
    return keys.containsKey(key)
        && keys.getOrDefault(key, Optional.empty()).orElse(value).equals(value);
  }

  private static boolean isThere(State state, Realm realm, String resource) {
    boolean isInterface =
        EniId.isForm(resource)
            && state
                .networks()
                .find(new EniId(resource))
                .filter(it -> it.realm().equals(realm))
                .isPresent();
    return isInterface
        || TAGGED.stream().anyMatch(kind -> has(state, kind, realm, resource))
        || state.all(NetworkKind.SECURITY_GROUP).stream()
            .filter(group -> group.realm().equals(realm))
            .flatMap(group -> group.rules().stream())
            .anyMatch(rule -> rule.id().value().equals(resource));
  }

  private static <K, R extends Record> boolean has(
      State state, Kind<K, R> kind, Realm realm, String resource) {
    return state.all(kind).stream()
        .anyMatch(
            it ->
                it instanceof RealmResource owned
                    && owned.realm().equals(realm)
                    && kind.key().apply(it).toString().equals(resource));
  }
}
