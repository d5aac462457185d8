package dev.berth.logs;

import dev.berth.model.identity.Realm;

/** A log group by its name, which is unique in its account and region. */
public record GroupId(Realm realm, String name) {}
