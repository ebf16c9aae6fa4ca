// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.internal.source.Proofs;
import dev.cumulane.internal.source.WebhookSecret;
import dev.cumulane.people.People;
import dev.cumulane.people.SignInProxy;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Vote;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds out who asks for a page, by what the configuration says proves it. Any thread.
 *
 * <p>Where a proxy or a token is configured, nothing but these lets anybody in, on one's own machine neither. Without either, somebody at an engine that listens on
 * loopback alone may see the pages, if the request names that machine: a page of somebody else's whose name leads to 127.0.0.1 names its own.
 */
public final class Visitors {
    /** The cookie that says that its browser was told the token of the pages. */
    public static final String COOKIE = "cumulane-session";

    /** How long that cookie is good for. */
    public static final Duration SESSION = Sessions.LIFE;

    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);

    /** What proxies add: a request that has one of these was not made on this machine. */
    private static final List<String> FORWARDED =
            List.of("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via");

    private static final String BEARER = "Bearer ";

    private final People people;
    private final Secrets secrets;
    private final InstantSource clock;
    private final boolean onLoopback;

    /**
     * Knows whom the configuration names.
     *
     * @param secrets has the secrets that it names
     * @param clock by which sessions end
     * @param onLoopback whether requests can come from this machine alone
     */
    public Visitors(People people, Secrets secrets, InstantSource clock, boolean onLoopback) {
        this.people = people;
        this.secrets = secrets;
        this.clock = clock;
        this.onLoopback = onLoopback;
    }

    /** Whether anybody could be let in at all. */
    public boolean isOpen() {
        return onLoopback || people.proxy().isPresent() || !people.pageTokens().isEmpty();
    }

    /** Who makes a request. */
    public Visitor who(HttpRequest request) {
        Optional<SignInProxy> proxy = people.proxy().filter(known -> isProven(known, request));
        if (proxy.isPresent()) {
            return signedIn(proxy.get(), request);
        }
        if (!people.pageTokens().isEmpty()) {
            return hasToken(request)
                    ? new Visitor.Unnamed(Vote.Via.PAGE)
                    : new Visitor.Refused(401, "this page asks for its token");
        }
        if (people.proxy().isPresent()) {
            return new Visitor.Refused(403, "this page is behind a proxy, and the request did not come through it");
        }
        return onLoopback ? atDesk(request) : new Visitor.Refused(403, "nobody may see this page from here");
    }

    /** Whether somebody has the token of the pages. */
    public boolean isToken(String said) {
        return Proofs.isOneOf(said, tokens());
    }

    /** The value of the cookie for a browser that was told the token just now; empty if there is no token. */
    public Optional<String> session() {
        return Sessions.begin(tokens(), clock.instant());
    }

    private List<WebhookSecret> tokens() {
        return WebhookSecret.readable(secrets, people.pageTokens(), "the pages");
    }

    private boolean isProven(SignInProxy proxy, HttpRequest request) {
        return only(request, proxy.proofHeader())
                .filter(proof ->
                        Proofs.isOneOf(proof, WebhookSecret.readable(secrets, proxy.secrets(), "the sign-in proxy")))
                .isPresent();
    }

    private Visitor signedIn(SignInProxy proxy, HttpRequest request) {
        Optional<String> identity = only(request, proxy.identityHeader()).filter(SourceEvent::isIdentity);
        if (identity.isEmpty()) {
            return new Visitor.Refused(403, "the proxy does not say who has signed in");
        }
        return identity.flatMap(people::signedInAs)
                .<Visitor>map(person -> new Visitor.Known(person.name(), Vote.Via.PROXY))
                .orElseGet(() -> new Visitor.Stranger(Strangers.name("proxy", identity.get()), Vote.Via.PROXY));
    }

    private static Visitor atDesk(HttpRequest request) {
        boolean isHere = only(request, "host")
                .filter(host -> LOOPBACK.matcher(host).matches())
                .isPresent();
        boolean isForwarded =
                FORWARDED.stream().anyMatch(header -> request.header(header).isPresent());
        return isHere && !isForwarded
                ? new Visitor.Unnamed(Vote.Via.PAGE)
                : new Visitor.Refused(403, "this page is for this machine alone, at 127.0.0.1");
    }

    /** Whether a request shows the token, or that its browser was told it, in one place alone. */
    private boolean hasToken(HttpRequest request) {
        List<String> shown = request.headers().getOrDefault("authorization", List.of());
        if (!shown.isEmpty()) {
            return only(request, "authorization")
                    .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                    .map(value -> value.substring(BEARER.length()).strip())
                    .filter(this::isToken)
                    .isPresent();
        }
        List<String> cookies = request.headers().getOrDefault("cookie", List.of()).stream()
                .flatMap(header -> List.of(header.split(";", -1)).stream())
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(COOKIE + "="))
                .map(cookie -> cookie.substring(COOKIE.length() + 1))
                .toList();
        return cookies.size() == 1 && Sessions.lasts(cookies.get(0), tokens(), clock.instant());
    }

    /** A header that is there once. */
    private static Optional<String> only(HttpRequest request, String header) {
        List<String> values = request.headers().getOrDefault(header, List.of());
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }
}
