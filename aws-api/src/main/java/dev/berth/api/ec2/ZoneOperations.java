package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.network.StandardNetwork;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Vpc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.ec2.model.AccountAttribute;
import software.amazon.awssdk.services.ec2.model.AccountAttributeValue;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.DescribeAccountAttributesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAccountAttributesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Region;

/** Where things are: zones, regions, and what an account may have. */
public final class ZoneOperations implements Ec2Operations.Group {
  private static final Map<String, Function<AvailabilityZone, String>> ZONE_FILTERS =
      Map.of(
          "zone-name", AvailabilityZone::zoneName,
          "zone-id", AvailabilityZone::zoneId,
          "zone-type", AvailabilityZone::zoneType,
          "region-name", AvailabilityZone::regionName,
          "group-name", AvailabilityZone::groupName,
          "opt-in-status", AvailabilityZone::optInStatusAsString,
          "state", AvailabilityZone::stateAsString);

  private final NetworkQueries queries;

  public ZoneOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .look(DescribeAvailabilityZonesRequest.class, (c, r) -> zones(c.realm(), r))
        .look(DescribeRegionsRequest.class, (c, r) -> regions(c.realm(), r))
        .look(DescribeAccountAttributesRequest.class, this::attributes);
  }

  private static DescribeAvailabilityZonesResponse zones(
      Realm realm, DescribeAvailabilityZonesRequest request) throws NetworkRefused {
    var zones = new ArrayList<>(StandardNetwork.ZONES.stream().map(it -> zone(realm, it)).toList());
    for (String name : request.zoneNames()) {
      if (zones.stream().noneMatch(zone -> zone.zoneName().equals(name))) {
        throw new NetworkRefused(
            NetworkError.INVALID_PARAMETER_VALUE, "Invalid availability zone: [" + name + "]");
      }
    }
    for (Filter filter : request.filters()) {
      Function<AvailabilityZone, String> value = ZONE_FILTERS.get(filter.name());
      if (value == null) {
        throw new NetworkRefused(
            NetworkError.INVALID_PARAMETER_VALUE,
            "The filter '%s' is invalid".formatted(filter.name()));
      }
      zones.removeIf(zone -> !filter.values().contains(value.apply(zone)));
    }
    zones.removeIf(
        zone ->
            (!request.zoneNames().isEmpty() && !request.zoneNames().contains(zone.zoneName()))
                || (!request.zoneIds().isEmpty() && !request.zoneIds().contains(zone.zoneId())));
    return DescribeAvailabilityZonesResponse.builder().availabilityZones(zones).build();
  }

  private static AvailabilityZone zone(Realm realm, String letter) {
    String region = realm.region().value();
    return AvailabilityZone.builder()
        .zoneName(region + letter)
        .zoneId(SubnetShape.zoneId(realm, letter))
        .zoneType("availability-zone")
        .state("available")
        .regionName(region)
        .groupName(region)
        .networkBorderGroup(region)
        .optInStatus("opt-in-not-required")
        .messages(List.of())
        .build();
  }

  /** Any name is a region here; the caller's own is the one that is known to be used. */
  private static DescribeRegionsResponse regions(Realm realm, DescribeRegionsRequest request) {
    List<String> names =
        request.regionNames().isEmpty() ? List.of(realm.region().value()) : request.regionNames();
    return DescribeRegionsResponse.builder()
        .regions(
            names.stream()
                .map(
                    name ->
                        Region.builder()
                            .regionName(name)
                            .endpoint("ec2." + name + ".amazonaws.com")
                            .optInStatus("opt-in-not-required")
                            .build())
                .toList())
        .build();
  }

  private DescribeAccountAttributesResponse attributes(
      CallContext context, DescribeAccountAttributesRequest request) {
    NetworkView view = queries.of(context.realm());
    String defaultVpc =
        view.all(NetworkKind.VPC)
            .filter(Vpc::isDefault)
            .map(vpc -> vpc.id().value())
            .findFirst()
            .orElse("none");
    var values = new LinkedHashMap<String, String>();
    values.put("supported-platforms", "VPC");
    values.put("default-vpc", defaultVpc);
    values.put("vpc-max-security-groups-per-interface", "5");
    List<String> wanted = request.attributeNamesAsStrings();
    return DescribeAccountAttributesResponse.builder()
        .accountAttributes(
            values.entrySet().stream()
                .filter(it -> wanted.isEmpty() || wanted.contains(it.getKey()))
                .map(it -> attribute(it.getKey(), it.getValue()))
                .toList())
        .build();
  }

  private static AccountAttribute attribute(String name, String value) {
    return AccountAttribute.builder()
        .attributeName(name)
        .attributeValues(AccountAttributeValue.builder().attributeValue(value).build())
        .build();
  }
}
