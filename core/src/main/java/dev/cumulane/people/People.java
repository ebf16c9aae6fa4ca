// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.people;

import dev.cumulane.source.Forge;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Who the people are that decide, in one place: the names of approvers, what other services call them, and how a request may prove that it comes from one of them. It
 * names secrets and never holds one. Immutable: every method that changes something gives another value.
 */
public final class People {
    private static final People NOBODY =
            new People(List.of(), new Proofs(List.of(), List.of()), Optional.empty(), Optional.empty());

    private final List<Person> all;
    private final Proofs proofs;
    private final Optional<SignInProxy> proxy;
    private final Optional<SlackApp> slack;

    /** References of keys for voting links, and of tokens for the pages. */
    private record Proofs(List<String> links, List<String> tokens) {}

    private People(List<Person> all, Proofs proofs, Optional<SignInProxy> proxy, Optional<SlackApp> slack) {
        this.all = all;
        this.proofs = proofs;
        this.proxy = proxy;
        this.slack = slack;
    }

    /**
     * These people.
     *
     * @param people each once
     * @return the people
     * @throws IllegalArgumentException if two have the same name, Slack user, identity or login; the message names both
     */
    public static People of(Person... people) {
        Map<String, String> known = new LinkedHashMap<>();
        for (Person person : people) {
            claim(known, "name", person.name(), person);
            person.slack().ifPresent(id -> claim(known, "Slack user", id, person));
            person.identity().ifPresent(identity -> claim(known, "identity", identity, person));
            person.logins().forEach(login -> claim(known, "login on " + login.forge(), login.name(), person));
        }
        return new People(List.of(people), NOBODY.proofs, Optional.empty(), Optional.empty());
    }

    /**
     * Nobody is known, and nothing proves who somebody is.
     *
     * @return nobody
     */
    public static People nobody() {
        return NOBODY;
    }

    private static void claim(Map<String, String> known, String what, String value, Person person) {
        String other = known.putIfAbsent(what + " " + value.toLowerCase(Locale.ROOT), person.name());
        if (other != null) {
            throw new IllegalArgumentException(
                    "'" + other + "' and '" + person.name() + "' have the same " + what + " " + Person.shown(value));
        }
    }

    /**
     * Approvers get links with which nobody but they can vote. A link lives as long as its approval.
     *
     * @param references of the key that signs links, at least 16 bytes of which 32 random ones are right: one, or two while one takes the other's place. The first signs,
     *     both are believed
     * @return another value
     */
    public People linksSignedBy(String... references) {
        List<String> links = References.oneOrTwo("the key of voting links", List.of(references));
        return new People(all, new Proofs(links, proofs.tokens), proxy, slack);
    }

    /**
     * Whoever has a token may see the pages; who they are, they say themselves.
     *
     * @param references of the token, at least 16 bytes: one, or two while one takes the other's place
     * @return another value
     */
    public People pagesForToken(String... references) {
        List<String> tokens = References.oneOrTwo("the token of the pages", List.of(references));
        return new People(all, new Proofs(proofs.links, tokens), proxy, slack);
    }

    /**
     * Whoever has signed in at this proxy may see the pages, and votes as the person whom the proxy names.
     *
     * @param inFront the proxy
     * @return another value
     */
    public People behind(SignInProxy inFront) {
        return new People(all, proofs, Optional.of(inFront), slack);
    }

    /**
     * Approvers with a Slack user are asked in a direct message.
     *
     * @param app the app that asks
     * @return another value
     */
    public People askedBy(SlackApp app) {
        return new People(all, proofs, proxy, Optional.of(app));
    }

    /**
     * All that are known.
     *
     * @return the people, in the order in which they were named
     */
    public List<Person> all() {
        return all;
    }

    /**
     * A person by the name that approvals know.
     *
     * @param name the name
     * @return the person; empty if nobody is known by it
     */
    public Optional<Person> named(String name) {
        return all.stream().filter(person -> person.name().equals(name)).findFirst();
    }

    /**
     * A person by the Slack user.
     *
     * @param id the user's id
     * @return the person; empty if it is nobody's
     */
    public Optional<Person> onSlack(String id) {
        return all.stream()
                .filter(person -> person.slack().filter(id::equals).isPresent())
                .findFirst();
    }

    /**
     * A person by what the proxy says.
     *
     * @param identity what it says, in any case
     * @return the person; empty if it is nobody's
     */
    public Optional<Person> signedInAs(String identity) {
        return all.stream()
                .filter(person ->
                        person.identity().filter(identity::equalsIgnoreCase).isPresent())
                .findFirst();
    }

    /**
     * A person by what a forge calls them.
     *
     * @param forge the forge
     * @param login the name, in any case
     * @return the person; empty if it is nobody's
     */
    public Optional<Person> pushing(Forge forge, String login) {
        return all.stream()
                .filter(person -> person.logins().stream()
                        .anyMatch(one -> one.forge() == forge && one.name().equalsIgnoreCase(login)))
                .findFirst();
    }

    /**
     * The keys of voting links.
     *
     * @return 0 to 2 references; the first signs
     */
    public List<String> linkKeys() {
        return proofs.links;
    }

    /**
     * The tokens of the pages.
     *
     * @return 0 to 2 references
     */
    public List<String> pageTokens() {
        return proofs.tokens;
    }

    /**
     * The proxy in front of the pages.
     *
     * @return the proxy; empty if there is none
     */
    public Optional<SignInProxy> proxy() {
        return proxy;
    }

    /**
     * The app that asks approvers.
     *
     * @return the app; empty if there is none
     */
    public Optional<SlackApp> slack() {
        return slack;
    }

    /** Names without what they are called elsewhere. */
    @Override
    public String toString() {
        return all.stream().map(Person::name).toList().toString();
    }
}
