package dev.berth.cli.endpoint;

import dev.berth.model.signature.Credentials;
import java.net.URI;

/** Where Berth answers, and as whom it is asked. */
public record Endpoint(URI uri, String region, Credentials credentials) {}
