package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.GatewayCommands;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.Once;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.EgressOnlyGateway;
import dev.berth.model.network.InternetGateway;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.AttachInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.AttachInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.CreateEgressOnlyInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateEgressOnlyInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DeleteEgressOnlyInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteEgressOnlyInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DeleteInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DescribeEgressOnlyInternetGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeEgressOnlyInternetGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.DetachInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DetachInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.EgressOnlyInternetGateway;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;

/** Internet gateways made, attached and removed, and egress-only ones. */
public final class GatewayChanges implements Ec2Operations.Group {
  private static final Ec2Listing<EgressOnlyGateway> LISTING =
      new Ec2Listing<EgressOnlyGateway>(
          "egressOnlyInternetGateway",
          NetworkError.EGRESS_ONLY_GATEWAY_NOT_FOUND,
          it -> it.id().value());

  private final GatewayCommands commands;
  private final NetworkQueries queries;

  public GatewayChanges(GatewayCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateInternetGatewayRequest.class, this::create)
        .change(AttachInternetGatewayRequest.class, this::attach)
        .change(DetachInternetGatewayRequest.class, this::detach)
        .change(DeleteInternetGatewayRequest.class, this::delete)
        .change(CreateEgressOnlyInternetGatewayRequest.class, this::createEgressOnly)
        .change(DeleteEgressOnlyInternetGatewayRequest.class, this::deleteEgressOnly)
        .look(DescribeEgressOnlyInternetGatewaysRequest.class, this::describeEgressOnly);
  }

  private CreateInternetGatewayResponse create(
      CallContext context, CreateInternetGatewayRequest request) throws NetworkRefused {
    InternetGateway gateway =
        commands.create(
            context.realm(), Ec2Tags.of(request.tagSpecifications(), "internet-gateway"));
    return CreateInternetGatewayResponse.builder()
        .internetGateway(GatewayOperations.shape(queries.of(context.realm()), gateway))
        .build();
  }

  private AttachInternetGatewayResponse attach(
      CallContext context, AttachInternetGatewayRequest request) throws NetworkRefused {
    commands.attach(context.realm(), request.internetGatewayId(), request.vpcId());
    return AttachInternetGatewayResponse.builder().build();
  }

  private DetachInternetGatewayResponse detach(
      CallContext context, DetachInternetGatewayRequest request) throws NetworkRefused {
    commands.detach(context.realm(), request.internetGatewayId(), request.vpcId());
    return DetachInternetGatewayResponse.builder().build();
  }

  private DeleteInternetGatewayResponse delete(
      CallContext context, DeleteInternetGatewayRequest request) throws NetworkRefused {
    commands.delete(context.realm(), request.internetGatewayId());
    return DeleteInternetGatewayResponse.builder().build();
  }

  private CreateEgressOnlyInternetGatewayResponse createEgressOnly(
      CallContext context, CreateEgressOnlyInternetGatewayRequest request) throws NetworkRefused {
    EgressOnlyGateway gateway =
        commands.createEgressOnly(
            context.realm(),
            request.vpcId(),
            Ec2Tags.of(request.tagSpecifications(), "egress-only-internet-gateway"),
            new Once(
                "CreateEgressOnlyInternetGateway",
                Optional.ofNullable(request.clientToken()),
                request.toBuilder().clientToken(null).build().toString()));
    return CreateEgressOnlyInternetGatewayResponse.builder()
        .clientToken(request.clientToken())
        .egressOnlyInternetGateway(shape(queries.of(context.realm()), gateway))
        .build();
  }

  private DeleteEgressOnlyInternetGatewayResponse deleteEgressOnly(
      CallContext context, DeleteEgressOnlyInternetGatewayRequest request) throws NetworkRefused {
    commands.deleteEgressOnly(context.realm(), request.egressOnlyInternetGatewayId());
    return DeleteEgressOnlyInternetGatewayResponse.builder().returnCode(true).build();
  }

  private DescribeEgressOnlyInternetGatewaysResponse describeEgressOnly(
      CallContext context, DescribeEgressOnlyInternetGatewaysRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<EgressOnlyGateway> page =
        LISTING.page(
            view,
            view.all(NetworkKind.EGRESS_ONLY_GATEWAY),
            new Ec2Listing.Request(
                request.egressOnlyInternetGatewayIds(),
                request.filters(),
                request.maxResults(),
                request.nextToken()));
    return DescribeEgressOnlyInternetGatewaysResponse.builder()
        .egressOnlyInternetGateways(page.items().stream().map(it -> shape(view, it)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static EgressOnlyInternetGateway shape(NetworkView view, EgressOnlyGateway gateway) {
    return EgressOnlyInternetGateway.builder()
        .egressOnlyInternetGatewayId(gateway.id().value())
        .attachments(
            InternetGatewayAttachment.builder()
                .vpcId(gateway.vpc().value())
                .state("attached")
                .build())
        .tags(Ec2Tags.of(view.tags(gateway.id().value())))
        .build();
  }
}
