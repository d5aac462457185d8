package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.Once;
import dev.berth.control.command.vpc.PrefixListCommands;
import dev.berth.control.command.vpc.PrefixListCommands.EntryWish;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.PrefixList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.AddPrefixListEntry;
import software.amazon.awssdk.services.ec2.model.CreateManagedPrefixListRequest;
import software.amazon.awssdk.services.ec2.model.CreateManagedPrefixListResponse;
import software.amazon.awssdk.services.ec2.model.DeleteManagedPrefixListRequest;
import software.amazon.awssdk.services.ec2.model.DeleteManagedPrefixListResponse;
import software.amazon.awssdk.services.ec2.model.DescribeManagedPrefixListsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeManagedPrefixListsResponse;
import software.amazon.awssdk.services.ec2.model.DescribePrefixListsRequest;
import software.amazon.awssdk.services.ec2.model.DescribePrefixListsResponse;
import software.amazon.awssdk.services.ec2.model.GetManagedPrefixListEntriesRequest;
import software.amazon.awssdk.services.ec2.model.GetManagedPrefixListEntriesResponse;
import software.amazon.awssdk.services.ec2.model.ManagedPrefixList;
import software.amazon.awssdk.services.ec2.model.ModifyManagedPrefixListRequest;
import software.amazon.awssdk.services.ec2.model.ModifyManagedPrefixListResponse;
import software.amazon.awssdk.services.ec2.model.PrefixListEntry;
import software.amazon.awssdk.services.ec2.model.RemovePrefixListEntry;

/** An account's own prefix lists. AWS's lists, of its services' addresses, are none of Berth's. */
public final class PrefixListOperations implements Ec2Operations.Group {
  private static final Ec2Listing<PrefixList> LISTING =
      new Ec2Listing<PrefixList>(
              "prefix list", NetworkError.PREFIX_LIST_NOT_FOUND, it -> it.id().value())
          .on("prefix-list-id", PrefixList::id)
          .on("prefix-list-name", PrefixList::name)
          .on("owner-id", it -> it.realm().account());

  private final PrefixListCommands commands;
  private final NetworkQueries queries;

  public PrefixListOperations(PrefixListCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateManagedPrefixListRequest.class, this::create)
        .change(ModifyManagedPrefixListRequest.class, this::modify)
        .change(DeleteManagedPrefixListRequest.class, this::delete)
        .look(DescribeManagedPrefixListsRequest.class, this::describe)
        .look(DescribePrefixListsRequest.class, this::describeServices)
        .look(GetManagedPrefixListEntriesRequest.class, this::entries);
  }

  private CreateManagedPrefixListResponse create(
      CallContext context, CreateManagedPrefixListRequest request) throws NetworkRefused {
    PrefixList list =
        commands.create(
            context.realm(),
            new PrefixListCommands.Wish(
                request.prefixListName(),
                "IPv6".equals(request.addressFamily()),
                Objects.requireNonNullElse(request.maxEntries(), 0),
                wishes(request.entries()),
                Ec2Tags.of(request.tagSpecifications(), "prefix-list")),
            new Once(
                "CreateManagedPrefixList",
                Optional.ofNullable(request.clientToken()),
                request.toBuilder().clientToken(null).build().toString()));
    return CreateManagedPrefixListResponse.builder()
        .prefixList(shape(queries.of(context.realm()), list, "create-complete"))
        .build();
  }

  private static List<EntryWish> wishes(List<AddPrefixListEntry> entries) {
    return entries.stream()
        .map(
            entry ->
                new EntryWish(
                    String.valueOf(entry.cidr()),
                    Objects.requireNonNullElse(entry.description(), "")))
        .toList();
  }

  private ModifyManagedPrefixListResponse modify(
      CallContext context, ModifyManagedPrefixListRequest request) throws NetworkRefused {
    if (request.prefixListName() != null) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED, "prefixListName: a list keeps its name in Berth.");
    }
    PrefixList list =
        commands.modify(
            context.realm(),
            request.prefixListId(),
            Optional.ofNullable(request.currentVersion()),
            Optional.ofNullable(request.maxEntries()),
            wishes(request.addEntries()),
            request.removeEntries().stream().map(RemovePrefixListEntry::cidr).toList());
    return ModifyManagedPrefixListResponse.builder()
        .prefixList(shape(queries.of(context.realm()), list, "modify-complete"))
        .build();
  }

  private DeleteManagedPrefixListResponse delete(
      CallContext context, DeleteManagedPrefixListRequest request) throws NetworkRefused {
    PrefixList list = commands.delete(context.realm(), request.prefixListId());
    return DeleteManagedPrefixListResponse.builder()
        .prefixList(shape(queries.of(context.realm()), list, "delete-complete"))
        .build();
  }

  private DescribeManagedPrefixListsResponse describe(
      CallContext context, DescribeManagedPrefixListsRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<PrefixList> page =
        LISTING.page(
            view,
            view.all(NetworkKind.PREFIX_LIST),
            new Ec2Listing.Request(
                request.prefixListIds(),
                request.filters(),
                request.maxResults(),
                request.nextToken()));
    return DescribeManagedPrefixListsResponse.builder()
        .prefixLists(
            page.items().stream()
                .map(
                    it ->
                        shape(view, it, it.version() == 1 ? "create-complete" : "modify-complete"))
                .toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private DescribePrefixListsResponse describeServices(
      CallContext context, DescribePrefixListsRequest request) throws NetworkRefused {
    for (String id : request.prefixListIds()) {
      throw new NetworkRefused(
          NetworkError.PREFIX_LIST_NOT_FOUND,
          "The prefix list ID '%s' does not exist".formatted(id));
    }
    return DescribePrefixListsResponse.builder().prefixLists(List.of()).build();
  }

  private GetManagedPrefixListEntriesResponse entries(
      CallContext context, GetManagedPrefixListEntriesRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    PrefixList list =
        LISTING
            .page(
                view,
                view.all(NetworkKind.PREFIX_LIST),
                new Ec2Listing.Request(
                    List.of(String.valueOf(request.prefixListId())), List.of(), null, null))
            .items()
            .getFirst();
    return GetManagedPrefixListEntriesResponse.builder()
        .entries(
            list.entries().stream()
                .map(
                    entry ->
                        PrefixListEntry.builder()
                            .cidr(entry.cidr().toString())
                            .description(entry.description())
                            .build())
                .toList())
        .build();
  }

  private static ManagedPrefixList shape(NetworkView view, PrefixList list, String state) {
    return ManagedPrefixList.builder()
        .prefixListId(list.id().value())
        .prefixListArn(list.realm().arn("ec2", "prefix-list/" + list.id()).toString())
        .prefixListName(list.name())
        .addressFamily(list.ipv6() ? "IPv6" : "IPv4")
        .maxEntries(list.entryCountMax())
        .version(list.version())
        .state(state)
        .ownerId(list.realm().account().value())
        .tags(Ec2Tags.of(view.tags(list.id().value())))
        .build();
  }
}
