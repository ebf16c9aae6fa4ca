// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls the hosts that the configuration names and no others: by https, without following redirects, on the public internet, with limits of size and time.
 *
 * <p>An origin inside one's own network is called only if the configuration names it as such; then plain http will do. A host's addresses are looked up and checked
 * right before the call, which uses the same answer out of the JDK's cache. Proxies of the system are not used. Any thread.
 */
public final class SafeCaller implements Caller {
    /** The most bytes of an answer. */
    static final int LARGEST_ANSWER = 4 * 1024 * 1024;

    /** The most bytes of a request. */
    static final int LARGEST_CALL = 1024 * 1024;

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

    /** Looks a host's addresses up. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Hosts hosts;
    private final Resolver resolver;
    private final Duration within;

    /** Calls these hosts. */
    public SafeCaller(Hosts hosts) {
        this(hosts, InetAddress::getAllByName, ANSWER_WITHIN);
    }

    SafeCaller(Hosts hosts, Resolver resolver, Duration within) {
        this.hosts = hosts;
        this.resolver = resolver;
        this.within = within;
    }

    /** One client for all, made when the first call is. */
    private static final class Shared {
        private static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT_WITHIN)
                .build();
    }

    @Override
    public Answer call(Call call) {
        check(call);
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri())
                .timeout(within)
                .method(
                        call.method(),
                        call.body().length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(call.body()));
        call.headers().forEach(request::header);
        request.setHeader("User-Agent", "cumulane");
        return send(call.uri().getHost(), request.build());
    }

    private Answer send(String host, HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> answer =
                Shared.CLIENT.sendAsync(request, any -> new LimitedBody(LARGEST_ANSWER));
        try {
            HttpResponse<byte[]> response = answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
            SortedMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
            return new Answer(response.statusCode(), headers, response.body());
        } catch (TimeoutException e) {
            throw CallException.unanswered(host + " did not answer within " + within.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof LimitedBody.TooLargeException) {
                throw CallException.tooLarge(
                        "no answer of " + host + ": its answer is larger than " + LARGEST_ANSWER + " bytes", cause);
            }
            throw CallException.unanswered(
                    "no answer of " + host + ": " + cause.getClass().getSimpleName(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CallException.unanswered("the call to " + host + " was interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }

    private void check(Call call) {
        URI uri = call.uri();
        String host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw CallException.refused("an address without a plain host is not called");
        }
        if (call.body().length > LARGEST_CALL) {
            throw CallException.refused(
                    "a request of " + call.body().length + " bytes is not sent; at most " + LARGEST_CALL + " are");
        }
        if (hosts.isInside(uri)) {
            return;
        }
        if (!"https".equals(uri.getScheme())) {
            throw CallException.refused(host + " is not called without https");
        }
        if (!hosts.names(host)) {
            throw CallException.refused(host + " is not called: the configuration names " + hosts);
        }
        for (InetAddress address : resolve(host)) {
            if (!Networks.isPublic(address)) {
                throw CallException.refused(host + " is not called: its address " + address.getHostAddress()
                        + " is not on the public internet, and the configuration does not name it as an inside one");
            }
        }
    }

    private List<InetAddress> resolve(String host) {
        try {
            return List.of(resolver.resolve(host.replaceAll("^\\[|\\]$", "").toLowerCase(Locale.ROOT)));
        } catch (IOException e) {
            throw CallException.unanswered("no address of " + host + " is known", e);
        }
    }
}
