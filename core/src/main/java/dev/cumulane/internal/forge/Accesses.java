// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.internal.http.SafeCaller;
import dev.cumulane.source.Repository;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The access to each repository's forge, one for all who call it, so that they share an app's token. Any thread. */
public final class Accesses {
    private final Cloud cloud;
    private final List<String> inside;
    private final Map<String, ForgeAccess> byName = new ConcurrentHashMap<>();

    /**
     * No access yet.
     *
     * @param cloud has the secrets
     * @param inside origins in one's own network that may be called
     */
    public Accesses(Cloud cloud, List<String> inside) {
        this.cloud = cloud;
        this.inside = List.copyOf(inside);
    }

    /** The access to a repository's forge. */
    public ForgeAccess of(Repository repository) {
        return byName.computeIfAbsent(
                repository.name(),
                name -> new ForgeAccess(
                        repository,
                        cloud.secrets(),
                        new SafeCaller(ForgeAccess.hosts(repository, inside)),
                        cloud.clock()));
    }
}
