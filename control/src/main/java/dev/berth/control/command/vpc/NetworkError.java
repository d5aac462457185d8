package dev.berth.control.command.vpc;

/** EC2's errors by their codes; its model has none of them. */
public enum NetworkError {
  ACL_NOT_FOUND("InvalidNetworkAclID.NotFound"),
  ADDRESS_LIMIT("AddressLimitExceeded"),
  ALLOCATION_NOT_FOUND("InvalidAllocationID.NotFound"),
  ASSOCIATION_NOT_FOUND("InvalidAssociationID.NotFound"),
  CANNOT_DELETE("CannotDelete"),
  CIDR_ASSOCIATION_NOT_FOUND("InvalidVpcCidrBlockAssociationID.NotFound"),
  DEFAULT_VPC_EXISTS("DefaultVpcAlreadyExists"),
  DEFAULT_VPC_MISSING("DefaultVpcDoesNotExist"),
  DEFAULT_SUBNET_EXISTS("DefaultSubnetAlreadyExistsInAvailabilityZone"),
  DEPENDENCY_VIOLATION("DependencyViolation"),
  DHCP_OPTIONS_NOT_FOUND("InvalidDhcpOptionID.NotFound"),
  GATEWAY_NOT_ATTACHED("Gateway.NotAttached"),
  GROUP_DUPLICATE("InvalidGroup.Duplicate"),
  GROUP_IN_USE("InvalidGroup.InUse"),
  GROUP_NOT_FOUND("InvalidGroup.NotFound"),
  GROUP_RULE_NOT_FOUND("InvalidSecurityGroupRuleId.NotFound"),
  IDEMPOTENT_PARAMETER_MISMATCH("IdempotentParameterMismatch"),
  INSUFFICIENT_FREE_ADDRESSES("InsufficientFreeAddressesInSubnet"),
  INTERFACE_IN_USE("InvalidNetworkInterface.InUse"),
  INTERFACE_NOT_FOUND("InvalidNetworkInterfaceID.NotFound"),
  INTERNET_GATEWAY_NOT_FOUND("InvalidInternetGatewayID.NotFound"),
  INVALID_ADDRESS_IN_USE("InvalidIPAddress.InUse"),
  INVALID_ID("InvalidID"),
  INVALID_PARAMETER("InvalidParameter"),
  INVALID_PARAMETER_COMBINATION("InvalidParameterCombination"),
  INVALID_PARAMETER_VALUE("InvalidParameterValue"),
  INVALID_PERMISSION_MALFORMED("InvalidPermission.Malformed"),
  INVALID_POLICY_DOCUMENT("InvalidPolicyDocument"),
  INVALID_SERVICE_NAME("InvalidServiceName"),
  MISSING_PARAMETER("MissingParameter"),
  DUPLICATE_SUBNETS_IN_SAME_ZONE("DuplicateSubnetsInSameZone"),
  EGRESS_ONLY_GATEWAY_NOT_FOUND("InvalidGatewayID.NotFound"),
  NAT_GATEWAY_NOT_FOUND("NatGatewayNotFound"),
  OPERATION_NOT_PERMITTED("OperationNotPermitted"),
  PERMISSION_DUPLICATE("InvalidPermission.Duplicate"),
  PERMISSION_NOT_FOUND("InvalidPermission.NotFound"),
  PREFIX_LIST_MAX("PrefixListMaxEntriesExceeded"),
  PREFIX_LIST_NOT_FOUND("InvalidPrefixListID.NotFound"),
  PREFIX_LIST_VERSION("PrefixListVersionMismatch"),
  RESOURCE_ALREADY_ASSOCIATED("Resource.AlreadyAssociated"),
  ROUTE_EXISTS("RouteAlreadyExists"),
  ROUTE_NOT_FOUND("InvalidRoute.NotFound"),
  ROUTE_TABLE_NOT_FOUND("InvalidRouteTableID.NotFound"),
  RULE_LIMIT("RulesPerSecurityGroupLimitExceeded"),
  SUBNET_CONFLICT("InvalidSubnet.Conflict"),
  SUBNET_NOT_FOUND("InvalidSubnetID.NotFound"),
  SUBNET_RANGE("InvalidSubnet.Range"),
  TAG_LIMIT("TagLimitExceeded"),
  UNSUPPORTED("UnsupportedOperation"),
  VPC_ENDPOINT_NOT_FOUND("InvalidVpcEndpointId.NotFound"),
  VPC_NOT_FOUND("InvalidVpcID.NotFound"),
  VPC_RANGE("InvalidVpc.Range");

  private final String wireName;

  NetworkError(String wireName) {
    this.wireName = wireName;
  }

  /** The code on the wire. */
  public String wireName() {
    return wireName;
  }
}
