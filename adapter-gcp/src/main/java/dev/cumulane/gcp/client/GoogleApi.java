// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.auth.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One API of Google Cloud, called over REST by the JDK's oldest HTTP client, which starts fastest; {@code docs/decisions/0020} has the numbers.
 *
 * <p>A call is tried four times at most, with growing, random pauses, as long as the failure may pass. A service that does not answer in time counts as lost. The call
 * may then have taken effect; what that means is said by the port. Any thread.
 */
public final class GoogleApi {
    /** How often a call is tried. */
    public static final int ATTEMPTS = 4;

    /** What Google's own clients repeat with every try of a call. */
    public static final String CALL = "x-goog-api-client";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long FIRST_PAUSE_OF_A_THROTTLE_MILLIS = 200;
    private static final int TOO_MANY = 429;
    private static final int LARGEST_ANSWER = 64 * 1024 * 1024;
    private static final int LARGEST_FAILURE = 64 * 1024;

    private static final Pattern XML = Pattern.compile("<Code>([^<]*)</Code>\\s*<Message>([^<]*)</Message>");

    private final String service;
    private final URI address;
    private final Duration silence;
    private final Supplier<Credentials> credentials;
    private final List<Watcher> watchers;

    /** Sees every call once, however often it is tried. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * A call begins. Any thread.
         *
         * @param service the service as in its usual address
         * @param request what is sent
         */
        void calling(String service, GoogleRequest request);
    }

    /**
     * An API that was not called yet.
     *
     * @param service the service as in its usual address, such as {@code firestore}
     * @param address where it is, without a slash at its end
     * @param silence how long an answer may take
     * @param credentials whose calls they are, made on first use
     * @param watchers see every call
     */
    GoogleApi(
            String service, URI address, Duration silence, Supplier<Credentials> credentials, List<Watcher> watchers) {
        this.service = service;
        this.address = address;
        this.silence = silence;
        this.credentials = credentials;
        this.watchers = List.copyOf(watchers);
    }

    /**
     * Calls with JSON.
     *
     * @param operation what the call is named, for those who watch
     * @param path path and query, encoded, with a slash first
     * @param body the body
     * @return what the service answered
     * @throws GoogleApiException if the service refused it for good, or too often
     */
    public JsonNode post(String operation, String path, JsonNode body) {
        return send(GoogleRequest.with(
                operation,
                "POST",
                path,
                Map.of("Content-Type", "application/json"),
                GoogleRequest.Body.of(write(body))));
    }

    /**
     * Reads JSON.
     *
     * @param operation what the call is named, for those who watch
     * @param path path and query, encoded, with a slash first
     * @return what the service answered
     * @throws GoogleApiException if the service refused it for good, or too often
     */
    public JsonNode get(String operation, String path) {
        return send(GoogleRequest.get(operation, path));
    }

    /**
     * Sends a request whose answer is JSON or nothing.
     *
     * @param request the request
     * @return the answer; missing if it is empty
     * @throws GoogleApiException if the service refused it for good, or too often
     */
    public JsonNode send(GoogleRequest request) {
        return tried(request, in -> {
            byte[] answer = in.readNBytes(LARGEST_ANSWER + 1);
            if (answer.length > LARGEST_ANSWER) {
                throw new GoogleApiException(502, "", "the answer has more than " + LARGEST_ANSWER + " bytes");
            }
            return JSON.readTree(answer);
        });
    }

    /**
     * Sends a request whose answer is bytes.
     *
     * @param request the request
     * @return the bytes, which the caller closes
     * @throws GoogleApiException if the service refused it for good, or too often
     */
    public InputStream open(GoogleRequest request) {
        return tried(request, in -> in);
    }

    /**
     * Where the API is.
     *
     * @return its address, without a slash at its end
     */
    public URI address() {
        return address;
    }

    /**
     * Encodes one name of a path, or a value of a query.
     *
     * @param name any text
     * @return what may stand between two slashes
     */
    public static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Reads an answer that is no failure. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    private <T> T tried(GoogleRequest request, Reader<T> reader) {
        watchers.forEach(watcher -> watcher.calling(service, request));
        String id = Long.toHexString(ThreadLocalRandom.current().nextLong());
        for (int attempt = 1; ; attempt++) {
            try {
                return reader.read(once(request, id));
            } catch (IOException e) {
                pauseOrThrow(attempt, new GoogleApiException(GoogleApiException.NO_ANSWER, "", told(e), e));
            } catch (GoogleApiException e) {
                pauseOrThrow(attempt, e);
            }
        }
    }

    private static void pauseOrThrow(int attempt, GoogleApiException e) {
        if (attempt >= ATTEMPTS || !e.mayPass()) {
            throw e;
        }
        long first = e.status() == TOO_MANY ? FIRST_PAUSE_OF_A_THROTTLE_MILLIS : FIRST_PAUSE_MILLIS;
        long pause = ThreadLocalRandom.current().nextLong(first << attempt);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
    }

    private InputStream once(GoogleRequest request, String id) throws IOException {
        URI uri = URI.create(address + request.path());
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) silence.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod(request.method());
        for (Map.Entry<String, List<String>> header :
                credentials.get().getRequestMetadata(uri).entrySet()) {
            header.getValue().forEach(value -> connection.addRequestProperty(header.getKey(), value));
        }
        connection.setRequestProperty(CALL, "gccl-invocation-id/" + id);
        request.headers().forEach(connection::setRequestProperty);
        if (request.body().isPresent()) {
            send(request.body().get(), connection);
        }
        int status = connection.getResponseCode();
        if (status / 100 == 2) {
            return connection.getInputStream();
        }
        throw failure(status, connection);
    }

    private static void send(GoogleRequest.Body body, HttpURLConnection connection) throws IOException {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length());
        try (InputStream in = body.source().open();
                OutputStream out = connection.getOutputStream()) {
            in.transferTo(out);
        }
    }

    private static GoogleApiException failure(int status, HttpURLConnection connection) throws IOException {
        byte[] body = new byte[0];
        try (InputStream in = connection.getErrorStream()) {
            if (in != null) {
                body = in.readNBytes(LARGEST_FAILURE);
            }
        }
        JsonNode error = error(body);
        String message = error.path("message").asText(connection.getResponseMessage());
        return new GoogleApiException(status, error.path("status").asText(""), String.valueOf(message));
    }

    /** What is wrong, as most APIs tell it; Cloud Storage's older one tells it in XML. */
    private static JsonNode error(byte[] body) {
        Matcher xml = XML.matcher(new String(body, StandardCharsets.UTF_8));
        if (xml.find()) {
            return JSON.createObjectNode().put("status", xml.group(1)).put("message", xml.group(2));
        }
        try {
            return JSON.readTree(body).path("error");
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    private static String told(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }

    private static byte[] write(JsonNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
