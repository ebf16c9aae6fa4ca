// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A right object store on this machine that takes signed requests over HTTP, as clouds have it: it enforces signatures, their end, conditions, sizes and checksums, answers in the words of the
 * store that it is told to be, and fails on demand.
 */
public final class SignedStore implements ArtifactStore, AutoCloseable {
    /** In whose words it answers. */
    public enum Words {
        /** A key or an object that is there is told by 412. */
        S3(412),
        /** A key or an object that is there is told by 409. */
        AZURE(409),
        /** Who may create and no more is told by 403 what it is that he may not. */
        AZURE_CREATING(403, "<Error><Code>UnauthorizedBlobOverwrite</Code></Error>");

        private final Answer exists;

        Words(int status) {
            this(status, "");
        }

        Words(int status, String body) {
            this.exists = new Answer(status, body.getBytes(US_ASCII));
        }
    }

    /** What goes wrong with a request. */
    public enum Mishap {
        /** Nothing. */
        NONE,
        /** It has no effect: 503. */
        DOWN,
        /** It has no effect, as two of them met: 409. */
        CONFLICT,
        /** It has its effect, and its answer never comes. */
        UNANSWERED,
        /** It comes to the store twice, and the second answer is the one that is heard. */
        DOUBLED,
        /** Half of what is read comes. */
        CUT,
        /** It waits for a third of a second. */
        SLOW
    }

    /** What makes it a wrong store, on which the contract is tried. */
    enum Flaw {
        NO_SIGNATURE_IS_CHECKED,
        NO_END_IS_CHECKED,
        NO_SIZE_IS_CHECKED,
        NO_CHECKSUM_IS_CHECKED,
        THE_LAST_CREATOR_WINS,
        EVERY_CREATOR_IS_TOLD_TO_HAVE_WON,
        THE_CONDITION_IS_NOT_SIGNED,
        WHAT_IS_ABSENT_IS_EMPTY,
        WHAT_IS_READ_NEEDS_A_HEADER,
        PUTS_ARE_FORGOTTEN
    }

    private final MemoryArtifactStore store = new MemoryArtifactStore();
    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    private final InstantSource clock;
    private final Words words;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Mishap> mishaps = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();

    /** A store that judges the end of signatures by this clock. */
    public SignedStore(InstantSource clock, Words words) {
        this.clock = clock;
        this.words = words;
        server = Loopback.serve(this::handle, threads);
    }

    /** Makes it wrong. */
    SignedStore with(Flaw flaw) {
        flaws.add(flaw);
        return this;
    }

    private boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    /** What goes wrong with the next requests, one after the other. */
    public synchronized void next(Mishap... wrong) {
        mishaps.addAll(List.of(wrong));
    }

    /** Method, path and status of what came, in order; the status of what had no answer is 0. */
    public synchronized List<String> log() {
        return List.copyOf(log);
    }

    /** Puts other bytes in the place of an object. */
    public void damage(Digest digest, byte[] bytes) {
        store.damage(digest, bytes);
    }

    @Override
    public Digest put(Source bytes) {
        return store.put(bytes);
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
        return store.open(digest);
    }

    @Override
    public boolean has(Digest digest) {
        return store.has(digest);
    }

    @Override
    public void create(String key, byte[] value) {
        store.create(key, value);
    }

    @Override
    public Optional<byte[]> read(String key) {
        return store.read(key);
    }

