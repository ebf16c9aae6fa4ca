// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.Others;
import dev.cumulane.internal.forge.ForgeAccess;
import dev.cumulane.internal.http.SafeCaller;
import dev.cumulane.internal.ingress.Sources;
import dev.cumulane.internal.notice.Announcer;
import dev.cumulane.internal.notice.Notifiers;
import dev.cumulane.internal.status.CheckFollower;
import dev.cumulane.internal.status.Reporting;
import dev.cumulane.internal.status.StatusFollower;
import dev.cumulane.notify.Notices;
import dev.cumulane.run.RunView;
import dev.cumulane.source.Credential;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.source.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who is told of an engine's runs, and how they are reached. */
final class Following {
    private final List<Notices> notices = new ArrayList<>();
    private Optional<String> pages = Optional.empty();

    void add(List<Notices> more) {
        notices.addAll(more);
    }

    void setPages(String address) {
        if (!address.matches("https?://[^\\s?#]+") || address.endsWith("/")) {
            throw new IllegalArgumentException(
                    "'" + address.replaceAll("\\p{Cntrl}", "?")
                            + "' is not the address of the pages; it is one such as 'https://ci.example.com', without a slash at its end");
        }
        pages = Optional.of(address);
    }

    /** The followers of an engine for which this is configured of source repositories. */
    List<Follower> followers(Cloud cloud, Others others, Sources.Setup setup) {
        List<Follower> followers = new ArrayList<>();
        for (Repository repository : setup.repositories()) {
            if (repository.credential().isPresent()
                    && repository.statuses() != Statuses.NONE
                    && repository.forge() != Forge.STANDARD_WEBHOOKS) {
                SafeCaller caller = new SafeCaller(ForgeAccess.hosts(repository, setup.inside()));
                ForgeAccess access = new ForgeAccess(repository, cloud.secrets(), caller, cloud.clock());
                Reporting reporting = new Reporting(repository, access, others, cloud.clock(), this::page);
                boolean isApp = repository
                        .credential()
                        .filter(Credential.GitHubApp.class::isInstance)
                        .isPresent();
                followers.add(isApp ? new CheckFollower(reporting) : new StatusFollower(reporting));
            }
        }
        for (Notices rule : notices) {
            followers.add(Notifiers.of(
                    rule,
                    hosts -> new SafeCaller(hosts.andInside(setup.inside())),
                    new Announcer.Surroundings(cloud.secrets(), others, cloud.clock(), this::page)));
        }
        return followers;
    }

    private Optional<String> page(RunView run) {
        return pages.map(address -> address + "/runs/" + run.id());
    }
}
