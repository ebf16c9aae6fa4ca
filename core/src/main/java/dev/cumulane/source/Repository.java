// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

import dev.cumulane.pipeline.Patterns;
import dev.cumulane.run.Commit;
import dev.cumulane.run.TrustLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The configuration of one source repository: where it is, how its webhooks prove themselves, and how far it is trusted. It names secrets and never holds one.
 * Immutable: every method that changes something gives another value.
 */
public final class Repository {
    /** The most webhook secrets at a time: the one in use, and the next one while it is rolled out. */
    public static final int MOST_SECRETS = 2;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 40;
    private static final String BRANCHES = "refs/heads/";
    private static final String TAGS = "refs/tags/";

    private final Forge forge;
    private final String name;
    private final String url;
    private final Addresses addresses;
    private final Optional<Credential> credential;
    private final Rules rules;

    /** What may come from it, and how it is trusted. */
    private record Rules(
            List<String> secrets, List<String> branches, List<String> tags, Forks forks, Statuses statuses) {}

    private Repository(
            Forge forge, String name, String url, Addresses addresses, Optional<Credential> credential, Rules rules) {
        this.forge = forge;
        this.name = name;
        this.url = url;
        this.addresses = addresses;
        this.credential = credential;
        this.rules = rules;
    }

    /**
     * A repository without a webhook secret and without a credential. Of its branches {@code main} is protected, of its tags none; forks start no run.
     *
     * @param forge what hosts it
     * @param name a short name for it, used in the address of its hook, {@code /hooks/<name>}: 1 to 40 lower-case letters, digits and single hyphens
     * @param url its clone URL without a password or, on one machine, its path; the same as in {@link Commit#repository()}
     * @return the repository
     */
    public static Repository on(Forge forge, String name, String url) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("repository name '" + name.replaceAll("\\p{Cntrl}", "?")
                    + "' is not usable: 1 to " + LONGEST_NAME
                    + " lower-case letters, digits and single hyphens, starting with a letter, such as 'shop'");
        }
        return new Repository(
                forge,
                name,
                url,
                Addresses.of(forge, url),
                Optional.empty(),
                new Rules(List.of(), List.of("main"), List.of(), Forks.NEVER, Statuses.RUN));
    }

    /**
     * Its webhooks prove themselves by one of these secrets. One is enough; two are for the time in which one takes the other's place.
     *
     * <p>The value is at least 16 bytes. For {@link Forge#GITLAB} a value that begins with {@code whsec_} is a signing token, any other a secret token; for
     * {@link Forge#STANDARD_WEBHOOKS} it begins with {@code whsec_} or, for a public key, {@code whpk_}.
     *
     * @param references secret references, 1 or 2
     * @return another repository
     */
    public Repository verifiedBy(String... references) {
        List<String> secrets = List.of(references);
        if (secrets.isEmpty()
                || secrets.size() > MOST_SECRETS
                || secrets.stream().anyMatch(String::isBlank)
                || secrets.stream().distinct().count() < secrets.size()) {
            throw new IllegalArgumentException(
                    "repository '" + name + "' is verified by 1 or 2 different secret references, not " + secrets);
        }
        return with(new Rules(secrets, rules.branches, rules.tags, rules.forks, rules.statuses));
    }

    /**
     * The engine shows this credential to the forge's API, to report statuses and to find what no webhook told.
     *
     * @param credential what to show
     * @return another repository
     */
    public Repository using(Credential credential) {
        return new Repository(forge, name, url, addresses, Optional.of(credential), rules);
    }

    /**
     * The engine shows this token to the forge's API.
     *
     * @param reference the token's secret reference
     * @return another repository
     */
    public Repository token(String reference) {
        return using(new Credential.Token(reference));
    }

    /**
     * The name under which the forge knows it, if that is not the end of its clone URL.
     *
     * @param fullName owner and name such as {@code acme/shop}; on GitLab with all groups, on Azure Repos {@code project/repository}
     * @return another repository
     */
    public Repository called(String fullName) {
        return with(addresses.called(fullName));
    }

    /**
     * The address of the forge's API, if it does not follow from the clone URL.
     *
     * @param api an address such as {@code https://git.example.com/api/v4}, without a slash at its end
     * @return another repository
     */
    public Repository api(String api) {
        return with(addresses.api(api));
    }

    /**
     * These branches are protected on the forge, and only these: what is pushed to them is trusted. A star does not stand for a slash, as on GitHub and Bitbucket, whose
     * protection of {@code release/*} leaves {@code release/a/b} to everybody; two stars do.
     *
     * @param patterns whole names, or with stars such as {@code release/*} or {@code release/**}; none for no branch
     * @return another repository
     */
    public Repository protecting(String... patterns) {
        return with(new Rules(rules.secrets, usable(patterns), rules.tags, rules.forks, rules.statuses));
    }

    /**
     * These tags are protected on the forge, and only these: what they name is trusted.
     *
     * @param patterns whole names, or with stars such as {@code v*}, which as those of branches do not stand for slashes; none for no tag
     * @return another repository
     */
    public Repository protectingTags(String... patterns) {
        return with(new Rules(rules.secrets, rules.branches, usable(patterns), rules.forks, rules.statuses));
    }

    /**
     * What becomes of change requests from forks.
     *
     * @param forks the rule
     * @return another repository
     */
    public Repository forks(Forks forks) {
        return with(new Rules(rules.secrets, rules.branches, rules.tags, forks, rules.statuses));
    }

    /**
     * How much the forge is told of a run, once it has a credential: {@link Statuses#RUN} unless said otherwise.
     *
     * @param statuses how much
     * @return another repository
     */
    public Repository reporting(Statuses statuses) {
        return with(new Rules(rules.secrets, rules.branches, rules.tags, rules.forks, statuses));
    }

    /**
     * What hosts it.
     *
     * @return the forge
     */
    public Forge forge() {
        return forge;
    }

    /**
     * Its short name, as in {@code /hooks/<name>}.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Its clone URL or path.
     *
     * @return the same as in {@link Commit#repository()}
     */
    public String url() {
        return url;
    }

    /**
     * The name under which the forge knows it.
     *
     * @return a name such as {@code acme/shop}
     */
    public String fullName() {
        return addresses.fullName();
    }

    /**
     * The address of the forge's API: GitHub {@code https://api.github.com} or {@code …/api/v3}, GitLab {@code …/api/v4}, Bitbucket Cloud
     * {@code https://api.bitbucket.org/2.0}, Bitbucket Data Center {@code …/rest}, Azure Repos {@code https://dev.azure.com/<organisation>}, Gitea and Forgejo
     * {@code …/api/v1}.
     *
     * @return the address without a slash at its end; empty if it neither follows from the clone URL nor was given
     */
    public Optional<String> api() {
        return addresses.api();
    }

    /**
     * The page that shows a commit.
     *
     * @param commit the commit's full id
     * @return its address, made of configuration alone; empty if the clone URL is no web address
     */
    public Optional<String> pageOf(String commit) {
        return addresses.commitPage(commit);
    }

    /**
     * The page that shows a change request.
     *
     * @param change the request's number
     * @return its address, made of configuration alone; empty if the clone URL is no web address
     */
    public Optional<String> pageOfChange(long change) {
        return addresses.changePage(change);
    }

    /**
     * The secrets by which its webhooks prove themselves.
     *
     * @return 0 to 2 references; with none, every webhook is refused
     */
    public List<String> secrets() {
        return rules.secrets;
    }

    /**
     * What the engine shows to the forge's API.
     *
     * @return the credential; empty if there is none
     */
    public Optional<Credential> credential() {
        return credential;
    }

    /**
     * What becomes of change requests from forks.
     *
     * @return the rule
     */
    public Forks forks() {
        return rules.forks;
    }

    /**
     * How much the forge is told of a run.
     *
     * @return how much
     */
    public Statuses statuses() {
        return rules.statuses;
    }

    /**
     * How far what is pushed to a ref is trusted.
     *
     * @param ref the full ref, such as {@code refs/heads/main}
     * @return {@link TrustLevel#TRUSTED} for what is protected, otherwise {@link TrustLevel#INTERNAL}
     */
    public TrustLevel trustIn(String ref) {
        boolean isProtected = fits(rules.branches, BRANCHES, ref) || fits(rules.tags, TAGS, ref);
        return isProtected ? TrustLevel.TRUSTED : TrustLevel.INTERNAL;
    }

    private static boolean fits(List<String> patterns, String kind, String ref) {
        return ref.startsWith(kind)
                && patterns.stream().anyMatch(pattern -> Patterns.pathFits(pattern, ref.substring(kind.length())));
    }

    private Repository with(Rules changed) {
        return new Repository(forge, name, url, addresses, credential, changed);
    }

    private Repository with(Addresses changed) {
        return new Repository(forge, name, url, changed, credential, rules);
    }

    private static List<String> usable(String... patterns) {
        List<String> usable = new ArrayList<>();
        for (String pattern : patterns) {
            if (pattern.isBlank()
                    || pattern.length() > 255
                    || pattern.startsWith("refs/")
                    || pattern.chars().anyMatch(c -> c <= ' ' || c == 127)) {
                throw new IllegalArgumentException("pattern '" + pattern.replaceAll("\\p{Cntrl}", "?")
                        + "' is not usable: a whole name such as 'main' or with stars such as 'release/*'");
            }
            usable.add(pattern);
        }
        return List.copyOf(usable);
    }

    /** What it is, without its secrets' names. */
    @Override
    public String toString() {
        return name + " (" + forge + " " + url + ")";
    }
}