    @Override
    public Optional<RequestSigner> signer() {
        return Optional.of(new Signer());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private final class Signer implements RequestSigner {
        @Override
        public SignedRequest get(Digest digest, Duration life) {
            return signed("GET", "/objects/" + digest, new TreeMap<>(), -1, life);
        }

        @Override
        public SignedRequest put(Digest digest, long size, Duration life) {
            SortedMap<String, String> headers = new TreeMap<>();
            headers.put("if-none-match", "*");
            headers.put("x-checksum-sha256", digest.hex());
            return signed("PUT", "/objects/" + digest, headers, size, life);
        }

        @Override
        public SignedRequest create(String key, long size, Duration life) {
            boolean mayBeLarge = key.startsWith("caches/");
            if (size > LARGEST_KEY_VALUE && !mayBeLarge) {
                throw new IllegalArgumentException("too large: " + size);
            }
            SortedMap<String, String> headers = new TreeMap<>();
            headers.put("if-none-match", "*");
            return signed("PUT", "/keys/" + ArtifactStore.checkKey(key), headers, size, life);
        }

        @Override
        public SignedRequest read(String key, Duration life) {
            return signed("GET", "/keys/" + ArtifactStore.checkKey(key), new TreeMap<>(), -1, life);
        }

        private SignedRequest signed(
                String method, String path, SortedMap<String, String> headers, long size, Duration life) {
            if (method.equals("GET") && has(Flaw.WHAT_IS_READ_NEEDS_A_HEADER)) {
                headers.put("x-purpose", "reading");
            }
            Set<String> names = new TreeSet<>(headers.keySet());
            if (has(Flaw.THE_CONDITION_IS_NOT_SIGNED)) {
                names.remove("if-none-match");
            }
            Instant end = clock.instant().plus(life);
            String query = "?end=" + end.getEpochSecond() + "&size=" + size + "&headers=" + String.join(";", names);
            SortedMap<String, String> proven = new TreeMap<>(headers);
            proven.keySet().retainAll(names);
            String signature = signature(method, path + query, proven);
            return new SignedRequest(method, URI.create(origin() + path + query + "&signature=" + signature), headers);
        }
    }

    private String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static String signature(String method, String target, SortedMap<String, String> headers) {
        return Digest.of(("the store's own secret\n" + method + "\n" + target + "\n" + headers).getBytes(UTF_8))
                .hex();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Mishap mishap = mishap();
            if (mishap == Mishap.SLOW) {
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            }
            Answer answer = mishap == Mishap.DOWN
                    ? new Answer(503, "down".getBytes(UTF_8))
                    : mishap == Mishap.CONFLICT ? new Answer(409, new byte[0]) : answer(exchange, body);
            if (mishap == Mishap.DOUBLED) {
                answer = answer(exchange, body);
            }
            boolean unanswered = mishap == Mishap.UNANSWERED;
            note(exchange, unanswered ? 0 : answer.status());
            if (!unanswered) {
                int length = answer.body().length;
                exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
                exchange.getResponseBody().write(answer.body(), 0, mishap == Mishap.CUT ? length / 2 : length);
            }
        }
    }

    private synchronized Mishap mishap() {
        return mishaps.isEmpty() ? Mishap.NONE : mishaps.remove();
    }

    private synchronized void note(HttpExchange exchange, int status) {
        log.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " " + status);
    }

    private record Answer(int status, byte[] body) {
        static Answer of(int status) {
            return new Answer(status, new byte[0]);
        }
    }

    private Answer answer(HttpExchange exchange, byte[] body) throws IOException {
        String method = exchange.getRequestMethod();
        if (!isSigned(method, exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body)) {
            return Answer.of(403);
        }
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith("/objects/")) {
            Digest digest = new Digest(path.substring("/objects/".length()));
            return method.equals("GET") ? found(bytes(digest)) : kept(digest, body);
        }
        String key = path.substring("/keys/".length());
        return method.equals("GET") ? found(store.read(key)) : created(exchange, key, body);
    }

    private boolean isSigned(String method, String target, Headers sent, byte[] body) {
        int at = target.indexOf("&signature=");
        if (at < 0) {
            return false;
        }
        String query = target.substring(target.indexOf('?') + 1, at);
        SortedMap<String, String> values = new TreeMap<>();
        for (String one : query.split("&", -1)) {
            values.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        SortedMap<String, String> headers = new TreeMap<>();
        for (String name : values.getOrDefault("headers", "").split(";", -1)) {
            if (!name.isEmpty()) {
                headers.put(name, String.valueOf(sent.getFirst(name)));
            }
        }
        long size = Long.parseLong(values.getOrDefault("size", "-1"));
        boolean proven = signature(method, target.substring(0, at), headers).equals(target.substring(at + 11));
        boolean living = clock.instant().getEpochSecond() < Long.parseLong(values.getOrDefault("end", "0"));
        return (proven || has(Flaw.NO_SIGNATURE_IS_CHECKED))
                && (living || has(Flaw.NO_END_IS_CHECKED))
                && (size < 0 || size == body.length || has(Flaw.NO_SIZE_IS_CHECKED));
    }

    private Optional<byte[]> bytes(Digest digest) throws IOException {
        Optional<InputStream> opened = store.open(digest);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            return Optional.of(in.readAllBytes());
        }
    }

    private Answer found(Optional<byte[]> bytes) {
        return bytes.map(all -> new Answer(200, all)).orElse(Answer.of(has(Flaw.WHAT_IS_ABSENT_IS_EMPTY) ? 200 : 404));
    }

    private Answer kept(Digest digest, byte[] body) {
        if (!Digest.of(body).equals(digest) && !has(Flaw.NO_CHECKSUM_IS_CHECKED)) {
            return Answer.of(400);
        }
        if (store.has(digest)) {
            return words.exists;
        }
        if (!has(Flaw.PUTS_ARE_FORGOTTEN)) {
            store.damage(digest, body);
        }
        return Answer.of(200);
    }

    private Answer created(HttpExchange exchange, String key, byte[] body) {
        if (has(Flaw.THE_LAST_CREATOR_WINS) || !exchange.getRequestHeaders().containsKey("if-none-match")) {
            store.replace(key, body);
            return Answer.of(200);
        }
        boolean told = store.createdBy(key, body) || has(Flaw.EVERY_CREATOR_IS_TOLD_TO_HAVE_WON);
        return told ? Answer.of(200) : words.exists;
    }
}
