// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.Others;
import dev.cumulane.internal.forge.Accesses;
import dev.cumulane.internal.http.Hosts;
import dev.cumulane.internal.http.SafeCaller;
import dev.cumulane.internal.ingress.Sources;
import dev.cumulane.internal.notice.Announcer;
import dev.cumulane.internal.notice.DirectMessages;
import dev.cumulane.internal.notice.Notifiers;
import dev.cumulane.internal.page.Pages;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.internal.standards.Past;
import dev.cumulane.internal.status.CheckFollower;
import dev.cumulane.internal.status.Reporting;
import dev.cumulane.internal.status.StatusFollower;
import dev.cumulane.notify.Notices;
import dev.cumulane.people.People;
import dev.cumulane.run.RunView;
import dev.cumulane.source.Credential;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.source.Statuses;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who is told of an engine's runs, and how they are reached. */
final class Following {
    private final List<Notices> notices = new ArrayList<>();
    private final List<Standards> standards = new ArrayList<>();
    private final List<String> inside = new ArrayList<>();
    private Optional<String> pages = Optional.empty();
    private People people = People.nobody();
    private boolean onThisMachineAlone;

    void add(List<Notices> more) {
        notices.addAll(more);
    }

    void add(Standards more) {
        standards.add(more);
    }

    void addInside(List<String> origins) {
        // Refuses what is no origin now, and not when the first call is made.
        inside.addAll(Hosts.of().andInside(origins).inside());
    }

    /** The origins in one's own network that may be called. */
    List<String> inside() {
        return inside;
    }

    void setPeople(People known) {
        people = known;
    }

    /** Who the people are that decide. */
    People people() {
        return people;
    }

    void setOnThisMachineAlone() {
        onThisMachineAlone = true;
    }

    /** The pages of an engine. */
    Pages pages(EngineCore core, Cloud cloud, Sources sources) {
        return new Pages(
                core,
                cloud,
                new Pages.Setup(
                        people,
                        pages,
                        onThisMachineAlone,
                        sources.names(),
                        sources::keptAside,
                        name -> sources.refusedCommands(name).stream()
                                .map(refused -> new Pages.RefusedCommand(refused.what(), refused.at()))
                                .toList()));
    }

    void setPages(String address) {
        if (!address.matches("https?://[^\\s?#]+") || address.endsWith("/")) {
            throw new IllegalArgumentException(
                    "'" + address.replaceAll("\\p{Cntrl}", "?")
                            + "' is not the address of the pages; it is one such as 'https://ci.example.com', without a slash at its end");
        }
        pages = Optional.of(address);
    }

    /** The address of the pages. */
    Optional<String> pages() {
        return pages;
    }

    /** The followers of an engine that takes events of these repositories. */
    List<Follower> followers(Cloud cloud, Others others, Accesses accesses, List<Repository> repositories) {
        List<Follower> followers = new ArrayList<>();
        for (Repository repository : repositories) {
            if (repository.credential().isPresent()
                    && repository.statuses() != Statuses.NONE
                    && repository.forge() != Forge.STANDARD_WEBHOOKS) {
                Reporting reporting =
                        new Reporting(repository, accesses.of(repository), others, cloud.clock(), this::page);
                boolean isApp = repository
                        .credential()
                        .filter(Credential.GitHubApp.class::isInstance)
                        .isPresent();
                followers.add(isApp ? new CheckFollower(reporting) : new StatusFollower(reporting));
            }
        }
        for (Notices rule : notices) {
            followers.add(
                    Notifiers.of(rule, hosts -> new SafeCaller(hosts.andInside(inside)), surroundings(cloud, others)));
        }
        return followers;
    }

    /** Those who ask approvers in person. */
    List<Follower> messages(Cloud cloud, EngineCore core, VotingLinks links) {
        return people.slack().stream()
                .<Follower>map(app -> new DirectMessages(
                        people,
                        app,
                        new SafeCaller(Hosts.ofUrl(app.api()).andInside(inside)),
                        links,
                        core::plan,
                        surroundings(cloud, core.others())))
                .toList();
    }

    private Announcer.Surroundings surroundings(Cloud cloud, Others others) {
        return new Announcer.Surroundings(cloud.secrets(), others, cloud.clock(), this::page);
    }

    /** References of the secrets that are read when somebody asks. */
    List<String> secretsOfWhoAsks() {
        List<String> references = new ArrayList<>(people.linkKeys());
        references.addAll(people.pageTokens());
        people.proxy().ifPresent(proxy -> references.addAll(proxy.secrets()));
        people.slack().ifPresent(app -> references.addAll(app.signing()));
        return references;
    }

    /** References of the secrets that are read when somebody is told. */
    List<String> secretsOfWhoIsTold() {
        List<String> references = new ArrayList<>(people.linkKeys());
        people.slack().ifPresent(app -> references.add(app.token()));
        notices.forEach(rule -> references.add(rule.destination().reference()));
        standards.forEach(each -> references.addAll(each.secrets()));
        return references;
    }

    /** Those who are told in the words of the standards. */
    List<Follower> standards(Cloud cloud, Past past) {
        return standards.stream()
                .flatMap(each -> each.followers(cloud, past, pages.map(URI::create), inside).stream())
                .toList();
    }

    private Optional<String> page(RunView run) {
        return pages.map(address -> address + "/runs/" + run.id());
    }
}
