package dev.berth.model.signature;

import dev.berth.model.identity.RoleArn;
import java.time.Instant;

/** What a task signs with in its role's name, for a while. */
public record RoleCredentials(RoleArn role, Credentials credentials, Instant expiresAt) {}
