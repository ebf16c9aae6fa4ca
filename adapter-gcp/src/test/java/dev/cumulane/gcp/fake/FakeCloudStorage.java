// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.pipeline.Digest;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * Cloud Storage, as far as objects are put, got and looked for by its XML API. It enforces what the emulators do not: conditions on generations, checksums, sizes, and the
 * V4 signature of a request that has no token, with its headers and its end.
 */
public final class FakeCloudStorage extends FakeGoogle {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Set<String> SIGNED_WITH = Set.of(
            "X-Goog-Algorithm",
            "X-Goog-Credential",
            "X-Goog-Date",
            "X-Goog-Expires",
            "X-Goog-SignedHeaders",
            "X-Goog-Signature");
    private static final Duration LONGEST = Duration.ofDays(7);

    private final InstantSource clock;
    private final Set<String> buckets = ConcurrentHashMap.newKeySet();
    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private final AtomicLong generations = new AtomicLong();

    private record Stored(long generation, byte[] bytes) {}

    /**
     * A store without buckets.
     *
     * @param clock by which signatures end
     */
    public FakeCloudStorage(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Makes a bucket.
     *
     * @param name its name
     */
    public void create(String name) {
        buckets.add(name);
    }

    /**
     * Puts other bytes in the place of an object.
     *
     * @param bucket the bucket
     * @param name the object's name
     * @param bytes the bytes
     */
    public void damage(String bucket, String name, byte[] bytes) {
        objects.put("/" + bucket + "/" + name, new Stored(generations.incrementAndGet(), bytes));
    }

    /**
     * Whether an object is there.
     *
     * @param bucket the bucket
     * @param name the object's name
     * @return true if it is
     */
    public boolean has(String bucket, String name) {
        return objects.containsKey("/" + bucket + "/" + name);
    }

    @Override
    protected String error(int status, String code, String message) {
        return "<?xml version='1.0' encoding='UTF-8'?><Error><Code>" + code + "</Code><Message>"
                + message.replaceAll("[<>&]", "?") + "</Message></Error>";
    }

    @Override
    protected void authenticate(Request request) {
        if (request.query().containsKey("X-Goog-Signature")) {
            authenticateSigned(request);
        } else {
            super.authenticate(request);
            if (!request.query().isEmpty()) {
                throw new Refused(
                        400,
                        "InvalidArgument",
                        "unknown parameters: " + request.query().keySet());
            }
        }
    }

    @Override
    protected Answer handle(Request request) {
        String[] parts = request.path().split("/", 3);
        if (parts.length < 3 || parts[2].isEmpty()) {
            throw new Refused(400, "InvalidURI", "an object is named by bucket and name");
        }
        if (!buckets.contains(parts[1])) {
            throw new Refused(404, "NoSuchBucket", "The specified bucket does not exist.");
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> got(request);
            case "PUT" -> put(request);
            default -> throw new Refused(405, "MethodNotAllowed", request.method());
        };
    }

    private Answer got(Request request) {
        Stored stored = objects.get(request.path());
        if (stored == null) {
            throw new Refused(404, "NoSuchKey", "The specified key does not exist.");
        }
        return new Answer(
                200,
                Map.of("x-goog-generation", Long.toString(stored.generation()), "x-goog-hash", crc32c(stored.bytes())),
                stored.bytes());
    }

    private Answer put(Request request) {
        checkSize(request);
        checkHash(request);
        synchronized (objects) {
            String wanted = request.header("x-goog-if-generation-match");
            if (!wanted.isEmpty() && !wanted.equals(generation(request.path()))) {
                throw new Refused(
                        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
            }
            objects.put(request.path(), new Stored(generations.incrementAndGet(), request.body()));
        }
        return Answer.of(200, "");
    }

    private String generation(String path) {
        Stored stored = objects.get(path);
        return stored == null ? "0" : Long.toString(stored.generation());
    }

    private static void checkSize(Request request) {
        String range = request.header("x-goog-content-length-range");
        if (range.isEmpty()) {
            return;
        }
        String[] ends = range.split(",", -1);
        if (ends.length != 2 || !ends[0].matches("[0-9]{1,18}") || !ends[1].matches("[0-9]{1,18}")) {
            throw new Refused(400, "InvalidArgument", "x-goog-content-length-range: " + range);
        }
        if (request.body().length < Long.parseLong(ends[0])) {
            throw new Refused(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum");
        }
        if (request.body().length > Long.parseLong(ends[1])) {
            throw new Refused(400, "EntityTooLarge", "Your proposed upload is larger than the maximum");
        }
    }

    private static void checkHash(Request request) {
        String hash = request.header("x-goog-hash");
        if (!hash.isEmpty() && !hash.equals(crc32c(request.body()))) {
            throw new Refused(400, "BadDigest", "The CRC32C you specified did not match what we received");
        }
    }

    private static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return "crc32c="
                + Base64.getEncoder()
                        .encodeToString(ByteBuffer.allocate(4)
                                .putInt((int) crc.getValue())
                                .array());
    }

    private void authenticateSigned(Request request) {
        Map<String, String> query = request.query();
        String credential = query.getOrDefault("X-Goog-Credential", "");
        String date = query.getOrDefault("X-Goog-Date", "");
        String scope = credential.substring(credential.indexOf('/') + 1);
        if (!query.keySet().equals(SIGNED_WITH)
                || !query.get("X-Goog-Algorithm").equals("GOOG4-RSA-SHA256")
                || !scope.equals(date.substring(0, Math.min(8, date.length())) + "/auto/storage/goog4_request")
                || !request.header("authorization").isEmpty()) {
            throw new Refused(400, "AuthenticationRequired", "not a V4 signature");
        }
        Instant begin = begin(date);
        Duration life = Duration.ofSeconds(Long.parseLong(query.get("X-Goog-Expires")));
        Instant now = clock.instant();
        if (life.compareTo(LONGEST) > 0 || now.isBefore(begin.minusSeconds(900)) || !now.isBefore(begin.plus(life))) {
            throw new Refused(400, "ExpiredToken", "Invalid argument: the signature is over");
        }
        String toSign = String.join(
                "\n",
                "GOOG4-RSA-SHA256",
                date,
                scope,
                Digest.of(canonical(request).getBytes(UTF_8)).hex());
        if (!FakeIam.verifies(toSign.getBytes(UTF_8), HexFormat.of().parseHex(query.get("X-Goog-Signature")))) {
            throw new Refused(403, "SignatureDoesNotMatch", "Access denied.");
        }
    }

    private static Instant begin(String date) {
        try {
            return SECOND.parse(date, Instant::from);
        } catch (DateTimeParseException e) {
            throw new Refused(400, "InvalidArgument", "X-Goog-Date");
        }
    }

    private static String canonical(Request request) {
        String names = request.query().get("X-Goog-SignedHeaders");
        if (!List.of(names.split(";")).contains("host")) {
            throw new Refused(400, "InvalidArgument", "host must be signed");
        }
        StringBuilder headers = new StringBuilder();
        for (String name : names.split(";")) {
            headers.append(name).append(':').append(request.header(name).trim()).append('\n');
        }
        List<String> query = new ArrayList<>();
        request.query().forEach((name, value) -> {
            if (!name.equals("X-Goog-Signature")) {
                query.add(name + "=" + URLEncoder.encode(value, UTF_8).replace("+", "%20"));
            }
        });
        return String.join(
                "\n",
                request.method(),
                request.path(),
                String.join("&", query),
                headers.toString(),
                names,
                "UNSIGNED-PAYLOAD");
    }
}
